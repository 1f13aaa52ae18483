"""One entry: the values of the command line, as Python's types."""

import datetime
from decimal import Decimal

import pytest
import winset

CAR = {"goods": "8703.23.01", "origin": "JP", "on": "2025-07-10", "value": 10000}

QUESTIONS = [
    (CAR, ["8703.23.01", "--origin", "JP", "--on", "2025-07-10", "--value", "10000"]),
    (
        CAR | {"known_on": "2025-04-16"},
        ["8703.23.01", "--origin", "JP", "--on", "2025-07-10", "--value", "10000", "--known-on", "2025-04-16"],
    ),
    (
        {"goods": "7326.90.86", "origin": "JP", "on": "2025-04-16", "value": "1000.50", "content": {"steel": 400}},
        ["7326.90.86", "--origin", "JP", "--on", "2025-04-16", "--value", "1000.50", "--content", "steel=400"],
    ),
    (
        {"goods": "0203.29.20", "origin": "JP", "on": "2025-04-16", "value": 1000, "quantity": 250, "unit": "kg"},
        ["0203.29.20", "--origin", "JP", "--on", "2025-04-16", "--value", "1000", "--quantity", "250", "--unit", "kg"],
    ),
    (
        {"goods": "8481.80.90", "origin": "CA", "on": "2025-04-16", "value": 10, "claims": ["USMCA"]},
        ["8481.80.90", "--origin", "CA", "--on", "2025-04-16", "--value", "10", "--claim", "USMCA"],
    ),
    (
        {"goods": "8481.80.90", "origin": "JP", "on": "2025-04-16", "value": 10, "facts": {"us_share": 0.25}},
        ["8481.80.90", "--origin", "JP", "--on", "2025-04-16", "--value", "10", "--fact", "us_share=0.25"],
    ),
    (
        {"goods": "8481.80.90", "origin": "JP", "on": "2025-04-06", "value": 10, "loaded": "2025-04-03"},
        ["8481.80.90", "--origin", "JP", "--on", "2025-04-06", "--value", "10", "--loaded", "2025-04-03"],
    ),
    (
        {"goods": "0203.29", "origin": "US", "on": "2025-04-01", "value": 300, "importer": "JP", "currency": "JPY", "quantity": 1}
        | {"claims": "USJTA", "facts": {"form": "cuts"}},
        ["0203.29", "--importer", "JP", "--origin", "US", "--on", "2025-04-01", "--value", "300", "--currency", "JPY"]
        + ["--quantity", "1", "--claim", "USJTA", "--fact", "form=cuts"],
    ),
    (
        CAR | {"currency": "EUR"},
        ["8703.23.01", "--origin", "JP", "--on", "2025-07-10", "--value", "10000", "--currency", "EUR"],
    ),
]


@pytest.mark.parametrize(("question", "words"), QUESTIONS)
def test_the_answer_is_that_of_the_command(command, question, words):
    expected = command("duty", *words)
    duty = winset.duty(**question)
    assert duty.to_dict() == expected
    assert duty.total == Decimal(expected["total"])
    assert duty.payable == Decimal(expected["payable"])
    assert float(duty.effective_rate) == expected["effective_rate"]
    assert (duty.goods, duty.origin, duty.importer) == (expected["goods"], expected["origin"], expected["importer"])
    assert duty.on == datetime.date.fromisoformat(expected["entry_date"])
    components = [
        {"measure": c.measure, "heading": c.heading, "authority": c.authority, "rate": c.rate, "basis": c.basis, "amount": c.amount}
        for c in duty.components
    ]
    assert components == [c | {k: Decimal(c[k]) for k in ("basis", "amount")} for c in expected["components"]]
    assert [(f.fee, f.authority, f.amount, f.source) for f in duty.fees] == [
        (f["fee"], f["authority"], Decimal(f["amount"]), f["source"]) for f in expected["fees"]
    ]
    assert [(n.fact, n.question, n.total_if_yes and str(n.total_if_yes)) for n in duty.needs] == [
        (n["fact"], n["question"], n["total_if_yes"] and str(Decimal(n["total_if_yes"]).normalize() + 0)) for n in expected["needs"]
    ] or [n.fact for n in duty.needs] == [n["fact"] for n in expected["needs"]]
    assert [(s.measure, s.applied, s.because, s.source) for s in duty.trace] == [
        (s["measure"], s["applied"], s["because"], s["source"]) for s in expected["trace"]
    ]


def test_days_and_amounts_come_in_python_types():
    expected = winset.duty(**CAR).to_dict()
    for on in (datetime.date(2025, 7, 10), datetime.datetime(2025, 7, 10, 12, 30)):
        for value in (Decimal("10000.00"), 10000.0, "10000"):
            assert winset.duty(**(CAR | {"on": on, "value": value})).total == Decimal(expected["total"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"origin": "Atlantis"}, "unknown country `Atlantis`"),
        ({"goods": "87x"}, "`87x` is not a goods code"),
        ({"on": "16.4.2025"}, "`16.4.2025` is no day"),
        ({"value": "ten"}, "`ten` is no amount"),
        ({"value": -5}, "value"),
        ({"value": float("nan")}, "is no amount"),
        ({"unit": "kg"}, "a unit needs a quantity"),
        ({"currency": "dollars"}, "`dollars` is not a currency"),
        ({"facts": {"us_share": 2}}, "us_share"),
    ],
)
def test_a_wrong_argument_is_an_input_error(change, said):
    with pytest.raises(winset.InputError, match=said) as raised:
        winset.duty(**(CAR | change))
    assert (raised.value.file, raised.value.line, raised.value.column) == (None, None, None)
    assert len(raised.value.problems) == 1


@pytest.mark.parametrize("change", [{"on": "2019-01-01"}, {"goods": "0203.29.20"}, {"goods": "9999.99.99"}])
def test_what_the_law_in_the_data_does_not_answer_is_a_law_error(change):
    with pytest.raises(winset.LawError):
        winset.duty(**(CAR | change))
    assert issubclass(winset.LawError, winset.Error)


def test_a_decimal_counts_however_it_is_written():
    for value in (Decimal("1E+3"), Decimal("1000").normalize(), Decimal("100000E-2")):
        assert winset.duty("8481.80.90", "JP", "2025-04-16", value).total == Decimal(120)
    for value in (Decimal("1E+999999"), Decimal("NaN"), Decimal("-Infinity")):
        with pytest.raises(winset.InputError, match="is no amount"):
            winset.duty("8481.80.90", "JP", "2025-04-16", value)


def test_a_day_that_pandas_does_not_know_is_shown_as_it_is():
    import pandas as pd

    with pytest.raises(winset.InputError, match="`NaT` is no day"):
        winset.duty("8481.80.90", "JP", pd.NaT, 1_000)
    assert winset.duty("8481.80.90", "JP", pd.Timestamp("2025-04-16 10:30"), 1_000).total == Decimal(120)
