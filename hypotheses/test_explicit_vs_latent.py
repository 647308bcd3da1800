"""Thoughts against the steps that the same weights write."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import additivity, rate_difference, rate_equivalence
from hypotheses.registry import DISTURBED_STEPS, EXPLICIT_VS_LATENT

pytestmark = pytest.mark.wide


@pytest.mark.claim(EXPLICIT_VS_LATENT["thoughts-as-good-as-written-steps"])
def test_thoughts_as_good_as_written_steps(claim, explicit, baseline):
    effect = rate_equivalence("CORRECT", explicit, baseline, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EXPLICIT_VS_LATENT["thoughts-better-than-none"])
def test_thoughts_better_than_none(claim, at_once, baseline):
    effect = rate_difference("CORRECT", at_once, baseline, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EXPLICIT_VS_LATENT["written-steps-better-than-none"])
def test_written_steps_better_than_none(claim, at_once, explicit):
    effect = rate_difference("CORRECT", at_once, explicit, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DISTURBED_STEPS["thoughts-unhurt-by-other-thoughts"])
def test_thoughts_unhurt_by_other_thoughts(claim, baseline, thoughts_resampled):
    effect = rate_equivalence("CORRECT", baseline, thoughts_resampled, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DISTURBED_STEPS["written-steps-hurt-by-other-steps"])
def test_written_steps_hurt_by_other_steps(claim, explicit, steps_resampled):
    effect = rate_difference("CORRECT", explicit, steps_resampled, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(DISTURBED_STEPS["written-steps-hurt-more-than-thoughts"])
def test_written_steps_hurt_more_than_thoughts(claim, baseline, explicit, thoughts_resampled, steps_resampled):
    effect = additivity(baseline, explicit, thoughts_resampled, steps_resampled, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
