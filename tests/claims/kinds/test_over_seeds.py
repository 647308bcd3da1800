from dataclasses import replace

import pytest

from ctlab.claims import Direction, Kind
from ctlab.errors import RegistryError
from tests.claims.kinds.making_kinds import claim, effect, promise

NAMES = ("a1", "a2", "b1", "b2")
MORE = claim(Direction.INCREASE, kind=Kind.OVER_SEEDS, conditions=NAMES)
RULES = MORE.kind.rules


def seen(seeds):
    return replace(effect(counted=False), details={"seeds": seeds})


def test_both_recipes_are_named_with_the_number_of_their_seeds():
    assert RULES.null(MORE, seen(2)) == "mean rate of “correct” of b1 and b2 minus mean of a1 and a2 ≤ 0"
    assert RULES.noun(MORE, seen(2)) == "difference between two means over 2 seeds each in the rate of “correct”"
    assert RULES.compared(MORE, seen(2)) is None
    assert RULES.pairs(MORE) == [("a1", "b1"), ("a2", "b2")]


@pytest.mark.parametrize(("seeds", "few"), [(2, True), (4, True), (5, False), (12, False)])
def test_few_seeds_cannot_support_much_and_that_is_said(seeds, few):
    told = RULES.remarks(MORE, seen(seeds), supported=True)
    assert told.startswith(f"n = {seeds} seeds a recipe.")
    assert (f"{seeds} seeds cannot support much" in told) == few


def test_nothing_is_promised():
    assert promise(MORE).detectable is None
    assert "each recipe has 2" in promise(MORE).note


def test_a_recipe_with_more_seeds_than_the_other_is_refused():
    with pytest.raises(RegistryError, match="it has 5 conditions, so leave one out or add one"):
        claim(Direction.INCREASE, kind=Kind.OVER_SEEDS, conditions=(*NAMES, "b3"))
