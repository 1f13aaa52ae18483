"""How many entries a second one process and Sail assess, from Parquet to Parquet.

    python crates/winset-py/benches/many.py [ROWS]

Makes a folder of entries as customs keep them (five columns, values alone), assesses it in one process on one and two threads and
on Sail with one and two tasks, compares the bytes, and prints entries a second.
"""

import hashlib
import pathlib
import sys
import tempfile
import time

import numpy
import pyarrow
import pyarrow.parquet

import winset
import winset.spark

FILES = 8


def make(folder: pathlib.Path, rows: int) -> None:
    """Lines of the tutorial's codes, of 20 origins, over 500 days; values in cents."""
    numbers = numpy.random.default_rng(1)
    codes = numpy.array(
        "8481.80.90 8703.23.01 8471.30.01 6109.10.00 8708.29.51 9403.60.80 8517.13.00 3004.90.92 8542.31.00 7326.90.86".split()
    )
    origins = numpy.array("CN MX CA JP DE VN KR TW IE IN IT CH GB FR TH MY BE BR ID NL".split())
    days = numpy.datetime64("2025-01-01") + numpy.arange(500)
    for file in range(FILES):
        count = rows // FILES
        table = pyarrow.table(
            {
                "id": pyarrow.array([f"{file}-{i}" for i in range(count)]),
                "goods": pyarrow.array(codes[numbers.integers(0, len(codes), count)]),
                "origin": pyarrow.array(origins[numbers.integers(0, len(origins), count)]),
                "entry_date": pyarrow.array(days[numbers.integers(0, 500, count)]),
                "value": pyarrow.array(numbers.integers(100, 10**8, count) / 100),
            }
        )
        pyarrow.parquet.write_table(table, folder / f"{file}.parquet", row_group_size=1 << 17)


def digest(folder: pathlib.Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.parquet")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 8_000_000
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "in").mkdir()
        make(folder / "in", rows)

        def say(what: str, out: pathlib.Path, start: float) -> None:
            seconds = time.perf_counter() - start
            print(f"{what:28} {seconds:6.2f} s {rows / seconds:12,.0f} entries/s  {digest(out)}", flush=True)

        winset.duty("8481.80.90", origin="JP", on="2025-04-16", value=1)
        for threads in (1, 2):
            job = winset.Job(folder / "in", folder / f"alone-{threads}")
            start = time.perf_counter()
            winset.assess_items(job.items(), threads=threads)
            say(f"one process, {threads} threads", folder / f"alone-{threads}", start)
            job.close()
        server = SparkConnectServer()
        server.start(background=True)
        spark = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
        for tasks in (1, 2):
            start = time.perf_counter()
            winset.spark.assess(spark, folder / "in", folder / f"sail-{tasks}", tasks=tasks)
            say(f"Sail, {tasks} tasks", folder / f"sail-{tasks}", start)
        spark.stop()
        server.stop()


if __name__ == "__main__":
    main()
