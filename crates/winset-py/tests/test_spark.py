"""Many workers: the same bytes as one process, on Sail."""

import json
import pathlib
import subprocess
import sys

import pyarrow
import pyarrow.parquet
import pytest

import winset
import winset.spark
from folders import SHOCK, alone, by_draw, files, write


@pytest.fixture
def entries(tmp_path: pathlib.Path) -> pathlib.Path:
    for part in range(4):
        write(tmp_path / f"in/2025/{part}.parquet", 20_000 * part, 20_000)
    write(tmp_path / "in/last.parquet", 80_000, 777)
    return tmp_path / "in"


@pytest.fixture(scope="module")
def sail():
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
    yield spark
    # In this order: a client without its server waits for it.
    spark.stop()
    server.stop()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_writes_the_same_bytes(sail, entries, tmp_path, workers):
    expected = alone(entries, tmp_path / "alone", 10_000)
    assert expected.rows == 80_777
    assert expected.parts == 9
    found = winset.spark.assess(sail, entries, tmp_path / "many", part_rows=10_000, tasks=workers)
    assert found == expected
    assert files(tmp_path / "many") == files(tmp_path / "alone")
    again = winset.spark.assess(sail, entries, tmp_path / "many", part_rows=10_000, tasks=workers)
    assert again == expected._replace(kept=9)


def test_row_for_row_it_is_what_assess_says_of_the_table(sail, entries, tmp_path):
    winset.spark.assess(sail, entries, tmp_path / "out", part_rows=10_000, tasks=2)
    parts = sorted((tmp_path / "out").rglob("*.parquet"))
    together = pyarrow.concat_tables([pyarrow.parquet.read_table(p) for p in parts])
    given = pyarrow.concat_tables([pyarrow.parquet.read_table(p) for p in sorted(entries.rglob("*.parquet"))])
    assert together.to_pydict() == winset.assess(given).to_pydict()
    # Sums in whole cents do not hang on their order.
    cents = sum(int(paid * 100) for paid in together["payable"].to_pylist() if paid is not None)
    assert cents > 0


WORKER = """
import json, sys, winset
for item in json.load(open(sys.argv[1])):
    winset.assess_items([item], threads=1)
    print("done", flush=True)
"""


def test_a_worker_killed_half_way_changes_nothing(entries, tmp_path):
    expected = alone(entries, tmp_path / "alone", 5_000)
    job = winset.Job(entries, tmp_path / "out", part_rows=5_000)
    items = job.items()
    (tmp_path / "half.json").write_text(json.dumps(items[: len(items) // 2]))
    (tmp_path / "rest.json").write_text(json.dumps(items[len(items) // 2 :]))
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path / name)], stdout=subprocess.PIPE)
        for name in ("half.json", "rest.json")
    ]
    # The first has done one item, and dies in the middle of its work.
    workers[0].stdout.readline()
    workers[0].kill()
    assert workers[1].wait() == 0
    workers[0].wait()
    left = job.items()
    assert 0 < len(left) < len(items) // 2 + 1
    # What a scheduler does with the items of a worker that is gone: all of them again.
    winset.assess_items(items[: len(items) // 2], threads=2)
    assert job.items() == []
    rows, errors, _, _ = job.found()
    job.close()
    assert (rows, errors) == (expected.rows, expected.errors)
    assert files(tmp_path / "out") == files(tmp_path / "alone")


def test_what_is_wrong_with_a_file_is_told(sail, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("goods,origin\n8481.80.90,JP\n")
    with pytest.raises(Exception, match="entry_date"):
        winset.spark.assess(sail, tmp_path / "in", tmp_path / "out")
    with pytest.raises(winset.InputError, match="no file to assess"):
        (tmp_path / "none").mkdir()
        winset.spark.assess(sail, tmp_path / "none", tmp_path / "other")


def test_a_closed_job_and_another_job_are_refused(entries, tmp_path):
    job = winset.Job(entries, tmp_path / "out")
    with pytest.raises(winset.InputError, match="is being written by another winset"):
        winset.Job(entries, tmp_path / "out")
    job.close()
    with pytest.raises(winset.InputError, match="closed"):
        job.items()
    with pytest.raises(winset.InputError, match="another assessment"):
        winset.Job(entries, tmp_path / "out", known_on="2025-04-16")


@pytest.mark.parametrize("tasks", [1, 2, 4])
def test_a_sweep_is_the_same_on_any_number_of_workers(sail, tasks):
    swept = winset.spark.sweep(sail, "17", SHOCK, 12, seed=7, tasks=tasks, spread=0.2).toArrow()
    swept = swept.sort_by([("draw", "ascending")]).to_pydict()
    alone = winset.Economy("17").draws(SHOCK, 0, 12, seed=7, spread=0.2).to_dict()
    assert by_draw(swept) == by_draw(alone)
    assert len(by_draw(alone)) == 12 * 17
    assert all(error == "" for error in swept["error"])


def test_draws_are_the_same_whichever_others_are_made():
    economy = winset.Economy("17")
    whole = economy.draws(SHOCK, 0, 6, seed=3).to_dict()
    last = economy.draws(SHOCK, 4, 6, seed=3).to_dict()
    assert last["draw"] == [4] * 17 + [5] * 17
    assert last["ev_busd"] == whole["ev_busd"][4 * 17 :]
    other = economy.draws(SHOCK, 4, 6, seed=4).to_dict()
    assert other["ev_busd"] != last["ev_busd"]
