"""Where paths part, and what thoughts say."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import (
    DIFFERENCE_OF_SHARES,
    DISTANCE,
    cascade,
    decoded_beyond_chance,
    decoded_change,
    divergence_and_breaking,
    later_distances,
    strata_of_correct,
)
from ctlab.statistics import auc, every_measured_mean, measured_mean, measured_trend
from hypotheses.registry import REASONING_PATH


@pytest.mark.claim(REASONING_PATH["divergence-starts-next"])
def test_divergence_starts_next(claim, ct0_measured, no_op_measured):
    effect = every_measured_mean(
        later_distances(ct0_measured),
        claim,
        unit="lengths",
        bounds=DISTANCE,
        control=later_distances(no_op_measured),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(REASONING_PATH["divergence-accumulates"])
def test_divergence_accumulates(claim, ct0_measured, ct0_from_each_measured):
    effect = measured_trend(cascade(ct0_measured, ct0_from_each_measured), claim, unit="lengths")
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(REASONING_PATH["divergence-predicts-breaking"])
def test_divergence_predicts_breaking(claim, baseline, ct0_blocked, ct0_measured):
    effect = auc(
        *divergence_and_breaking(ct0_measured, baseline, ct0_blocked),
        claim,
        strata=strata_of_correct(baseline, claim.claim.adjust),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(REASONING_PATH["thoughts-decode-to-intermediates"])
def test_thoughts_decode_to_intermediates(claim, problems, baseline_measured):
    effect = measured_mean(decoded_beyond_chance(baseline_measured, problems), claim, bounds=DIFFERENCE_OF_SHARES)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(REASONING_PATH["hidden-thought-loses-its-number"])
def test_hidden_thought_loses_its_number(claim, problems, baseline_measured, ct0_measured):
    effect = measured_mean(
        decoded_change(baseline_measured, ct0_measured, problems), claim, bounds=DIFFERENCE_OF_SHARES
    )
    assert claim.judge(effect) == Verdict.SUPPORTED
