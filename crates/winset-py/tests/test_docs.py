"""The tutorial and the notebooks: all code in them runs, and the tutorial's answers are what it shows."""

import ast
import doctest
import json
import re

import pytest
import winset

NOTEBOOKS = ["duties", "scenario", "negotiation"]


def test_the_tutorial_shows_what_happens(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (root / "docs" / "python.md").read_text()
    blocks = re.findall(r"^```pycon\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 8
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "docs/python.md", None, 0)
    said = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom(root, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((root / "docs" / "notebooks" / f"{name}.ipynb").read_text())
    assert notebook["nbformat"] == 4
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 4
    names = {}
    for number, cell in enumerate(cells, 1):
        source = "".join(cell["source"])
        exec(compile(source, f"{name}.ipynb, cell {number}", "exec"), names)


def test_everything_is_documented_and_listed():
    for name in winset.__all__:
        assert name == "__version__" or getattr(winset, name).__doc__, name


def test_the_stubs_name_what_there_is():
    """Every name and every argument of the stubs is there, and the other way round."""
    import inspect
    from importlib.resources import files

    from winset import _winset

    stubs = ast.parse(files("winset").joinpath("_winset.pyi").read_text())
    assert files("winset").joinpath("py.typed").is_file()
    helpers = {"ArrowTable", "Progress"}

    def arguments(function):
        named = function.args
        return [a.arg for a in named.posonlyargs + named.args + named.kwonlyargs if a.arg not in ("self", "cls")]

    def real(thing):
        return [name for name in inspect.signature(thing).parameters if name != "self"]

    classes = {node.name: node for node in stubs.body if isinstance(node, ast.ClassDef) and node.name not in helpers}
    functions = {node.name: node for node in stubs.body if isinstance(node, ast.FunctionDef)}
    public = {name for name in vars(_winset) if not name.startswith("_")}
    assert public == classes.keys() | functions.keys()
    for name, node in functions.items():
        assert arguments(node) == real(getattr(_winset, name)), name
    for name, node in classes.items():
        thing = getattr(_winset, name)
        if issubclass(thing, Exception):
            continue
        methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
        there = {method for method in vars(thing) if not method.startswith("_")}
        assert there == {method for method in methods if not method.startswith("_")}, name
        for method, item in methods.items():
            if method == "__new__":
                assert arguments(item) == real(thing), name
            elif not item.decorator_list and not method.startswith("__"):
                assert arguments(item) == real(getattr(thing, method)), f"{name}.{method}"
