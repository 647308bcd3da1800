"""Old public names: each leads to what it is called now, with one warning, and nothing of ours uses one."""

import ast
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pytest

import ctlab.deprecated
from ctlab.deprecated import MOVED, sentence, take_used
from ctlab.errors import CtlabDeprecationWarning

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "claims",
    "generation",
    "interventions",
    "models",
    "outcomes",
    "problems",
    "reporting",
    "statistics",
    "store",
)
"""Everything that had an ``__all__`` in the first release."""


@pytest.fixture(autouse=True)
def forgotten():
    """What a test uses here is not said in the header of a run that another test makes in this process."""
    yield
    take_used()


@pytest.mark.parametrize("old", MOVED)
def test_an_old_name_is_the_new_one_and_says_so_where_it_is_used(old):
    home, _, name = old.rpartition(".")
    with pytest.warns(CtlabDeprecationWarning, match=f"^{sentence(old)}$") as warned:
        value = getattr(import_module(home), name)
    new_home, _, new_name = MOVED[old].rpartition(".")
    assert value is getattr(import_module(new_home), new_name)
    assert {Path(warning.filename) for warning in warned} == {Path(__file__)}
    assert take_used() == [old]
    assert take_used() == []


def test_the_table_is_sorted_and_leads_to_no_old_name():
    assert list(MOVED) == sorted(MOVED)
    assert not set(MOVED.values()) & set(MOVED)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_never_was_is_an_error_in_every_package(package):
    module = import_module(f"ctlab.{package}")
    with pytest.raises(AttributeError, match=f"module 'ctlab.{package}' has no attribute 'never_was'"):
        _ = module.never_was
    with pytest.raises(ImportError):
        import_module(f"ctlab.{package}.never_was")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_can_be_moved_out_of_every_package(package, monkeypatch):
    monkeypatch.setitem(MOVED, f"ctlab.{package}.never_was", "ctlab.records.Verdict")
    with pytest.warns(CtlabDeprecationWarning, match=f"ctlab.{package}.never_was is now ctlab.records.Verdict"):
        assert import_module(f"ctlab.{package}").never_was is import_module("ctlab.records").Verdict


def test_a_module_that_is_gone_is_found_where_the_table_has_names_of_it():
    with pytest.warns(CtlabDeprecationWarning, match=r"ctlab.lab.MeasuringEngine"):
        from ctlab.plugin.engine import MeasuringEngine
    assert MeasuringEngine is import_module("ctlab.lab").MeasuringEngine
    with pytest.raises(ImportError, match="ModelEngines"):
        from ctlab.plugin.engine import ModelEngines  # noqa: F401


def test_plain_python_warns_once_a_place_and_needs_no_torch():
    code = (
        "import sys\n"
        "for _ in range(2):\n"
        "    from ctlab.generation import Decoding, Measurement\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    said = [line for line in done.stderr.splitlines() if "CtlabDeprecationWarning" in line]
    assert [line.partition("Warning: ")[2] for line in said] == [
        sentence("ctlab.generation.Decoding"),
        sentence("ctlab.generation.Measurement"),
    ]


def used_names(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)


@pytest.mark.parametrize("folder", ["ctlab", "fixtures", "hypotheses", "benchmarks", "docs"])
def test_nothing_of_ours_uses_an_old_name(folder):
    used = {path: set(used_names(path)) & set(MOVED) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path): names for path, names in used.items() if names} == {}


def test_no_page_names_an_old_name():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {page.name: [old for old in MOVED if f"{old}`" in page.read_text(encoding="utf-8")] for page in pages}
    assert {page: names for page, names in named.items() if names} == {}


def test_looking_for_a_module_that_never_was_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not hasattr(ctlab.deprecated, "never_was")
        with pytest.raises(ImportError):
            import_module("ctlab.never_was")


@pytest.mark.filterwarnings("ignore::ctlab.errors.CtlabDeprecationWarning")
@pytest.mark.parametrize("name", (ROOT / "tests/data/public_names_0.1.0.txt").read_text(encoding="utf-8").split())
def test_every_public_name_of_the_first_release_is_there(name):
    """The list is what each ``__all__`` of 0.1.0 held, never edited: a rename without a line in the table fails."""
    home, _, attribute = name.rpartition(".")
    assert hasattr(import_module(home), attribute)
