"""A suite's code that fails is one sentence with the suite's own file and line."""

import sys

import pytest

from ctlab.errors import RegistryError
from ctlab.lab.registry_module import find_module, load_families, why_no_module
from ctlab.lab.suite_code import suites_code

GOOD = """\
from ctlab.claims import Claim, Direction, Family

X = Claim(id="x", family="f", statement="S.", direction=Direction.DECREASE, conditions=("baseline", "a"))
FAMILIES = (Family(name="f", claims=(X,)),)
"""
ALL = 'FAMILIES = (Family(name="f", claims=(X,)),)'


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module of claims into a folder that is on the path, and return how it is loaded."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)

    def load(text):
        (tmp_path / "their_claims.py").write_text(text, encoding="utf-8")
        sys.modules.pop("their_claims", None)
        return load_families("their_claims", find_module("their_claims", tmp_path))

    yield load
    sys.modules.pop("their_claims", None)


def test_a_module_that_is_right_gives_its_families(module):
    assert [family.name for family in module(GOOD)] == ["f"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "claims=(X,)",
            "claims=(X)",
            "line 4: Family 'f': claims is a tuple of claims, got the claim 'x'; write",
        ),
        ("FAMILIES = (", "FAMILIES = ((", "line 4: SyntaxError: '(' was never closed in `FAMILIES = (("),
        (
            "Family\n",
            "Families\n",
            "line 1: ImportError: cannot import name 'Families' from 'ctlab.claims'; did",
        ),
        (
            "statement=",
            "statements=",
            "line 3: TypeError: Claim.__init__() got an unexpected keyword argument 'statements'",
        ),
        ("claims=(X,)", "claims=(Y,)", "line 4: NameError: name 'Y' is not defined"),
        ("DECREASE", "DECREASES", "line 3: AttributeError: Direction has no DECREASES; did you mean 'DECREASE'?"),
        ("X = ", "import nothere\nX = ", "line 3: ModuleNotFoundError: No module named 'nothere'"),
        ("X = ", "raise SystemExit('no')\nX = ", "line 3: it ends Python by SystemExit (no)"),
        ("Direction.DECREASE", "'down'", "line 3: Claim 'x': there is no direction 'down'"),
    ],
)
def test_a_module_that_fails_says_its_line(module, old, new, said):
    with pytest.raises(RegistryError) as refused:
        module(GOOD.replace(old, new, 1))
    assert str(refused.value).startswith(f"their_claims.py, {said}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("(X,)),)", "(X,)))", "it has the family 'f' itself: write (FAMILY,), with a comma"),
        ("FAMILIES =", "FAMILY =", "it has none: name it FAMILIES"),
        (
            'FAMILIES = (Family(name="f", claims=(X,)),)',
            "FAMILIES = (X,)",
            "a Claim in it: put the claims into a Family",
        ),
        (ALL, "FAMILIES = ()", "an empty one: put a family into it"),
    ],
)
def test_what_stands_in_place_of_the_families(module, old, new, said):
    with pytest.raises(RegistryError) as refused:
        module(GOOD.replace(old, new))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("claims.registry2", "names a module that is not there (looked for in "),
        ("claims/registry.py", "is a path, and a module's name is wanted; did you mean claims.registry?"),
        ("claims", "is a folder, and the module in it that holds FAMILIES is wanted; did you mean claims.registry?"),
        ("hypotheses.registry", "write `ctlab_registry = claims.registry` below [pytest] into pytest.ini"),
    ],
)
def test_a_registry_that_is_not_there(tmp_path, name, said):
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "registry.py").write_text(GOOD, encoding="utf-8")
    assert said in why_no_module(name, tmp_path)


def test_what_is_spared_is_let_through():
    with pytest.raises(KeyError), suites_code(spared=(KeyError,)):
        raise KeyError("theirs")
