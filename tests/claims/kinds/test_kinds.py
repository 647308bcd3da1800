"""Every kind has one class that says everything, and every class is the class of one kind."""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from ctlab.claims import Direction, Kind
from ctlab.claims.kinds import CLASSES
from ctlab.claims.kinds.base import Takes
from ctlab.claims.reasons import counts
from ctlab.errors import RegistryError
from ctlab.records.effect import ALTERNATIVES
from tests.claims.kinds.making_kinds import claim, effect, promise

ROOT = Path(__file__).parents[3]
NAMES = ("baseline", "a", "b", "c")
each_kind = pytest.mark.parametrize("kind", list(Kind))


def of_kind(kind, **fields):
    """A claim of a kind in the first direction that its `check` allows: an increase, but for an equivalence."""
    first = Direction.EQUIVALENT if kind == Kind.EQUIVALENCE else Direction.INCREASE
    for direction in (first, Direction.DECREASE, Direction.EQUIVALENT, Direction.CHANGE):
        with suppress(RegistryError):
            return claim(direction, kind=kind, margin=0.05, **{"conditions": NAMES, **fields})
    raise AssertionError(f"{kind} refuses every direction with the margin 0.05 and the conditions {NAMES}")


def test_every_kind_has_exactly_one_class_and_every_class_one_kind():
    answered = Counter(kind().name for kind in CLASSES)
    named = Counter(str(kind) for kind in Kind)
    assert not named - answered, "these kinds have no class"
    assert not answered - named, "these classes are of no kind, or of one that another class has too"
    files = {path.stem for path in (ROOT / "ctlab/claims/kinds").glob("*.py")} - {
        "__init__",
        "base",
        "four_runs",
        "promise",
        "words",
    }
    assert {kind.__module__.rpartition(".")[2] for kind in CLASSES} == files, "one file a kind"


@each_kind
def test_its_class_is_found_by_its_name(kind):
    assert kind.rules.name == kind
    assert type(kind.rules) in CLASSES


def test_p_alone_decides_where_a_whole_vector_is_tested_and_nowhere_else():
    # Their intervals describe a size that is never below 0, or that of one pair of many.
    assert {kind for kind in Kind if kind.rules.by_p_alone} == {
        Kind.ERROR_MIX,
        Kind.ERROR_COMPOSITION,
        Kind.ERROR_LABELS,
        Kind.NOT_ALL_EQUAL,
    }


@each_kind
def test_its_statistics_exist_and_ask_for_it_by_their_own_name(kind):
    assert bool(kind.rules.statistics) == (kind != Kind.DISTANCE)
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "ctlab" / "statistics").rglob("*.py")]
    for name in kind.rules.statistics:
        (source,) = (text for text in sources if f"def {name}(" in text)
        assert f'check_requested(claim, "{name}"' in source


@each_kind
def test_what_its_statistic_takes_are_conditions_of_the_claim(kind):
    taken = kind.rules.taken(of_kind(kind))
    assert taken == {Takes.EVERY_RUN: NAMES, Takes.TREATED_RUNS: NAMES[1:], Takes.MEASUREMENTS: ()}[kind.rules.takes]
    for pair in kind.rules.pairs(of_kind(kind)):
        assert set(pair) <= set(taken)


@each_kind
@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize("conditions", [NAMES[:count] for count in (1, 2, 3, 4)], ids=len)
def test_it_has_words_whatever_was_measured(kind, alternative, conditions):
    """An effect may be the test's own: no unit, side or number of conditions may leave a judgement without words."""
    judged = of_kind(kind, conditions=conditions)
    plain = effect(boundary=0.05)
    for measured in (plain, replace(plain, unit="lengths", lost=None, gained=None), replace(plain, null="mean ≤ 0.05")):
        said = replace(measured, alternative=alternative)
        compared = kind.rules.compared(judged, said)
        assert kind.rules.noun(judged, said)
        assert kind.rules.null(judged, said)
        assert bool(counts(judged, said, compared)) == (said.lost is not None)


@each_kind
def test_it_promises_a_number_or_says_why_it_does_not(kind):
    for fields in ({}, {"n": 50}, {"spread": 0.5}):
        made = promise(of_kind(kind), **fields)
        numbers = [value for value in (made.detectable, made.provable) if value is not None]
        assert len(numbers) == 1 or (not numbers and made.note)


@each_kind
def test_a_plan_rests_on_nothing_that_it_does_not_name(kind):
    usual = promise(of_kind(kind))
    for fact, value in (("discordance", 0.2), ("rate", 0.5), ("spread", 2.0)):
        if fact not in kind.rules.plans_with:
            assert promise(of_kind(kind), **{fact: value}) == usual


@each_kind
def test_an_effect_without_a_side_refutes_nothing(kind):
    assert not kind.rules.refutes(effect(0, 200, alternative="two-sided"))


@each_kind
def test_the_page_about_verdicts_has_its_row(kind):
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{kind}` \|", page, re.MULTILINE)
