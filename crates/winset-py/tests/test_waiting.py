"""While winset works Python goes on: other threads, progress, Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
import time

import pyarrow as pa
import pytest
import winset


@pytest.fixture(scope="module")
def many():
    rows = 2_000_000
    return pa.table(
        {
            "goods": pa.array(["8481.80.90", "8703.23.01"] * (rows // 2)),
            "origin": pa.array(["JP", "CN", "DE", "KR"] * (rows // 4)),
            "entry_date": pa.array(["2025-04-16"] * rows),
            "value": pa.array(range(rows), pa.int64()),
        }
    )


def test_another_thread_runs_while_a_table_is_assessed(many):
    winset.assess(many.slice(0, 10))
    stop, counted = threading.Event(), []

    def count():
        while not stop.is_set():
            counted.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    begin = time.perf_counter()
    winset.assess(many)
    end = time.perf_counter()
    stop.set()
    thread.join()
    within = [moment for moment in counted if begin < moment < end]
    # Were Python held, the thread would not have run at all in between.
    assert len(within) >= 10
    gaps = [later - earlier for earlier, later in zip(within, within[1:], strict=False)]
    assert max(gaps) < (end - begin) / 2


def test_progress_is_told_and_its_exceptions_end_the_call(many):
    told = []
    winset.assess(many, progress=lambda *step: told.append(step))
    assert told and all(what == "assessing" and 0 < done <= total == many.num_rows for what, done, total in told)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)

    class Enough(Exception):
        pass

    def stop(*_):
        raise Enough

    with pytest.raises(Enough):
        winset.assess(many, progress=stop)


INTERRUPTED = """
import pyarrow as pa, winset, sys, time
winset.duty("8481.80.90", "JP", "2025-04-16", 1)
row = pa.table({"goods": ["8481.80.90"], "origin": ["JP"], "entry_date": ["2025-04-16"], "value": [1]})

class Endless:
    def __arrow_c_stream__(self, requested_schema=None):
        def batches():
            while True:
                yield row.to_batches()[0]
        return pa.RecordBatchReader.from_batches(row.schema, batches()).__arrow_c_stream__(requested_schema)

print("begun", flush=True)
try:
    CALL
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("call", ["winset.assess(Endless())", "winset.Dossier().brief()"])
def test_ctrl_c_ends_a_long_call(call):
    child = subprocess.Popen([sys.executable, "-c", INTERRUPTED.replace("CALL", call)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "begun\n"
        time.sleep(0.5)
        os.kill(child.pid, signal.SIGINT)
        out, _ = child.communicate(timeout=60)
        assert out == "interrupted\n" and child.returncode == 0
    finally:
        child.kill()


FORKED = """
import multiprocessing, sys, winset

shock = [{"kind": "tariff_add", "origin": "JPN", "destination": "USA", "sector": "C29", "value": 0.25}]
economy, dossier = winset.Economy("17"), winset.Dossier()

def all():
    draws = economy.draws(shock, 0, 4).to_dict()
    rates = winset.rates("JP", on="2025-07-10").to_dict()
    return draws, rates, winset.Dossier().why("cars=fifteen")["in_win_set"]

def child(queue):
    queue.put(all())

if __name__ == "__main__":
    here = all()
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    process = fork.Process(target=child, args=(queue,))
    process.start()
    assert queue.get(timeout=120) == here
    process.join(10)
    print("the same")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_answers_as_its_parent():
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout == "the same\n", done.stderr


@pytest.mark.parametrize("call", ['rates("JP", from_="2025-04-01", to="2025-12-31")', 'Economy("17").draws(shock, 0, 100_000)'])
def test_what_is_done_in_pieces_ends_soon_after_its_call(call):
    # A draw takes hundredths of a second: only work that ended leaves the processor alone.
    child = """
import time, winset
shock = [{"kind": "tariff_add", "origin": "JPN", "destination": "USA", "sector": "C29", "value": 0.25}]

class Enough(Exception):
    pass

def stop(what, done, total):
    if done > 0:
        raise Enough

try:
    winset.CALL
except Enough:
    pass
time.sleep(3)
before = time.process_time()
time.sleep(1)
print(time.process_time() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", child.replace("CALL", call.removesuffix(")") + ", progress=stop)")],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert float(done.stdout) < 0.5
