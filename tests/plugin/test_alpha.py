"""The same claim has the same α always, whatever else was selected, in whatever order, on whatever problems."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.claims import Claim, Direction, Family
from ctlab.lab.registered_claims import RegisteredClaims
from ctlab.settings import Settings
from tests.plugin.suite import BENCH, rows, run, run_process, write_suite

FILE = "demo_claims/test_demo.py"
LOWERS, RAISES, CHANGES = (f"{FILE}::test_{name}" for name in ("ct0_lowers", "ct0_raises", "ct4_changes"))
SHUFFLE = """
import os, random

def pytest_collection_modifyitems(items):
    random.Random(os.environ.get("SHUFFLED")).shuffle(items)
"""
NOBODY = None
"""Experiment: of claims that were never registered the level is known without one."""
EVERYTHING = {"ct0-lowers", "ct0-raises", "ct4-changes"}


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


def judged_levels(suite):
    """α and level of the deciding interval of every claim that was judged."""
    return {
        name: (row["alpha"], row["effect"]["level"]) for name, row in rows(suite).items() if row["status"] == "judged"
    }


def expected(names):
    levels = {"ct0-lowers": 1 - 2 * 0.05 / 3, "ct0-raises": 1 - 2 * 0.05 / 3, "ct4-changes": 1 - 0.05 / 3}
    return {name: (pytest.approx(0.05 / 3), pytest.approx(levels[name])) for name in names}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), EVERYTHING),
        (("-k", "raises"), {"ct0-raises"}),
        ((CHANGES, LOWERS), {"ct0-lowers", "ct4-changes"}),
        ((RAISES, "--deselect", LOWERS), {"ct0-raises"}),
        (("--ctlab-limit=60",), EVERYTHING),
        (("-x", "--ctlab-strict"), {"ct0-lowers", "ct0-raises"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_whatever_is_selected(suite, arguments, names):
    run(suite, *arguments)
    assert judged_levels(suite) == expected(names)


@pytest.mark.slow
def test_on_four_workers(suite):
    run_process(suite, "-n4")
    assert judged_levels(suite) == expected(EVERYTHING)


def test_in_any_order(suite, monkeypatch):
    (suite.path / "bench.py").write_text(BENCH + SHUFFLE, encoding="utf-8")
    for seed in "12":
        monkeypatch.setenv("SHUFFLED", seed)
        run(suite)
        assert judged_levels(suite) == expected(EVERYTHING)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.floats(0.001, 0.49), st.data())
def test_it_is_the_familys_divided_by_what_is_registered(sizes, alpha, data):
    families = {}
    for place, size in enumerate(sizes):
        name = f"family-{place}"
        claims = [
            Claim(id=f"{name}-{k}", family=name, statement="It does.", direction=Direction.DECREASE)
            for k in range(size)
        ]
        families[name] = Family(name=name, claims=tuple(data.draw(st.permutations(claims))), alpha=alpha)
    here = Path()
    registered = RegisteredClaims(Settings(recorded={}, store=here, report=here), here)
    registered.families = families  # as read from a module
    for family in families.values():
        selected = data.draw(st.lists(st.sampled_from(family.claims), unique_by=lambda claim: claim.id))
        assert all(registered.standing(c, NOBODY).alpha == alpha / len(family.claims) for c in selected)
