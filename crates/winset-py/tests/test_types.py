"""The stubs: mypy accepts the package, what the documentation shows and uses that are right, and refuses uses that are wrong."""

import doctest
import json
import pathlib
import re
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent

#: PyArrow and pandas bring no types.
STRICT = ["--strict", "--disable-error-code=import-untyped"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> pathlib.Path:
    return tmp_path_factory.mktemp("mypy")


def check(cache: pathlib.Path, *words: str | pathlib.Path) -> None:
    command = [sys.executable, "-m", "mypy", *STRICT, f"--cache-dir={cache}", *map(str, words)]
    # Elsewhere, so that no settings but these count.
    said = subprocess.run(command, cwd=cache, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def shown(root: pathlib.Path, folder: pathlib.Path) -> list[pathlib.Path]:
    """The code of the documentation, a file for the page, for each of its scripts, and for each notebook."""
    text = (root / "docs/python.md").read_text()
    blocks = re.findall(r"^```(pycon|python)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    session = "\n".join(block for kind, block in blocks if kind == "pycon")
    sources = {"page": "".join(example.source for example in doctest.DocTestParser().get_examples(session))}
    # Ray is not installed here.
    scripts = [block for kind, block in blocks if kind == "python" and "import ray" not in block]
    sources |= {f"script_{number}": script for number, script in enumerate(scripts)}
    for notebook in sorted((root / "docs/notebooks").glob("*.ipynb")):
        cells = json.loads(notebook.read_text())["cells"]
        sources[notebook.stem] = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert len(sources) >= 5
    files = [folder / f"{name}.py" for name in sources]
    for file, source in zip(files, sources.values(), strict=True):
        file.write_text(source)
    return files


def test_right_uses_are_accepted_and_wrong_ones_refused(cache, root, tmp_path):
    check(cache, HERE / "typed.py", *shown(root, tmp_path))


def test_the_package_is_typed_throughout(cache):
    check(cache, "--package", "winset")


def test_the_stubs_say_what_the_module_does(tmp_path):
    """Kinds of arguments and their defaults, too, which names alone (test_docs.py) do not tell."""
    helpers = ["Amount", "ArrowTable", "Day", "Progress", "Shock", "__all__"]
    (tmp_path / "allowed").write_text("\n".join(f"winset._winset.{name}" for name in helpers))
    command = [sys.executable, "-m", "mypy.stubtest", "winset._winset", "--allowlist", str(tmp_path / "allowed")]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
