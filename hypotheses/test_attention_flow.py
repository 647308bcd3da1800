"""Where attention goes."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import DIFFERENCE_OF_SHARES, hub_excess, question_excess, redistribution
from ctlab.statistics import every_measured_mean, measured_mean, measured_trend
from hypotheses.registry import ATTENTION_FLOW


@pytest.mark.claim(ATTENTION_FLOW["ct0-is-a-hub"])
def test_ct0_is_a_hub(claim, baseline_measured, ct0_measured):
    effect = every_measured_mean(
        hub_excess(baseline_measured), claim, bounds=DIFFERENCE_OF_SHARES, control=hub_excess(ct0_measured)
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ATTENTION_FLOW["attention-redistributes"])
def test_attention_redistributes(claim, ct0_measured, control_measured):
    effect = measured_mean(
        redistribution(ct0_measured), claim, bounds=DIFFERENCE_OF_SHARES, control=redistribution(control_measured)
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ATTENTION_FLOW["thoughts-read-the-question"])
def test_thoughts_read_the_question(claim, baseline_measured):
    effect = measured_trend(question_excess(baseline_measured), claim, bounds=DIFFERENCE_OF_SHARES)
    assert claim.judge(effect) == Verdict.SUPPORTED
