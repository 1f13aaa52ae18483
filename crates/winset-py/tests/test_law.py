"""Another law than that which ships: a folder, a dossier, another schedule, open questions read another way."""

import subprocess

import polars
import pytest
import winset

BYD = {"goods": "8703.80.10", "origin": "CN", "on": "2024-11-01", "value": 30000, "currency": "EUR", "importer": "EU"}
OF_STEEL = {"goods": "7326.90.86", "origin": "JP", "on": "2025-08-20", "value": 1000, "content": {"steel": 400}}


def test_the_law_of_a_dossier_answers_as_the_command_does(command):
    law = winset.Law(dossier="eu-china-2024")
    said = command(
        *["duty", "8703.80.10", "--importer", "EU", "--origin", "CN", "--on", "2024-11-01", "--value", "30000"],
        *["--currency", "EUR", "--fact", "firm=byd", "--dossier", "eu-china-2024"],
    )
    assert winset.duty(**BYD, facts={"firm": "byd"}, law=law).to_dict() == said
    with pytest.raises(winset.InputError, match="no law `eu` ships"):
        winset.duty(**BYD)


def test_a_reading_is_that_of_the_command(command):
    words = ["duty", "7326.90.86", "--origin", "JP", "--on", "2025-08-20", "--value", "1000", "--content", "steel=400"]
    totals = set()
    for option in ["line", "article"]:
        duty = winset.duty(**OF_STEEL, law=winset.Law(readings={"two-line-floor": option}))
        assert duty.to_dict() == command(*words, "--reading", f"two-line-floor={option}")
        totals.add(duty.total)
    assert len(totals) == 2
    with pytest.raises(winset.InputError, match="no reading `floor`"):
        winset.duty(**OF_STEEL, law=winset.Law(readings={"floor": "line"}))


@pytest.fixture
def folder(tmp_path, command):
    """The law of the United States, with 50 per cent in the place of one of its rates."""
    command("measures", "export", tmp_path / "law")
    changed = 0
    for path in (tmp_path / "law").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        start = text.find('id = "us-232-cars"')
        at = text.find('rate = "25%"', start)
        if start >= 0 and at >= 0:
            path.write_text(text[:at] + 'rate = "50%"' + text[at + 12 :], encoding="utf-8")
            changed += 1
    assert changed == 1
    return tmp_path / "law"


def test_a_folder_counts_in_duty_tables_rates_and_folders(folder, tmp_path):
    law = winset.Law(folder)
    car = {"goods": "8703.23.01", "origin": "JP", "on": "2025-07-10", "value": 1000}
    assert (winset.duty(**car).total, winset.duty(**car, law=law).total) == (275, 525)
    entries = polars.DataFrame({"goods": ["8703.23.01"], "origin": ["JP"], "entry_date": ["2025-07-10"], "value": [1000]})
    assert winset.assess(entries, law=law)["total"].to_list() == [525]
    rates = [winset.rates("JP", on="2025-07-10", law=of).to_dict()["trade_weighted"][0] for of in [None, law]]
    assert rates[1] > rates[0] + 0.05

    entries.write_parquet(tmp_path / "entries.parquet")
    job = winset.Job(tmp_path / "entries.parquet", tmp_path / "out", law=law)
    assert winset.assess_items(job.items()) == [(1, 0)]
    job.close()
    with pytest.raises(winset.InputError, match="another"):
        winset.Job(tmp_path / "entries.parquet", tmp_path / "out")
    # A worker whose law is another one refuses.
    again = winset.Job(tmp_path / "entries.parquet", tmp_path / "again", law=law)
    for path in folder.glob("*.toml"):
        path.write_text(path.read_text(encoding="utf-8") + "\n# Changed.\n", encoding="utf-8")
    with pytest.raises(winset.InputError, match="another law"):
        winset.assess_items(again.items())
    answers = polars.read_parquet(tmp_path / "out" / "*.parquet")
    assert answers["total"].to_list() == [525]


def test_what_is_wrong_with_a_law_is_told(tmp_path):
    with pytest.raises(winset.InputError, match="not of both"):
        winset.Law("here", dossier="there")
    with pytest.raises(winset.InputError):
        winset.duty(**OF_STEEL, law=winset.Law(tmp_path))
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\n[[measure]]\nidd = 1\n")
    with pytest.raises(winset.InputError) as raised:
        winset.duty(**OF_STEEL, law=winset.Law(tmp_path))
    assert raised.value.file.endswith("bad.toml")
    assert raised.value.line == 3


def test_a_reading_of_one_law_is_no_fault_in_a_table_of_two():
    table = polars.DataFrame(
        {
            "importer": ["US", "JP"],
            "goods": ["8481.80.90", "0203.29"],
            "origin": ["JP", "US"],
            "entry_date": ["2025-08-20", "2025-04-01"],
            "value": [1000, 300],
            "quantity": [None, 1],
            "facts": ["", "form=cuts"],
        }
    )
    law = winset.Law(readings={"two-line-floor": "article"})
    assert winset.assess(table, law=law)["error"].to_list() == ["", ""]
    with pytest.raises(winset.InputError, match="no reading `floor`: the law leaves open: two-line-floor"):
        winset.assess(table, law=winset.Law(readings={"floor": "line"}))


def test_the_command_says_the_same_of_a_table(folder, tmp_path, command):
    entries = tmp_path / "entries.csv"
    entries.write_text("goods,origin,entry_date,value\n8703.23.01,JP,2025-07-10,1000\n")
    try:
        command("assess", entries, "--out", tmp_path / "out.csv", "--law", folder)
    except subprocess.CalledProcessError as error:
        pytest.fail(error.stderr)
    (answer,) = polars.read_csv(tmp_path / "out.csv").to_dicts()
    law = winset.Law(folder)
    assert winset.assess(polars.read_csv(entries), law=law)["total"].to_list() == [answer["total"]]
