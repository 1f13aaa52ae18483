"""Folders of entries and what becomes of them in one process: what tests of many workers compare with."""

import pathlib

import pyarrow
import pyarrow.parquet

import winset
import winset.spark

KINDS = [
    ("8481.80.90", "JP", "2025-04-16", 10_000.25, "", ""),
    ("7326.90.86", "DE", "2025-06-20", 99.99, "", "us_share=0.25"),
    ("8703.23.01", "MX", "2025-05-20", 20_000.0, "USMCA", "certified=auto_part"),
    ("9999.99.99", "VN", "2025-09-01", 123.45, "", ""),
]


def write(path: pathlib.Path, first: int, rows: int, group: int = 5_000) -> None:
    """Rows of all kinds, numbered from the first."""
    kinds = [KINDS[i * i % 97 % len(KINDS)] for i in range(first, first + rows)]
    columns = list(zip(*kinds, strict=True))
    names = ["goods", "origin", "entry_date", "value", "claims", "facts"]
    table = pyarrow.table(
        {"id": [f"row {i}" for i in range(first, first + rows)]}
        | {name: list(column) for name, column in zip(names, columns, strict=True)}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(table, path, row_group_size=group)


def files(folder: pathlib.Path) -> dict[str, bytes]:
    """All that is in a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def alone(entries: pathlib.Path, out: pathlib.Path, part_rows: int) -> winset.spark.Assessed:
    """In this process, item by item."""
    job = winset.Job(entries, out, part_rows=part_rows)
    done = winset.assess_items(job.items(), threads=2)
    rows, errors, parts, _ = job.found()
    assert sum(r for r, _ in done) == rows
    job.close()
    return winset.spark.Assessed(rows, errors, parts, 0)


def by_draw(table: dict[str, list]) -> dict[tuple[int, str], tuple[float, float]]:
    """The answers of a sweep, by draw and region."""
    answers = zip(table["draw"], table["region"], table["real_income_pct"], table["ev_busd"], strict=True)
    return {(draw, region): (percent, ev) for draw, region, percent, ev in answers}


SHOCK = [{"kind": "tariff_add", "origin": "JPN", "destination": "USA", "sector": "C29", "value": 0.25}]
