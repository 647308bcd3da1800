"""What each thought does, and where."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import (
    BEYOND_SHUFFLED,
    CARRIED,
    CARRIES,
    DIFFERENCE_OF_SHARES,
    EXCHANGED,
    EXCHANGES,
    IS_LEFT,
    LEFT,
    decoded_steps,
    exchanged_steps,
    left_without,
)
from ctlab.statistics import idle_thoughts, needed_where, read_where, some_measured_mean
from hypotheses.registry import ROLE


@pytest.mark.claim(ROLE["thoughts-are-needed-somewhere"])
def test_thoughts_are_needed_somewhere(claim, baseline, each_blocked):
    effect = needed_where(baseline, each_blocked, claim, feature="n_operations")
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ROLE["thoughts-carry-steps"])
def test_thoughts_carry_steps(claim, problems, baseline_measured):
    effect = some_measured_mean(
        decoded_steps(baseline_measured, problems), claim, asks=CARRIES, labels=CARRIED, bounds=BEYOND_SHUFFLED
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ROLE["step-before-is-left"])
def test_step_before_is_left(claim, baseline, each_blocked):
    effect = some_measured_mean(
        left_without(baseline, each_blocked), claim, asks=LEFT, labels=IS_LEFT, bounds=BEYOND_SHUFFLED
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ROLE["exchanging-a-thought-exchanges-the-answer"])
def test_exchanging_a_thought_exchanges_the_answer(
    claim, baseline, each_matched, each_matched_same, each_matched_first
):
    effect = some_measured_mean(
        exchanged_steps(each_matched, each_matched_same, each_matched_first),
        claim,
        asks=EXCHANGES,
        labels=EXCHANGED,
        bounds=DIFFERENCE_OF_SHARES,
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ROLE["thoughts-are-read"])
def test_thoughts_are_read(claim, baseline, each_from_answer, each_from_next):
    effect = read_where(baseline, [*each_from_answer, *each_from_next], claim, feature="n_operations")
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ROLE["some-thought-is-idle"])
def test_some_thought_is_idle(claim, baseline, each_blocked):
    effect = idle_thoughts(baseline, each_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
