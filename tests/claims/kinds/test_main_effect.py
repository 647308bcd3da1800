import math
from dataclasses import replace

import pytest

from ctlab.claims import Direction, Kind
from ctlab.statistics.power.large_sample import standard_errors
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

MORE = claim(Direction.INCREASE, kind=Kind.MAIN_EFFECT, conditions=("neither", "first", "second", "both"))
RULES = MORE.kind.rules


def test_two_differences_are_named():
    null = "mean of first minus neither and both minus second in the rate of “correct” ≤ 0"
    assert RULES.null(MORE, effect(counted=False)) == null
    assert RULES.noun(MORE, effect()) == "mean of the two differences that the factor makes in the rate of “correct”"
    assert RULES.compared(MORE, effect()) is None


def test_the_mean_of_two_differences_varies_half_as_much_as_one():
    assert RULES.pairs(MORE) == [("neither", "first"), ("second", "both")]
    assert promise(MORE).detectable == pytest.approx(standard_errors(ALPHA) * math.sqrt(0.05 / 1319))


@pytest.mark.parametrize(("low", "said"), [(0.02, True), (-0.02, False)])
def test_both_differences_are_told_and_that_factors_interact(low, said):
    details = {
        "simple": {"without second": 0.1, "with second": 0.3},
        "simultaneous": {
            "first": {"estimate": 0.2, "low": 0.1, "high": 0.3},
            "second": {"estimate": 0.05, "low": -0.02, "high": 0.12},
            "interaction": {"estimate": 0.2, "low": low, "high": 0.4},
        },
    }
    told = RULES.remarks(MORE, replace(effect(), details=details), supported=True)
    assert "first minus neither is +10.0 points, both minus second +30.0 points" in told
    assert "main effect +5.0 points [−2.0 to +12.0]" in told
    assert ("The factors interact" in told) == said
    assert RULES.remarks(MORE, effect(), supported=True) == ""
