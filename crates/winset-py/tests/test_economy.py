"""Applied rates and equilibria: the values of the command line."""

import polars as pl
import pyarrow as pa
import pyarrow.csv
import pytest
import winset
from conftest import SHOCK


def test_rates_are_those_of_the_command(command):
    expected = command("rates", "--origin", "JP", "--on", "2025-07-10", "--known-on", "2025-04-16")
    (day,) = expected["days"]
    question = {"origin": "JP", "on": "2025-07-10", "known_on": "2025-04-16"}
    (row,) = pa.table(winset.rates(**question)).to_pylist()
    assert row == {"day": day["on"]} | {name: day[name] for name in row if name != "day"}
    authorities = pl.DataFrame(winset.rates(**question, by="authority"))
    assert dict(zip(authorities["authority"], authorities["trade_weighted"], strict=True)) == day["by_authority"]
    for by in ("origin", "chapter", "sector"):
        rows = pa.table(winset.rates(**question, by=by)).to_pylist()
        assert {row.pop(by): row for row in rows} == {name: {"day": day["on"], **rate} for name, rate in day[f"by_{by}"].items()}


def test_a_year_of_no_trade_is_refused():
    with pytest.raises(winset.InputError, match="`trade_year` is the year of a table of trade"):
        winset.rates("JP", on="2025-07-10", trade_year=1990)


def test_a_long_series_is_that_of_its_days():
    whole = winset.rates("JP", from_="2025-04-01", to="2025-04-20", by="authority").to_dict()
    parts = [winset.rates("JP", on=f"2025-04-{day:02}", by="authority").to_dict() for day in range(1, 21)]
    assert whole == {name: [cell for part in parts for cell in part[name]] for name in whole}


def test_a_series_has_a_row_a_day(command):
    expected = command("rates", "--origin", "KR", "--from", "2025-04-01", "--to", "2025-04-12")
    rows = pa.table(winset.rates("KR", from_="2025-04-01", to="2025-04-12")).to_pylist()
    assert [(row["day"], row["trade_weighted"]) for row in rows] == [(day["on"], day["trade_weighted"]) for day in expected["days"]]


@pytest.mark.parametrize(
    "question",
    [{"origin": "JP"}, {"on": "2025-04-01", "from_": "2025-04-01"}, {"from_": "2025-04-02", "to": "2025-04-01"}, {"on": "2025-04-01", "by": "x"}],
)
def test_a_wrong_question_of_rates_is_an_input_error(question):
    with pytest.raises(winset.InputError):
        winset.rates(**question)


def timeless(answer):
    return {name: value for name, value in answer.items() if name != "seconds"}


def test_an_equilibrium_is_that_of_the_command(command, shock_file, tmp_path):
    out = tmp_path / "out"
    expected = command("simulate", "17", "--shock", shock_file, "--deficits", "zero", "--out", out)
    solved = winset.Economy("17").simulate(SHOCK, deficits="zero")
    assert timeless(solved.to_dict()) == timeless(expected)
    assert (solved.status, solved.residual, solved.iterations) == tuple(expected[k] for k in ("status", "residual", "iterations"))
    for name in ("regions", "sectors", "trade"):
        assert pa.table(getattr(solved, name)).to_pylist() == expected[name]
    written = pa.csv.read_csv(out / "trade.csv").to_pylist()
    assert pa.table(solved.flows).to_pylist() == written and len(written) > 1000
    assert len(solved.purchases) == 0


def test_other_structures_are_those_of_the_command(command, shock_file, tmp_path):
    economy = winset.Economy("17")
    expected = command("simulate", "17", "--shock", shock_file, "--structure", "krugman", "--elasticities", "CP")
    solved = economy.simulate(SHOCK, structure="krugman", elasticities="CP")
    assert timeless(solved.to_dict()) == timeless(expected)
    assert solved.structure == "krugman"
    assert pa.table(solved.regions).to_pylist() == expected["regions"]
    for name in ("sectors", "trade", "flows", "purchases"):
        with pytest.raises(winset.InputError, match=f"krugman.*no {name}"):
            getattr(solved, name)
    for wrong, said in (
        ({"structure": "krugman", "labour_supply": 0.5}, "krugman has no elasticity of labour supply"),
        ({"structure": "krugman", "inputs": True}, "krugman has no input–output links"),
        ({"rebate": "tax-relief"}, "one sector.*winset economy aggregate"),
        ({"rebate": "burnt"}, "burnt"),
        ({"structure": "melitz"}, "melitz"),
    ):
        with pytest.raises(winset.InputError, match=said):
            economy.simulate(SHOCK, **wrong)
    mapping = tmp_path / "one.csv"
    mapping.write_text("kind,from,to\n" + "".join(f"sector,{sector},ALL\n" for sector in economy.sectors))
    one = tmp_path / "one"
    command("economy", "aggregate", "17", "--mapping", mapping, "--out", one)
    trade = pl.read_csv(one / "trade.csv").with_columns(tariff=pl.lit(0.0))
    trade.write_csv(one / "trade.csv")
    shock = [{**SHOCK[0], "sector": "ALL"}]
    path = tmp_path / "shock.csv"
    pl.DataFrame(shock).write_csv(path)
    expected = command("simulate", one, "--shock", path, "--rebate", "tax-relief", "--labour-supply", "0.5")
    solved = winset.Economy(one).simulate(shock, rebate="tax-relief", labour_supply=0.5)
    assert timeless(solved.to_dict()) == timeless(expected)
    assert pa.table(solved.regions).to_pylist() == [{name: row[name] for name in solved.regions.column_names} for row in expected["regions"]]


def test_a_purchase_target_has_its_row(command, tmp_path):
    shock = [{"kind": "purchase", "origin": "USA", "destination": "JPN", "sector": "A01_02", "value": 30000}]
    economy = winset.Economy("17")
    sector = next(name for name in economy.sectors if name.startswith("A01"))
    shock[0]["sector"] = sector
    path = tmp_path / "shock.csv"
    path.write_text(f"kind,origin,destination,sector,value\npurchase,USA,JPN,{sector},30000\n")
    (expected,) = command("simulate", "17", "--shock", path)["purchases"]
    (row,) = pa.table(economy.simulate(shock).purchases).to_pylist()
    assert row == {name: expected[name] for name in row}


def test_a_shock_is_a_path_rows_or_a_table(shock_file):
    economy = winset.Economy("17")
    answers = [timeless(economy.simulate(shock).to_dict()) for shock in (shock_file, str(shock_file), SHOCK, pl.DataFrame(SHOCK), pa.Table.from_pylist(SHOCK))]
    assert all(answer == answers[0] for answer in answers)


def test_chosen_tariffs_are_those_of_the_command(command, shock_file):
    words = ["strategy", "17", "--player", "USA", "--instrument", "uniform", "--starts", "1"]
    economy = winset.Economy("17")
    expected = command(*words, "--kind", "optimal", "--shock", shock_file)
    found = economy.strategy("USA", "optimal", "uniform", starts=1, shock=SHOCK)
    assert timeless(found.to_dict()) == timeless(expected)
    assert pa.table(found.regions).to_pylist() == expected["regions"]
    assert pa.table(found.tariffs).to_pylist() == expected["tariffs"]
    expected = command(*words, "--kind", "reciprocate", "--structure", "krugman")
    assert timeless(economy.strategy("USA", "reciprocate", "uniform", structure="krugman", starts=1).to_dict()) == timeless(expected)
    for wrong in ({"kind": "best"}, {"instrument": "bilateral"}, {"structure": "melitz"}, {"player": "XYZ"}):
        with pytest.raises(winset.InputError):
            economy.strategy(**({"player": "USA", "kind": "optimal", "instrument": "uniform"} | wrong))


def test_an_economy_says_what_it_is(command):
    expected = command("economy", "check", "17")
    economy = winset.Economy("17")
    assert (economy.name, economy.year, economy.source) == tuple(expected[k] for k in ("name", "year", "source"))
    assert economy.regions == [row["region"] for row in expected["regions"]]
    assert (economy.sectors, economy.elasticities) == (expected["sectors"], expected["elasticities"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"destination": "Atlantis"}, "the shock: row 1, column `destination`: .*Atlantis"),
        ({"kind": "embargo"}, "embargo"),
        ({"value": "much"}, "row 1.*much"),
    ],
)
def test_a_wrong_shock_names_its_row(change, said):
    with pytest.raises(winset.InputError, match=said):
        winset.Economy("17").simulate([SHOCK[0] | change])


def test_what_cannot_be_solved_is_an_error_with_its_class():
    with pytest.raises(winset.InputError, match="no economy"):
        winset.Economy("atlantis")
    with pytest.raises(winset.InputError, match="write fixed, zero or proportional"):
        winset.Economy("17").simulate(SHOCK, deficits="large")
    assert issubclass(winset.SolveError, winset.Error)


ROW = {"kind": "tariff_add", "origin": "JPN", "destination": "USA", "sector": "C29", "value": 0.25}


@pytest.mark.parametrize(
    ("shock", "said"),
    [
        ([ROW | {"sectro": "C29"}], "a shock has no column `sectro`"),
        ([ROW, ROW | {"junk": None}], "a shock has no column `junk`"),
        ([ROW, {key: cell for key, cell in ROW.items() if key != "destination"}], "row 2 has no `destination`"),
        ([ROW | {"origin": None}], "row 1, column `origin`"),
        (ROW, "put it into a list"),
        ([list(ROW.values())], "row 1 is of the type `list`"),
        (7, "is no shock"),
        ([], "there is no row in it"),
    ],
)
def test_rows_that_are_no_shock_are_input_errors(shock, said):
    with pytest.raises(winset.InputError, match=said):
        winset.Economy("17").simulate(shock)


def test_answers_carry_the_number_of_their_format():
    economy = winset.Economy("17")
    assert economy.simulate([ROW]).to_dict()["format"] == 1
    assert economy.strategy("USA", "optimal", "uniform", starts=1).to_dict()["format"] == 1


def test_many_draws_are_those_of_their_pieces():
    economy = winset.Economy("17")
    whole = economy.draws([ROW], 0, 70).to_dict()
    last = economy.draws([ROW], 60, 70).to_dict()
    assert whole["draw"] == sorted(whole["draw"]) and len(whole["draw"]) == 70 * 17
    assert {name: cells[60 * 17 :] for name, cells in whole.items()} == last
    assert economy.draws([ROW], 5, 5).to_dict()["draw"] == []
