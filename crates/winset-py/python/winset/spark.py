"""Assessing and solving on many machines, with the Spark that is there.

Nothing but *work items* travels through Spark: which row groups of which file, or which draws. Each worker reads and writes
Parquet itself and loads the law once, so that a row is never turned into a Python object. Every file is written whole or not
at all and does not depend on who writes it: a worker that is killed, or works twice, changes nothing.

The same code runs on Apache Spark 4 and on Sail. The folders must be reachable from every worker under one path.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime
    import os
    from collections.abc import Iterator
    from typing import Any

    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

    from ._winset import Shock

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
    part_rows: int = 1 << 22,
    tasks: int | None = None,
) -> Assessed:
    """What is owed on every row of a file or a folder of Parquet and CSV, into a folder of Parquet.

    The answers are those of ``winset assess``, byte for byte, whatever the number of workers. What an earlier run has done is
    kept. A part ends with the row group that reaches ``part_rows`` rows; ``tasks`` is how many tasks share the parts (one each).
    On Sail there must be as many task slots as tasks.
    """
    from ._winset import Job

    job = Job(entries, out, known_on=known_on, part_rows=part_rows)
    with contextlib.closing(job):
        kept = job.found()[3]
        items = job.items()
        if items:
            _spread(spark, items, "item string", tasks).mapInArrow(
                _assess_items, "item string, rows long, errors long"
            ).collect()
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

    edges = [draws * i // tasks for i in range(tasks + 1)]
    rows = _rows_of(shock)
    items = [
        json.dumps({"economy": str(economy), "shock": rows, "first": a, "last": b, "seed": seed, "options": options})
        for a, b in zip(edges, edges[1:], strict=False)
        if a < b
    ]
    return _spread(spark, items, "item string", tasks).mapInArrow(
        _sweep_items, "draw long, region string, real_income_pct double, ev_busd double, error string"
    )


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


def _spread(spark: SparkSession, items: list[str], schema: str, tasks: int | None) -> DataFrame:
    """The items as a data frame, shared out among tasks."""
    frame = spark.createDataFrame([(item,) for item in items], schema)
    return frame.repartition(min(tasks or len(items), len(items)))


def _assess_items(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """Runs on a worker."""
    import pyarrow

    from ._winset import assess_items

    for batch in batches:
        for item in batch.column(0).to_pylist():
            # One by one, so that what a killed worker has done is done.
            ((rows, errors),) = assess_items([item], threads=1)
            yield pyarrow.RecordBatch.from_pydict(
                {"item": [item], "rows": [rows], "errors": [errors]},
                schema=pyarrow.schema([("item", pyarrow.string()), ("rows", pyarrow.int64()), ("errors", pyarrow.int64())]),
            )


def _sweep_items(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """Runs on a worker."""
    import json

    import pyarrow

    from ._winset import Economy

    economies: dict[str, Economy] = {}
    for batch in batches:
        for text in batch.column(0).to_pylist():
            item = json.loads(text)
            name = item["economy"]
            economy = economies.get(name) or economies.setdefault(name, Economy(name))
            drawn = economy.draws(item["shock"], item["first"], item["last"], seed=item["seed"], **item["options"])
            yield from pyarrow.table(drawn).to_batches()
