"""What a thought holds, by what happens when something else is fed in its place."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import rate_difference, stronger
from hypotheses.registry import THOUGHT_CONTENT


@pytest.mark.claim(THOUGHT_CONTENT["another-problems-ct0-lowers-accuracy"])
def test_another_problems_ct0_lowers_accuracy(claim, baseline, ct0_resampled):
    effect = rate_difference("CORRECT", baseline, ct0_resampled, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(THOUGHT_CONTENT["zeroing-ct0-lowers-accuracy"])
def test_zeroing_ct0_lowers_accuracy(claim, baseline, ct0_zeroed):
    effect = rate_difference("CORRECT", baseline, ct0_zeroed, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(THOUGHT_CONTENT["content-matters-beyond-disturbance"])
def test_content_matters_beyond_disturbance(claim, baseline, ct0_resampled, ct0_noise):
    effect = stronger(ct0_resampled, ct0_noise, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(THOUGHT_CONTENT["decoded-token-is-not-the-thought"])
def test_decoded_token_is_not_the_thought(claim, baseline, ct0_decoded_own_norm):
    effect = rate_difference("CORRECT", baseline, ct0_decoded_own_norm, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(THOUGHT_CONTENT["giving-back-ct2-recovers"])
def test_giving_back_ct2_recovers(claim, ct0_blocked, ct0_blocked_ct2_given_back):
    effect = rate_difference("CORRECT", ct0_blocked, ct0_blocked_ct2_given_back, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(THOUGHT_CONTENT["giving-back-later-thoughts-recovers"])
def test_giving_back_later_thoughts_recovers(claim, ct0_zeroed, ct0_zeroed_rest_given_back):
    effect = rate_difference("CORRECT", ct0_zeroed, ct0_zeroed_rest_given_back, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
