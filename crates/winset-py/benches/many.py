"""How many entries a second one process and many workers assess, from Parquet to Parquet.

    python crates/winset-py/benches/many.py [--spark] [ROWS]

Makes a folder of entries as customs keep them (five columns, values alone), assesses it in one process on one and two threads and
on Sail with one and two tasks, compares the bytes, then the same for four columns of the answer, and prints entries a second by the clock and by seconds of work (which others on
the machine change less), each also as a multiple of one thread's, and how many cores this had. With `--spark` it is Apache Spark in
the place of Sail, with the executors of SPARK_MASTER (two, where it is not set); `scripts/test-spark --bench` has everything that
this needs.
"""

import argparse
import contextlib
import hashlib
import os
import pathlib
import tempfile
import time

import numpy
import pyarrow
import pyarrow.parquet

import winset
import winset.spark

FILES = 8


def make(folder: pathlib.Path, rows: int) -> None:
    """Ten-digit lines, as customs keep them, of 20 origins, over 500 days; values in cents."""
    numbers = numpy.random.default_rng(1)
    codes = numpy.array(
        "8481809050 8703230140 8471300100 6109100012 8708295160 9403608089 8517130000 3004909206 8542310040 7326908635".split()
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


def work() -> float:
    """Seconds that this process and all below it have worked, JVMs and the Pythons of executors too."""
    stat = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        # A process that has just ended is not counted.
        with contextlib.suppress(OSError):
            # The name in brackets may hold blanks.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            stat[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])

    def of(process: int) -> int:
        return stat[process][1] + sum(of(child) for child, (parent, _) in stat.items() if parent == process)

    return of(os.getpid()) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def sail():
    """A session on a server of Sail in this process."""
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer()
    server.start(background=True)
    spark = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
    yield spark
    # In this order: a client without its server waits for it.
    spark.stop()
    server.stop()


@contextlib.contextmanager
def apache():
    """A session on Apache Spark, its executors processes of their own."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local-cluster[2,1,1800]"))
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    spark = builder.config(map=quiet).getOrCreate()
    yield spark
    spark.stop()


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--spark", action="store_true", help="on Apache Spark instead of Sail")
    told.add_argument("rows", type=int, nargs="?", default=8_000_000)
    told = told.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for size, rows in (("small", 16 * FILES), ("in", told.rows)):
            (folder / size).mkdir()
            make(folder / size, rows)
        speeds: list[tuple[float, float]] = []
        digests: set[str] = set()

        @contextlib.contextmanager
        def timed(what: str, out: pathlib.Path):
            start, before = time.perf_counter(), work()
            yield
            seconds, worked = time.perf_counter() - start, work() - before
            clock, core = told.rows / seconds, told.rows / worked
            speeds.append((clock, core))
            if not out.name.endswith("few"):
                digests.add(digest(out))
            first = speeds[0]
            print(
                f"{what:26} {seconds:6.2f} s {clock:10,.0f} entries/s ({clock / first[0]:.2f})"
                f" {core:10,.0f} a core ({core / first[1]:.2f}), {worked / seconds:.2f} cores",
                flush=True,
            )

        winset.duty("8481.80.90", origin="JP", on="2025-04-16", value=1)
        for threads in (1, 2):
            job = winset.Job(folder / "in", folder / f"alone-{threads}")
            with timed(f"one process, {threads} threads", folder / f"alone-{threads}"):
                winset.assess_items(job.items(), threads=threads)
            job.close()
        engine, session = ("Apache Spark", apache) if told.spark else ("Sail", sail)
        start = time.perf_counter()
        with session() as spark:
            winset.spark.assess(spark, folder / "small", folder / "first")
            print(f"{engine} is there, its workers have the law: {time.perf_counter() - start:.2f} s", flush=True)
            for tasks in (1, 2):
                with timed(f"{engine}, {tasks} tasks", folder / f"many-{tasks}"):
                    winset.spark.assess(spark, folder / "in", folder / f"many-{tasks}", tasks=tasks)
            with timed(f"{engine}, 2 tasks, 4 columns", folder / "many-few"):
                few = ["id", "total", "payable", "error"]
                winset.spark.assess(spark, folder / "in", folder / "many-few", columns=few, tasks=2)
        if len(digests) != 1:
            raise SystemExit("the answers are not the same bytes")


if __name__ == "__main__":
    main()
