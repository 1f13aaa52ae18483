"""A dossier: the brief, what can be signed, one package weighed."""

import pytest
import winset


@pytest.fixture(scope="module")
def dossier():
    return winset.Dossier()


def timeless(answer):
    """Without how long it took."""
    if isinstance(answer, dict):
        return {name: timeless(value) for name, value in answer.items() if name != "seconds"}
    return [timeless(value) for value in answer] if isinstance(answer, list) else answer


def test_the_packages_are_those_of_the_command(command, dossier):
    assert timeless(dossier.packages()) == timeless(command("packages"))


def test_a_package_is_weighed_as_the_command_does(command, dossier):
    expected = command("why", "cars=fifteen,gas=alaska")
    assert dossier.why("cars=fifteen,gas=alaska") == expected
    assert dossier.why({"cars": "fifteen", "gas": "alaska"}) == expected


def test_the_brief_is_that_of_the_command(command, dossier, tmp_path):
    import json

    answer = command("brief", "--out", tmp_path, "--format", "html,json")
    told = []
    brief = dossier.brief(progress=lambda *step: told.append(step))
    assert told
    assert brief.sentences == answer["sentences"]
    assert brief.to_dict() == json.loads((tmp_path / "brief.json").read_text())
    assert brief.html() == (tmp_path / "brief.html").read_text()
    assert brief.export("pdf").startswith(b"%PDF")


def test_the_shareable_edition_keeps_secrets(dossier):
    brief = dossier.brief(shareable=True)
    assert brief.to_dict()["edition"] == "shareable"
    assert "wrong" not in brief.to_dict()


def test_a_wrong_file_is_named_with_line_and_column(tmp_path):
    (tmp_path / "dossier.toml").write_text('format = 1\ntitle = "x"\nas-of = "2025-13-01"\n')
    with pytest.raises(winset.InputError) as raised:
        winset.Dossier(tmp_path).brief()
    error = raised.value
    assert error.file.endswith("dossier.toml") and error.line >= 1 and error.column >= 1
    assert error.problems and {"what", "file", "line", "column", "help", "shown"} == set(error.problems[0])
    assert any("dossier.toml" in problem["shown"] for problem in error.problems)


def test_wrong_names_are_told():
    with pytest.raises(winset.InputError, match="no dossier `nowhere`"):
        winset.Dossier("nowhere")
    with pytest.raises(winset.InputError, match="is no choice"):
        winset.Dossier().why("cars")


def test_an_unknown_option_is_told(dossier):
    with pytest.raises(winset.InputError, match="fifteen"):
        dossier.why("cars=sixteen")
    with pytest.raises(winset.InputError, match="write one of"):
        dossier.brief().export("docx")


def test_the_other_built_in_dossier_and_the_other_language(command, dossier):
    import json

    china = winset.Dossier("eu-china-2024")
    assert timeless(china.packages()) == timeless(command("packages", "eu-china-2024"))
    assert dossier.why("cars=fifteen", lang="ja") != dossier.why("cars=fifteen")
    brief = dossier.brief(lang="ja")
    assert json.loads(json.dumps(brief.to_dict()))["language"] == "ja"
    with pytest.raises(winset.InputError, match="write en or ja"):
        dossier.brief(lang="fr")
