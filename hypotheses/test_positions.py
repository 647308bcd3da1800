"""Which thoughts matter, to whom, and where."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import additivity, cochran_q, ordered_trend, rate_difference, stronger
from hypotheses.registry import POSITION


@pytest.mark.claim(POSITION["thoughts-are-needed"])
def test_thoughts_are_needed(claim, baseline, thoughts_blocked):
    effect = rate_difference("CORRECT", baseline, thoughts_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["position-order"])
def test_position_order(claim, each_blocked):
    effect = cochran_q(each_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["position-order-matched"])
def test_position_order_matched(claim, each_from_answer):
    effect = cochran_q(each_from_answer, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["readers-differ"])
def test_readers_differ(claim, baseline, ct0_from_answer, ct0_from_thoughts):
    effect = stronger(ct0_from_answer, ct0_from_thoughts, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["skip-connections"])
def test_skip_connections(claim, baseline, skip_connections_blocked):
    effect = rate_difference("CORRECT", baseline, skip_connections_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["input-versus-output"])
def test_input_versus_output(claim, baseline, ct0_blocked, ct0_cut_from_question):
    effect = stronger(ct0_blocked, ct0_cut_from_question, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["two-positions-interact"])
def test_two_positions_interact(claim, baseline, ct0_blocked, ct1_blocked, ct0_ct1_blocked):
    effect = additivity(baseline, ct0_blocked, ct1_blocked, ct0_ct1_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["dose-response"])
def test_dose_response(claim, baseline, ct0_doses):
    effect = ordered_trend([baseline, *ct0_doses], claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION["where-in-depth"])
def test_where_in_depth(claim, ct0_thirds):
    effect = cochran_q(ct0_thirds, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
