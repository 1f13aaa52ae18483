"""Assessing and solving on many machines, with the Spark that is there.

Nothing but *work items* travels through Spark: which row groups of which file, or which draws. Each worker reads and writes
Parquet itself and loads the law once, so that a row is never turned into a Python object. Every file is written whole or not
at all and does not depend on who writes it: a worker that is killed, or works twice, changes nothing.

The same code runs on Apache Spark 4 and on Sail. The folders must be reachable from every worker under one path.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime
    import os
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

    from ._winset import Law, Shock

__all__ = ["Assessed", "assess", "sweep"]


class Assessed(NamedTuple):
    """What became of a folder of entries."""

    #: Rows of all parts.
    rows: int
    #: Rows without an answer; each says why in its column ``error``.
    errors: int
    #: Parts, each a Parquet file.
    parts: int
    #: Parts that an earlier run had done.
    kept: int


def assess(
    spark: SparkSession,
    entries: str | os.PathLike[str],
    out: str | os.PathLike[str],
    known_on: datetime.date | str | None = None,
    *,
    columns: str | Iterable[str] | None = None,
    part_rows: int = 1 << 22,
    tasks: int | None = None,
    law: Law | None = None,
) -> Assessed:
    """What is owed on every row of a file or a folder of Parquet and CSV, into a folder of Parquet.

    The answers are those of ``winset assess``, byte for byte, whatever the number of workers. What an earlier run has done is
    kept. ``columns`` are those of the answer that are wanted (all). A part ends with the row group that reaches ``part_rows`` rows; ``tasks`` is how many tasks share the parts (one each).
    On Sail there must be as many task slots as tasks. The texts of a ``law`` of one's own must be reachable from every worker under
    one path, like the folders.
    """
    from ._winset import Job

    job = Job(entries, out, known_on=known_on, columns=columns, part_rows=part_rows, law=law)
    with contextlib.closing(job):
        kept = job.found()[3]
        items = job.items()
        if items:
            _spread(spark, _assess_items, items, tasks, "item string, rows long, errors long").collect()
        left = job.items()
        if left:
            msg = f"{len(left)} parts were not written, the first is {left[0]}: can every worker reach the folders?"
            raise RuntimeError(msg)
        rows, errors, parts, _ = job.found()
    return Assessed(rows, errors, parts, kept)


def sweep(
    spark: SparkSession,
    economy: str | os.PathLike[str],
    shock: Shock,
    draws: int,
    *,
    seed: int = 1,
    tasks: int = 8,
    **options: Any,
) -> DataFrame:
    """The economy under a shock, once for each draw of what is uncertain, as a data frame of Spark.

    Columns: ``draw``, ``region``, ``real_income_pct``, ``ev_busd``, ``error``; see ``Economy.draws``, which takes the same
    ``options``. A draw hangs on ``seed`` and its number alone: the table is the same on any number of workers.
    """
    import json
    import pathlib

    rows = _rows_of(shock)
    # A worker stands in another folder.
    name = str(pathlib.Path(economy).absolute() if pathlib.Path(economy).is_dir() else economy)
    cuts = [(draws * i // tasks, draws * (i + 1) // tasks) for i in range(tasks)]
    items = [
        json.dumps({"economy": name, "shock": rows, "first": a, "last": b, "seed": seed, "options": options})
        for a, b in cuts
        if a < b
    ]
    columns = "draw long, region string, real_income_pct double, ev_busd double, error string"
    return _spread(spark, _sweep_items, items, tasks, columns)


def _rows_of(shock: Shock) -> Any:
    """A shock as rows that travel as text."""
    import os
    import pathlib

    if isinstance(shock, (str, os.PathLike)):
        return str(pathlib.Path(shock).absolute())
    if hasattr(shock, "__arrow_c_stream__"):
        import pyarrow

        return pyarrow.table(shock).to_pylist()
    return [dict(row) for row in shock]


def _spread(
    spark: SparkSession,
    work: Callable[[Iterable[str]], Iterator[pyarrow.RecordBatch]],
    items: list[str],
    tasks: int | None,
    columns: str,
) -> DataFrame:
    """What the work makes of the items, which tasks share: each has as many as any other, or one more.

    The items go with the function, the frame holds their numbers: Spark cuts a range evenly, whereas its ``repartition`` would
    give some tasks two items and others none.
    """
    if tasks is not None and tasks < 1:
        msg = f"tasks must be 1 or more, not {tasks}"
        raise ValueError(msg)
    slices = max(1, len(items) if tasks is None else min(tasks, len(items)))
    numbers = spark.range(0, len(items), 1, slices)
    return numbers.mapInArrow(functools.partial(_task, work, items), columns)


def _task(
    work: Callable[[Iterable[str]], Iterator[pyarrow.RecordBatch]], items: list[str], batches: Iterator[pyarrow.RecordBatch]
) -> Iterator[pyarrow.RecordBatch]:
    """One task, on a worker: the batches hold the numbers of its items."""
    return work(items[number] for batch in batches for number in batch.column(0).to_pylist())


def _assess_items(items: Iterable[str]) -> Iterator[pyarrow.RecordBatch]:
    """Runs on a worker."""
    import pyarrow

    from ._winset import assess_items

    # Together, since what is kept of the law between two rows is kept between two items; each is a file as soon as it is done.
    items = list(items)
    done = assess_items(items, threads=1)
    columns = {"item": items, "rows": [rows for rows, _ in done], "errors": [errors for _, errors in done]}
    schema = pyarrow.schema([("item", pyarrow.string()), ("rows", pyarrow.int64()), ("errors", pyarrow.int64())])
    yield pyarrow.RecordBatch.from_pydict(columns, schema=schema)


def _sweep_items(items: Iterable[str]) -> Iterator[pyarrow.RecordBatch]:
    """Runs on a worker."""
    import json

    import pyarrow

    from ._winset import Economy

    economies: dict[str, Economy] = {}
    for text in items:
        item = json.loads(text)
        name = item["economy"]
        economy = economies.get(name) or economies.setdefault(name, Economy(name))
        drawn = economy.draws(item["shock"], item["first"], item["last"], seed=item["seed"], **item["options"])
        yield from pyarrow.table(drawn).to_batches()
