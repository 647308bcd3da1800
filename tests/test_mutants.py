"""The changes of code that tests are tried on, and the campaign that tries them, on a house of one module."""

import ast
import subprocess

import pytest

from benchmarks import mutants
from benchmarks.mutants_operators import mutants_of

SOURCE = '''
"""Says 3."""
from typing import TYPE_CHECKING

LIMIT = 1e-9

@dataclass(frozen=True)
class Sizes:
    n: Literal[5] = 7

def decide(α: float, rows: list[int], *, deep: bool = False) -> int | None:
    """Return 4."""
    check(rows)
    if α <= LIMIT and not deep:
        raise ValueError(f"α is {α + 1}")
    total = -max(rows[:total], key="é")
    pairs = [one for one, other in zip(rows, sizes, strict=True) if other]
    total += 2 * 0.0
    return total
'''
EXPECTED = {
    "call removed: check(rows) → pass",
    'raise removed: raise ValueError(f"α is {α + 1}") → pass',
    "return None: return total → return None",
    "boundary: α <= LIMIT → (α < LIMIT)",
    "comparison: α <= LIMIT → (α > LIMIT)",
    "and/or: α <= LIMIT and not deep → (α <= LIMIT or not deep)",
    "not: not deep → (deep)",
    "negated: α <= LIMIT and not deep → (not (α <= LIMIT and (not deep)))",
    "negated: other → (not (other))",
    "sign: -max(rows[:total], key=\"é\") → (max(rows[:total], key='é'))",
    "function: max → min",
    "slice: total → (total) + 1",
    "slice: total → (total) - 1",
    "pairs shifted: sizes → (lambda rows: rows[1:] + rows[:1])(list(sizes))",
    "arithmetic: 2 * 0.0 → (2 / 0.0)",
    "arithmetic: total += 2 * 0.0 → total -= 2 * 0.0",
    "constant: 1e-9 → 1e-06",
    "constant: 7 → 8",
    "constant: 7 → 6",
    "constant: 2 → 3",
    "constant: 2 → 1",
    "constant: 0.0 → 1.0",
    "constant: False → True",
    "constant: True → False",
}


def test_every_change_that_a_test_should_notice_and_no_message():
    found = mutants_of("x.py", SOURCE)
    assert {str(mutant).split(" ", 1)[1] for mutant in found} == EXPECTED
    for mutant in found:
        changed = mutant.apply(SOURCE)
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(SOURCE))
        head, tail = SOURCE.encode()[: mutant.start].decode(), SOURCE.encode()[mutant.end :].decode()
        assert changed == head + mutant.new + tail


def test_a_seed_draws_the_same_places_always_and_none_twice():
    claims = ["ctlab/claims"]
    once = mutants.drawn(claims, 40, 3)
    assert once == mutants.drawn(claims, 40, 3)
    assert once != mutants.drawn(claims, 40, 4)
    assert len({(mutant.path, mutant.start, mutant.end) for mutant in once}) == len(once) == 40
    assert set(once) < set(mutants.drawn(claims, None, 0))


def test_the_nearest_tests_come_first():
    assert mutants.stages("ctlab/statistics/paired/tango.py") == [
        "tests/statistics/paired/test_tango.py",
        "tests/statistics",
        "tests/plugin",
    ]
    assert mutants.stages("ctlab/claims/__init__.py") == ["tests/claims", "tests/plugin"]


MODULE = """
def small(n):
    while n > 50:
        n -= 1
        unnoticed = 7
    return n
"""
TEST = """
from ctlab.claims.size import small

def test_it():
    assert small(51) == 50
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A repository of one module and one test."""
    files = {
        "ctlab/claims/size.py": MODULE,
        "tests/claims/test_size.py": TEST,
        "tests/plugin/test_run.py": "def test_nothing(): ...",
        "pytest.ini": "[pytest]\nmarkers = slow\naddopts = -p no:ctlab.plugin -p no:hypothesispytest -p no:xdist",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "SPARE", 1.0)
    return tmp_path


@pytest.mark.slow
def test_a_campaign_kills_waits_and_lists_what_survives(house, capsys, monkeypatch):
    wanted = {"constant: 7 → 8", "arithmetic: n -= 1 → n += 1", "comparison: n > 50 → (n <= 50)"}
    chosen = [each for each in mutants.drawn(["ctlab/claims"], None, 0) if str(each).split(" ", 1)[1] in wanted]
    fates = {str(outcome.mutant).split(" ")[1]: (outcome.fate, outcome.by) for outcome in mutants.campaign(chosen, 2)}
    assert fates == {
        "comparison:": ("killed", "tests/claims/test_size.py::test_it"),
        "arithmetic:": ("timed out", "tests/claims/test_size.py"),
        "constant:": ("survived", ""),
    }
    assert "survived   ctlab/claims/size.py:5 constant: 7 → 8" in capsys.readouterr().out
    assert (house / "ctlab/claims/size.py").read_text() == MODULE


def test_a_campaign_goes_on_where_it_was_stopped(house, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        mutants, "judge", lambda mutant, *_: asked.append(mutant) or mutants.Outcome(mutant, "survived")
    )
    monkeypatch.setattr(mutants, "time_limits", lambda *_: {})
    everything, file = mutants.drawn(["ctlab/claims"], None, 0), tmp_path / "outcomes.json"
    mutants.campaign(everything[:2], 1, file)
    outcomes = mutants.campaign(everything, 1, file)
    assert [outcome.mutant for outcome in outcomes] == everything == asked
    assert mutants.read(file) == {outcome.mutant: outcome for outcome in outcomes}


def test_tests_that_fail_by_themselves_kill_nothing(house):
    (house / "tests/plugin/test_run.py").write_text("def test_nothing(): assert False\n")
    with pytest.raises(SystemExit, match="tests/plugin fails without any mutant"):
        mutants.campaign(mutants.drawn(["ctlab/claims"], 1, 0))
