"""Which thought is read by whom, and in which layer, by hiding each alone from each."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import most_in_sweep
from hypotheses.registry import SWEEPS

pytestmark = pytest.mark.wide


@pytest.mark.claim(SWEEPS["some-thought-needs-an-earlier-one"])
def test_some_thought_needs_an_earlier_one(claim, swept):
    effect = most_in_sweep(swept(), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SWEEPS["the-answer-needs-some-thought-in-a-single-layer"])
def test_the_answer_needs_some_thought_in_a_single_layer(claim, swept):
    effect = most_in_sweep(swept(), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
