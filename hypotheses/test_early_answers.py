"""The answer forced after fewer thoughts: what thoughts are needed for, and when the answer is decided."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import decoded_after_commitment, within_thoughts
from ctlab.statistics import interaction, measured_mean, ordered_trend, rate_difference
from hypotheses.registry import EARLY_ANSWER

pytestmark = pytest.mark.wide


@pytest.mark.claim(EARLY_ANSWER["answers-need-no-thoughts"])
def test_answers_need_no_thoughts(claim, baseline, after_0):
    effect = rate_difference("CORRECT", baseline, after_0, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EARLY_ANSWER["answers-need-no-last-thought"])
def test_answers_need_no_last_thought(claim, baseline, after_5):
    effect = rate_difference("CORRECT", baseline, after_5, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EARLY_ANSWER["each-thought-raises-accuracy"])
def test_each_thought_raises_accuracy(claim, early_answers):
    effect = ordered_trend(early_answers, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EARLY_ANSWER["longer-problems-are-decided-later"])
def test_longer_problems_are_decided_later(claim, baseline, after_3):
    effect = interaction("n_operations", baseline, after_3, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EARLY_ANSWER["output-commits-before-representation"])
def test_output_commits_before_representation(claim, early_answers, baseline, baseline_measured):
    effect = measured_mean(
        decoded_after_commitment(early_answers, baseline, baseline_measured),
        claim,
        unit="thoughts",
        bounds=within_thoughts(early_answers),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED
