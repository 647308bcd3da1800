"""Which problems need CT0: how what hiding it costs depends on the problem."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import interaction
from hypotheses.registry import (
    PROBLEM_SENSITIVITY,
    PROBLEM_SENSITIVITY_ADJUSTED,
    PROBLEM_SENSITIVITY_IN_POINTS,
    PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED,
)


@pytest.mark.parametrize(
    "feature",
    [pytest.param(each.feature, marks=pytest.mark.claim(each), id=each.id) for each in PROBLEM_SENSITIVITY.claims],
)
def test_impact_of_hiding_ct0(feature, claim, baseline, ct0_blocked):
    effect = interaction(feature, baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.parametrize(
    "feature",
    [
        pytest.param(each.feature, marks=pytest.mark.claim(each), id=each.id)
        for family in (
            PROBLEM_SENSITIVITY_IN_POINTS,
            PROBLEM_SENSITIVITY_ADJUSTED,
            PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED,
        )
        for each in family.claims
    ],
)
def test_impact_in_points_or_adjusted(feature, claim, baseline, ct0_blocked):
    effect = interaction(feature, baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
