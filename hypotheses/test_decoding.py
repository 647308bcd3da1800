"""What thoughts say of the worked solution."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import (
    BEYOND_SHUFFLED,
    bridges_and_length,
    even_above_odd,
    strata_of_traces,
    traces_and_answers,
    whole_bridges,
    whole_traces,
)
from ctlab.statistics import auc, measured_mean, stronger
from hypotheses.registry import DECODING

pytestmark = pytest.mark.wide


@pytest.mark.claim(DECODING["gold-traces-are-decodable"])
def test_gold_traces_are_decodable(claim, baseline, baseline_measured):
    effect = measured_mean(whole_traces(baseline_measured, baseline), claim, bounds=BEYOND_SHUFFLED)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DECODING["decodable-traces-are-answered-right"])
def test_decodable_traces_are_answered_right(claim, baseline, baseline_measured):
    effect = auc(
        *traces_and_answers(baseline_measured, baseline),
        claim,
        strata=strata_of_traces(baseline, claim.claim.adjust),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DECODING["even-thoughts-say-results"])
def test_even_thoughts_say_results(claim, problems, baseline_measured):
    effect = measured_mean(even_above_odd(baseline_measured, problems), claim, bounds=BEYOND_SHUFFLED)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DECODING["answers-read-even-thoughts"])
def test_answers_read_even_thoughts(claim, even_from_answer, odd_from_answer):
    effect = stronger(even_from_answer, odd_from_answer, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DECODING["last-thoughts-read-even-thoughts"])
def test_last_thoughts_read_even_thoughts(claim, even_from_last, odd_from_last):
    effect = stronger(even_from_last, odd_from_last, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DECODING["bridges-are-whole-at-two-and-three-steps"])
def test_bridges_are_whole_at_two_and_three_steps(claim, problems, baseline_measured):
    effect = measured_mean(whole_bridges(baseline_measured, problems, steps=(2, 3)), claim, bounds=BEYOND_SHUFFLED)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DECODING["bridges-are-partial-beyond-three-steps"])
def test_bridges_are_partial_beyond_three_steps(claim, problems, baseline_measured):
    effect = auc(*bridges_and_length(baseline_measured, problems, few=3), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
