"""How quick Python is beside Rust, on the same rows in one run.

    python crates/winset-py/benches/speed.py [ROWS [THREADS]]

on a quiet machine, with the wheel and the test requirements installed: lets the example `assess_speed` make random rows (10 million
where no number is given) and assess them from Parquet to Parquet, then assesses the same rows from a Polars table into one, and from
PyArrow. Prints rows a second and the ratio, by the clock and by seconds of work (which others on the machine do not change), and what one
call of `duty` takes.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import winset

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 3
CALLS = 20_000


def rust(rows, threads, file):
    """Rows a second of the example, by the clock and by work, each the best of some rounds."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    example = target / "release" / "examples" / "assess_speed"
    if not example.exists():
        subprocess.run(["cargo", "build", "--release", "-p", "winset", "--example", "assess_speed"], cwd=ROOT, check=True)
    clock, work = 0, 0
    for _ in range(ROUNDS):
        out = subprocess.run([example, str(rows), str(threads), "1000000000", file], capture_output=True, text=True, check=True).stdout
        print(out.strip())
        clock = max(clock, int(re.search(r": (\d+) rows/s", out)[1]))
        work = max(work, int(re.search(r"(\d+) rows/s a core", out)[1]))
    return clock, work


def python(table, threads):
    """Rows a second from a table into one, by the clock and by work, each the best of some rounds."""
    clock, work = 0, 0
    for _ in range(ROUNDS):
        begin, before = time.perf_counter(), time.process_time()
        rows = len(winset.assess(table, threads=threads))
        clock = max(clock, rows / (time.perf_counter() - begin))
        work = max(work, rows / (time.process_time() - before))
    return clock, work


def call():
    """Microseconds of one call of `duty`, the best of some rounds."""

    def ask():
        return winset.duty("8703.23.01", "JP", "2025-07-10", 10000, known_on="2025-04-16")

    ask()
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        for _ in range(CALLS):
            ask()
        best = min(best, (time.perf_counter() - begin) / CALLS)
    return 1e6 * best


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    print(f"one call of duty: {call():.1f} µs")
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "entries.parquet")
        reference = rust(rows, threads, file)
        table = pl.read_parquet(file)
    for name, given in (("Polars", table), ("PyArrow", table.to_arrow())):
        speed = python(given, threads)
        clock, work = (f"{x:.0f} rows/s, {100 * x / y:.0f} % of Rust" for x, y in zip(speed, reference, strict=True))
        print(f"{name}: {clock} from Parquet to Parquet; a core {work}")


if __name__ == "__main__":
    main()
