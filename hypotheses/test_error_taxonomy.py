"""What kind of errors appear when a thought is hidden."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import error_composition, error_labels, every_outcome_equivalent, rate_difference, stronger
from hypotheses.registry import ERROR_TAXONOMY


@pytest.mark.claim(ERROR_TAXONOMY["ct0-lowers-accuracy"])
def test_ct0_lowers_accuracy(claim, baseline, ct0_blocked):
    effect = rate_difference("CORRECT", baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ERROR_TAXONOMY["ct0-raises-calc-error"])
def test_ct0_raises_calc_error(claim, baseline, ct0_blocked):
    effect = rate_difference("CALC_ERROR", baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ERROR_TAXONOMY["ct0-shifts-error-composition"])
def test_ct0_shifts_error_composition(claim, baseline, ct0_blocked):
    effect = error_composition(baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ERROR_TAXONOMY["ct0-shifts-error-labels"])
def test_ct0_shifts_error_labels(claim, baseline, ct0_blocked):
    effect = error_labels(baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ERROR_TAXONOMY["ct0-raises-operation-reversal"])
def test_ct0_raises_operation_reversal(claim, baseline, ct0_blocked):
    effect = rate_difference("OPERATION_REVERSAL", baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ERROR_TAXONOMY["ct4-leaves-errors-alone"])
def test_ct4_leaves_errors_alone(claim, baseline, ct4_blocked):
    effect = every_outcome_equivalent(baseline, ct4_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ERROR_TAXONOMY["ct0-matters-more-than-ct4"])
def test_ct0_matters_more_than_ct4(claim, baseline, ct0_from_answer, ct4_from_answer):
    effect = stronger(ct0_from_answer, ct4_from_answer, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
