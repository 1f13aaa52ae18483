"""The page of benchmarks, made of what the benches print: `scripts/bench-page` on saved output."""

import importlib.machinery
import importlib.util
import re

import pytest

SAVED = {
    "brief": """cargo bench --quiet --bench brief
winset brief: best 2.34 s, median 2.45 s (goal 5 s); peak 466 MiB (goal 500 MiB)
""",
    "law": """cargo run --quiet --release -p winset-law --example law_speed
assess one entry, its trace read        2.50µs
assess one entry, traced                2.18µs
averages,  10102 cells, 1 thread(s)       3.05ms
averages, 207148 cells, 1 thread(s)      30.05ms
averages, 207148 cells, 2 thread(s)      40.17ms
""",
    "batch": """cargo run --quiet --release -p winset-law --example batch_speed
23167 codes, 60 origins, 500 days, 1000000 entries
first pass      1.907 s       524406 entries/s, 118350 without an answer, 87032917255.54 payable
fourth pass     0.289 s      3460699 entries/s, 118350 without an answer, 87032917255.54 payable
""",
    "assess": """cargo run --quiet --release -p winset --example assess_speed
1000000 rows made in 0.9 s, 21 MB; peak 34 MiB
1000000 rows on 2 threads in 7.68 s: 130214 rows/s (5.42 s of work, 184502 rows/s a core), 22548 errors, 32 MB, sha256 96c7c03813b7; peak 291 MiB
""",
    "trade": """cargo run --quiet --release -p winset-trade --example trade_speed
milliseconds, fastest run; tolerance 1e-10
embedded 17x28     calibrate    0.20  cold    0.46 (12 steps, 0 products, 7e-11)  warm   0.41 (9, 0)  sensitivities   0.53 (14)  USA 0.430928733 %
    equations                            14.0 us     0.34 MB   24.3 of  77.8 GB/s (31 %)
embedded 17x28     10000 draws of elasticities on two threads: 8.29 s, EV 104.54 to 123.39 (90 %), 0 without answer
embedded 77x28     calibrate    3.60  cold   28.75 (13 steps, 0 products, 6e-11)  warm   3.21 (10, 0)  sensitivities   4.92 (14)  USA 0.435011022 %
synthetic 160x65   calibrate   53.98  cold  114.65 (9 steps, 0 products, 2e-11)  warm  71.62 (6, 0)  sensitivities  95.57 (8)  R000 0.333103195 %
""",
    "talks": """cargo run --quiet --release -p winset-talks --example talks_speed
three parties, 5.8 million packages: 9.071ms (best of 24), 1326 points on the frontier, 5764801 packages in the win-set
belief from 50 offers, 10000 draws: 191.773ms (best of 10)
""",
    "import": """cargo run --quiet --release -p winset-import --example import_icio -- target/bench/2022.csv winset-77
77 regions × 28 sectors in 2.1 s, checksum of the input included; at most 90 MiB
""",
    "python": """target/venv/bin/python crates/winset-py/benches/speed.py
one call of duty: 6.1 µs
10000000 rows on 2 threads in 7.68 s: 130214 rows/s (5.42 s of work, 184502 rows/s a core), 22548 errors, 32 MB, sha256 96c7c03813b7; peak 291 MiB
Polars: 1302140 rows/s, 118 % of Rust from Parquet to Parquet; a core 651070 rows/s, 118 % of Rust
""",
    "many": """target/venv/bin/python crates/winset-py/benches/many.py
one process, 1 threads       8.44 s    948,059 entries/s (1.00)    985,222 a core (1.00), 0.96 cores
one process, 2 threads       8.87 s    902,192 entries/s (0.95)    915,332 a core (0.93), 0.99 cores
Sail is there, its workers have the law: 0.28 s
Sail, 1 tasks                8.40 s    952,527 entries/s (1.00)    997,506 a core (1.01), 0.95 cores
Sail, 2 tasks                8.51 s    939,991 entries/s (0.99)    917,431 a core (0.93), 1.02 cores
Sail, 2 tasks, 4 columns     4.88 s  1,639,991 entries/s (1.73)  1,717,431 a core (1.74), 0.97 cores
""",
    "spark": """bash scripts/test-spark --bench
SKIPPED: pip could not get pyspark==4.2.0 in five minutes; nothing was tested on Apache Spark
""",
    "page": """bash scripts/test-page --bench
an option moved, numbers by the tables: median 30 ms, 95th 34 ms
                 solved exactly:        median 63 ms, 95th 64 ms
a first page: median 180 ms, worst 210 ms
situation: 155 KiB
""",
}


@pytest.fixture(scope="module")
def bench_page(root):
    loader = importlib.machinery.SourceFileLoader("bench_page", str(root / "scripts/bench-page"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def saved(tmp_path):
    for name, output in SAVED.items():
        (tmp_path / f"{name}.txt").write_text(output)
    return tmp_path


def test_the_page_has_the_figures_and_what_was_printed(bench_page, saved):
    page = bench_page.page(saved, ["winset 1.0", "a machine"])
    lines = page.splitlines()
    for line in (
        "- a machine",
        "| the whole brief, built-in dossier, median | 2.45 s | 5 s |",
        "| the whole brief, memory at most | 466 MiB | 500 MiB |",
        "| one entry, with its trace | 2.18 µs | 5 µs |",
        "| average rates of all origins on a day, one thread | 30.05ms |  |",
        "| entries seen for the first time | 524406 entries/s |  |",
        "| entries of which each cell is known | 3460699 entries/s | ≥ 5,000,000 entries/s, **missed** |",
        "| `winset assess`, every core | 130214 rows/s |  |",
        "| `winset assess`, a core | 184502 rows/s |  |",
        "| `winset assess`, memory at most | 291 MiB |  |",
        "| an equilibrium, 17 × 28 | 0.46 ms | 2 ms |",
        "| an equilibrium, 77 × 28 | 28.75 ms | 25 ms, **missed** |",
        "| 10,000 draws of elasticities, 17 × 28, two threads | 8.29 s | 15 s |",
        "| 5.8 million packages of three parties, exactly | 9.071ms |  |",
        "| 81 × 50 into 77 × 28 | 2.1 s | 20 s |",
        "| a Polars table, of the speed of `winset assess` | 118 % | ≥ 80 % |",
        "| Sail, two tasks | 939,991 entries/s | ≥ 4,000,000 entries/s, **missed** |",
        "| Sail, two tasks, four columns of the answer | 1,639,991 entries/s |  |",
        "| from a click to numbers solved exactly, median | 63 ms | 1000 ms |",
        "`target/venv/bin/python crates/winset-py/benches/many.py`",
        "situation: 155 KiB",
        "Not run: pip could not get pyspark==4.2.0 in five minutes; nothing was tested on Apache Spark.",
    ):
        assert line in lines, line
    assert "two executors" not in page
    assert page.count("\n## ") == len(SAVED)


def test_a_bench_that_prints_something_else_is_an_error(bench_page, saved):
    (saved / "talks.txt").write_text("talks_speed\nthree parties, in no time\n")
    with pytest.raises(SystemExit, match=r"talks.txt does not say `belief from 50 offers, 10,000 draws`"):
        bench_page.page(saved, [])


def test_folders_of_the_machine_do_not_get_onto_the_page(bench_page, saved):
    (saved / "import.txt").write_text("import_icio /tmp/tmp.1/2022.csv\n77 regions × 28 sectors in 2.1 s; at most 90 MiB\n")
    with pytest.raises(SystemExit, match=r"import.txt names a folder of this machine: /tmp/tmp.1/2022.csv"):
        bench_page.page(saved, [])


def test_the_benches_of_the_page_are_those_that_run(bench_page, root):
    script = (root / "scripts/bench").read_text()
    names = re.findall(r"^ *(?:run|example|python) ([a-z]+) ", script, re.MULTILINE)
    assert names == list(bench_page.BENCHES) == list(SAVED)


def test_the_machine_is_told(bench_page):
    winset, cpu, system, rust, load = bench_page.machine("0.50")
    assert winset.startswith("winset ")
    assert re.fullmatch(r".+, \d+ cores, \d+ GiB", cpu)
    assert system
    assert re.match(r"rustc 1\.\d+.*; Python 3\.\d+", rust)
    assert load.endswith(": 0.50")
