import math

import pytest
from statsmodels.stats.power import NormalIndPower

from ctlab.claims import Direction, Kind
from ctlab.statistics.power.large_sample import standard_errors
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

LESS = claim(Direction.INCREASE, kind=Kind.ADDITIVITY, conditions=("baseline", "a", "b", "both"))
RULES = LESS.kind.rules


def test_three_losses_are_named():
    null = "loss of “correct” under a plus loss under b minus loss under both ≤ 0"
    assert RULES.null(LESS, effect(counted=False)) == null
    assert RULES.noun(LESS, effect()) == "sum of the two losses minus the loss together in the rate of “correct”"
    assert RULES.compared(LESS, effect()) is None


def test_two_differences_vary_twice_as_much_as_one():
    assert RULES.pairs(LESS) == [("baseline", "a"), ("b", "both")]
    assert promise(LESS).detectable == pytest.approx(standard_errors(ALPHA) * math.sqrt(0.2 / 1319))


def test_what_is_found_has_the_power_that_statsmodels_gives_it():
    size = promise(LESS).detectable / math.sqrt(2 * 0.1)
    # ratio=0: statsmodels' way of asking for one sample
    power = NormalIndPower().power(size, 1319, ALPHA, ratio=0, alternative="larger")
    assert power == pytest.approx(0.8, abs=1e-6)
