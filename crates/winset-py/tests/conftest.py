"""What the tests share: the command line to compare with, and a table of entries."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def command():
    """Runs `winset` and gives what it says; WINSET names another binary than that of the release build."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    binary = os.environ.get("WINSET", str(target / "release" / "winset"))

    def run(*words):
        done = subprocess.run([binary, *map(str, words), "--json"], capture_output=True, text=True, check=True)
        answer = json.loads(done.stdout)
        assert answer["format"] == 1
        return answer

    return run


# Every kind of row: answered, with needs, in another currency, of other importers, and wrong in each column.
ENTRIES = """\
id|importer|goods|origin|entry_date|known_on|loaded|value|currency|quantity|unit|content|claims|facts
valve||8481.80.90|JP|2025-04-16|||10000||||||
car|US|8703.23.01|JP|2025-07-10|2025-04-16||10000|USD|||||
|US|8703.23.01|jp|2025-07-10|||12345.67||||||
pork||0203.29.20|JP|2025-04-04|||1000||250|kg|||
unweighed||0203.29.20|JP|2025-04-04|||1000||||||
no such day||8481.80.90|JP|2025-13-01|||10000||||||
no such origin||8481.80.90|Atlantis|2025-04-16|||10000||||||
no such code||84x|JP|2025-04-16|||10000||||||
short||8481|JP|2025-04-16|||10000||||||
nothing||8481.80.90|JP|2025-04-16|||0||||||
negative||8481.80.90|JP|2025-04-16|||-5||||||
no value||8481.80.90|JP|2025-04-16|||||||||
France|FR|8481.80.90|JP|2025-04-16|||10000||||||
Japan|JP|0203.29|US|2025-04-01|||300|JPY|1|kg||USJTA|form=cuts
of Canada||8481.80.90|CA|2025-04-16|||10000|||||USMCA|
not claimed||8481.80.90|CA|2025-04-16|||10000||||||
of steel||8431.31.00|JP|2025-04-16|||1000||||steel=400;aluminum=0||
bad content||8431.31.00|JP|2025-04-16|||1000||||steel=||
share||8481.80.90|JP|2025-04-16|||10000|||||| us_share=0.25
bad share||8481.80.90|JP|2025-04-16|||10000||||||us_share=2
loaded||8481.80.90|JP|2025-04-06||2025-04-03|10000||||||
"""


@pytest.fixture
def entries():
    """The rows as a PyArrow table of texts; a blank cell is missing."""
    import pyarrow as pa

    header, *rows = [line.split("|") for line in ENTRIES.splitlines()]
    columns = zip(*rows, strict=True)
    return pa.table({name: pa.array([cell or None for cell in cells], pa.string()) for name, cells in zip(header, columns, strict=True)})


@pytest.fixture
def assessed(command, tmp_path):
    """What the command answers on a PyArrow table, as a PyArrow table."""
    import pyarrow.parquet as pq

    def run(table):
        pq.write_table(table, tmp_path / "in.parquet")
        command("assess", tmp_path / "in.parquet", "--out", tmp_path / "out.parquet")
        return pq.read_table(tmp_path / "out.parquet")

    return run


SHOCK = [
    {"kind": "tariff_add", "origin": "JPN", "destination": "USA", "sector": "C29", "value": 0.25},
    {"kind": "tariff_add", "origin": "CHN", "destination": "USA", "sector": "*", "value": 0.1},
]


@pytest.fixture
def shock_file(tmp_path):
    path = tmp_path / "shock.csv"
    lines = [",".join(SHOCK[0]), *(",".join(map(str, row.values())) for row in SHOCK)]
    path.write_text("\n".join(lines) + "\n")
    return path
