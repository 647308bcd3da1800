"""Which thoughts matter, to whom, and where."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import additivity, cochran_q, ordered_trend, rate_difference, stronger
from hypotheses.registry import (
    DOSE_RESPONSE,
    INPUT_VERSUS_OUTPUT,
    POSITION_ORDER,
    POSITION_ORDER_MATCHED,
    READERS_DIFFER,
    SKIP_CONNECTIONS,
    THOUGHTS_ARE_NEEDED,
    TWO_POSITIONS_INTERACT,
    WHERE_IN_DEPTH,
)


@pytest.mark.claim(THOUGHTS_ARE_NEEDED)
def test_thoughts_are_needed(claim, baseline, thoughts_blocked):
    effect = rate_difference("CORRECT", baseline, thoughts_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION_ORDER)
def test_position_order(claim, each_blocked):
    effect = cochran_q(each_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(POSITION_ORDER_MATCHED)
def test_position_order_matched(claim, each_from_answer):
    effect = cochran_q(each_from_answer, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(READERS_DIFFER)
def test_readers_differ(claim, baseline, ct0_from_answer, ct0_from_thoughts):
    effect = stronger(ct0_from_answer, ct0_from_thoughts, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(SKIP_CONNECTIONS)
def test_skip_connections(claim, baseline, skip_connections_blocked):
    effect = rate_difference("CORRECT", baseline, skip_connections_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(INPUT_VERSUS_OUTPUT)
def test_input_versus_output(claim, baseline, ct0_blocked, ct0_cut_from_question):
    effect = stronger(ct0_blocked, ct0_cut_from_question, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(TWO_POSITIONS_INTERACT)
def test_two_positions_interact(claim, baseline, ct0_blocked, ct1_blocked, ct0_ct1_blocked):
    effect = additivity(baseline, ct0_blocked, ct1_blocked, ct0_ct1_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DOSE_RESPONSE)
def test_dose_response(claim, baseline, ct0_doses):
    effect = ordered_trend([baseline, *ct0_doses], claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(WHERE_IN_DEPTH)
def test_where_in_depth(claim, ct0_thirds):
    effect = cochran_q(ct0_thirds, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
