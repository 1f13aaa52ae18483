"""Uses of the package that a type checker must accept, and such as it must refuse: test_types.py has it checked, nothing runs it.

An `ignore` on a line that is right is an error too (`warn_unused_ignores`), so that stubs that allow too much are found.
"""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyspark.sql
import winset
import winset.spark
from typing_extensions import assert_type

car = winset.duty("8703.23.01", "JP", "2025-07-10", 10_000, known_on=datetime.date(2025, 4, 16))
assert_type(car, winset.Duty)
assert_type(car.total, Decimal)
assert_type(car.effective_rate, Decimal | None)
assert_type(car.known_on, datetime.date | None)
assert_type([(part.measure, part.rate, part.amount) for part in car.components], list[tuple[str, str, Decimal]])
assert_type(car.needs[0].total_if_yes, Decimal | None)
winset.duty("8431.31.00", "JP", "2025-04-16", "1000", content={"steel": 400}, facts={"us_share": 0.25, "b": True}, claims=["USMCA"])
winset.duty("8431.31.00", "JP", "2025-04-16", None)  # type: ignore[arg-type]
winset.duty("8431.31.00", "JP", 2025, 1_000)  # type: ignore[arg-type]
winset.duty("8431.31.00", "JP", "2025-04-16", 1_000, "2025-04-16", "USD", tariff=1)  # type: ignore[call-arg]
car.total = Decimal(1)  # type: ignore[misc]
car.duties  # type: ignore[attr-defined]


def told(what: str, done: int, total: int | None) -> None: ...
def told_too_little(what: str) -> None: ...


entries = pl.DataFrame({"goods": ["8481.80.90"]})
assert_type(winset.assess(entries, "2025-04-16", threads=2, progress=told), Any)
winset.assess(entries, progress=told_too_little)  # type: ignore[arg-type]
winset.assess([{"goods": "8481.80.90"}])  # type: ignore[arg-type]

rates = winset.rates("JP", from_="2025-04-01", to="2025-04-10", by="authority")
assert_type(rates, winset.Table)
assert_type(rates.to_dict(), dict[str, list[Any]])
assert_type(pl.DataFrame(rates), pl.DataFrame)
winset.rates("JP", by="colour")  # type: ignore[arg-type]

economy = winset.Economy(Path("world"))
shock = [{"kind": "tariff_add", "origin": "JPN", "destination": "USA", "sector": "C29", "value": 0.25}]
assert_type(economy.simulate(shock, deficits="zero").regions, winset.Table)
assert_type(economy.draws(rates, 0, 4, seed=2), winset.Table)
assert_type(economy.strategy("USA", "optimal", "uniform", weights=rates), winset.Strategy)
economy.simulate(shock, deficits="none")  # type: ignore[arg-type]
economy.strategy("USA", "optimal", "colour")  # type: ignore[arg-type]

dossier = winset.Dossier(known_on="2025-04-16")
assert_type(dossier.brief(shareable=True).export("pdf"), bytes)
assert_type(dossier.why({"cars": "fifteen"}), dict[str, Any])
dossier.brief().export("docx")  # type: ignore[arg-type]

job = winset.Job("entries", Path("duties"), part_rows=1 << 20)
assert_type(winset.assess_items(job.items(), threads=1), list[tuple[int, int]])
winset.assess_items(job)  # type: ignore[arg-type]


def many(spark: pyspark.sql.SparkSession) -> None:
    done = winset.spark.assess(spark, "/data/entries", Path("/data/duties"), datetime.date(2025, 4, 16), tasks=4)
    assert_type(done, winset.spark.Assessed)
    assert_type(done.rows, int)
    assert_type(winset.spark.sweep(spark, "17", shock, 100, spread=0.3), pyspark.sql.DataFrame)
    winset.spark.sweep(spark, "17", 0.25, 100)  # type: ignore[arg-type]


try:
    winset.Dossier("talks").brief()
except winset.InputError as error:
    assert_type(error.line, int | None)
    assert_type(error.problems, list[dict[str, Any]])
except winset.SolveError as error:
    error.line  # type: ignore[attr-defined]
