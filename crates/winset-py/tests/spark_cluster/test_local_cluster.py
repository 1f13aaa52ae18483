"""Apache Spark with executors that are processes of their own: `scripts/test-spark` runs this.

SPARK_MASTER says which Spark, such as `local-cluster[2,1,1800]`: two executors of one core and 1,800 MiB. Two executors must
be there, on this machine.
"""

import os
import pathlib
import signal
import threading
import time

import pytest

import winset
import winset.spark
from folders import SHOCK, alone, by_draw, files, write

MASTER = os.environ.get("SPARK_MASTER")
pytestmark = pytest.mark.skipif(not MASTER, reason="SPARK_MASTER is not set: scripts/test-spark sets it")

#: Rows of a part: parts enough that a worker dies between the first and the last.
PART = 10_000


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    builder = SparkSession.builder.master(MASTER).appName("winset")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    wait_for(lambda: len(executors()) == 2, "two executors")
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def entries(tmp_path_factory) -> pathlib.Path:
    """600,777 rows in 61 parts."""
    folder = tmp_path_factory.mktemp("entries")
    for file in range(6):
        write(folder / f"2025/{file}.parquet", 100_000 * file, 100_000, PART)
    write(folder / "last.parquet", 600_000, 777)
    return folder


@pytest.fixture(scope="module")
def expected(entries, tmp_path_factory) -> tuple[winset.spark.Assessed, dict[str, bytes]]:
    """What one process makes of the entries."""
    out = tmp_path_factory.mktemp("expected") / "alone"
    done = alone(entries, out, PART)
    assert (done.rows, done.parts) == (600_777, 61)
    return done, files(out)


def processes() -> dict[int, tuple[int, str]]:
    """Every process of the machine: its parent and its command."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may hold blanks.
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found[int(folder.name)] = parent, (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def below(process: int, those: dict[int, tuple[int, str]]) -> list[int]:
    """The children of a process and theirs."""
    children = [child for child, (parent, _) in those.items() if parent == process]
    return children + [far for child in children for far in below(child, those)]


def executors() -> list[int]:
    """The JVMs below this process that execute."""
    those = processes()
    return sorted(p for p in below(os.getpid(), those) if "CoarseGrainedExecutorBackend" in those[p][1])


def wait_for(what, name, seconds=120):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"no {name} after {seconds} s"
        time.sleep(0.01)


@pytest.mark.parametrize("tasks", [1, 2, None])
def test_executors_write_the_bytes_of_one_process(spark, entries, expected, tmp_path, tasks):
    done, bytes_of = expected
    assert winset.spark.assess(spark, entries, tmp_path / "out", part_rows=PART, tasks=tasks) == done
    assert files(tmp_path / "out") == bytes_of
    again = winset.spark.assess(spark, entries, tmp_path / "out", part_rows=PART, tasks=tasks)
    assert again == done._replace(kept=done.parts)


def test_tasks_have_as_many_items_as_any_other_or_one_more(spark):
    import pyarrow

    def count(items):
        yield pyarrow.RecordBatch.from_pydict({"items": [len(list(items))]}, schema=pyarrow.schema([("items", pyarrow.int64())]))

    for items, tasks in ((8, 8), (60, 60), (9, 4), (8, 2), (3, 5), (100, 16)):
        frame = winset.spark._spread(spark, count, [str(i) for i in range(items)], tasks, "items long")
        counts = [row[0] for row in frame.collect()]
        assert sum(counts) == items
        assert len(counts) == min(items, tasks)
        assert max(counts) - min(counts) <= 1


# One item a task; and few tasks, so that one has done several items when it dies and does them twice.
@pytest.mark.parametrize("tasks", [None, 2])
def test_an_executor_killed_half_way_changes_nothing(spark, entries, expected, tmp_path, tasks):
    done, bytes_of = expected
    wait_for(lambda: len(executors()) == 2, "two executors")
    killed, at = [], []

    def kill():
        parts = lambda: len(list((tmp_path / "out").rglob("*.parquet")))  # noqa: E731
        wait_for(lambda: parts() >= done.parts // 3, "third of the parts")
        victim = executors()[0]
        those = processes()
        killed.extend([victim, *(p for p in below(victim, those) if "pyspark" in those[p][1])])
        for process in killed:
            os.kill(process, signal.SIGKILL)
        at.append(parts())

    killer = threading.Thread(target=kill)
    killer.start()
    found = winset.spark.assess(spark, entries, tmp_path / "out", part_rows=PART, tasks=tasks)
    killer.join()
    # The JVM and the Python that works for it, in the middle of the job.
    assert len(killed) >= 2
    assert done.parts // 3 <= at[0] < done.parts
    assert found == done
    assert files(tmp_path / "out") == bytes_of
    wait_for(lambda: len(executors()) == 2, "executor in the place of the one that was killed")
    assert killed[0] not in executors()


@pytest.mark.parametrize("tasks", [1, 5])
def test_a_sweep_is_that_of_one_process(spark, tasks):
    swept = winset.spark.sweep(spark, "17", SHOCK, 24, seed=7, tasks=tasks, spread=0.2).toArrow().to_pydict()
    alone = winset.Economy("17").draws(SHOCK, 0, 24, seed=7, spread=0.2).to_dict()
    assert len(by_draw(alone)) == 24 * 17
    assert by_draw(swept) == by_draw(alone)


def test_an_economy_is_found_from_a_worker(spark, root, monkeypatch):
    monkeypatch.chdir(root / "crates/winset/tests/cases/strategy-unknown-player/in")
    economy = winset.Economy("world")
    origin, destination = economy.regions[:2]
    shock = [{"kind": "tariff_add", "origin": origin, "destination": destination, "sector": "*", "value": 0.1}]
    swept = winset.spark.sweep(spark, "world", shock, 3, tasks=2).toArrow().to_pydict()
    assert by_draw(swept) == by_draw(economy.draws(shock, 0, 3).to_dict())


def test_no_tasks_are_refused(spark, entries, tmp_path):
    with pytest.raises(ValueError, match="tasks must be 1 or more, not 0"):
        winset.spark.sweep(spark, "17", SHOCK, 4, tasks=0)
    with pytest.raises(ValueError, match="tasks must be 1 or more, not -1"):
        winset.spark.assess(spark, entries, tmp_path / "out", tasks=-1)
