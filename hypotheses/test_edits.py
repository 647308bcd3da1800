"""What a thought can lose or be given before the answer suffers."""

import pytest

from ctlab.claims import Verdict
from ctlab.statistics import rate_difference, stronger
from hypotheses.registry import EDITS_LOW_RANK, EDITS_NOISE, EDITS_STEERING

pytestmark = pytest.mark.wide


@pytest.mark.claim(EDITS_NOISE["noise-in-last-two-thoughts-is-harmless"])
def test_noise_in_last_two_thoughts_is_harmless(claim, baseline, last_two_noise):
    effect = rate_difference("CORRECT", baseline, last_two_noise, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EDITS_NOISE["noise-in-first-two-thoughts-costs-more"])
def test_noise_in_first_two_thoughts_costs_more(claim, baseline, first_two_noise, last_two_noise):
    effect = stronger(first_two_noise, last_two_noise, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EDITS_LOW_RANK["few-components-of-thoughts-are-enough"])
def test_few_components_of_thoughts_are_enough(claim, baseline, components_kept):
    effect = rate_difference("CORRECT", baseline, components_kept, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EDITS_LOW_RANK["random-dimensions-keep-less"])
def test_random_dimensions_keep_less(claim, baseline, random_kept, components_kept):
    effect = stronger(random_kept, components_kept, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EDITS_LOW_RANK["removing-few-components-costs-more-than-random-ones"])
def test_removing_few_components_costs_more_than_random_ones(claim, baseline, components_removed, random_removed):
    effect = stronger(components_removed, random_removed, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EDITS_STEERING["steering-thoughts-is-harmless"])
def test_steering_thoughts_is_harmless(claim, baseline, steered):
    effect = rate_difference("CORRECT", baseline, steered, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(EDITS_STEERING["noise-instead-costs-more-than-steering"])
def test_noise_instead_costs_more_than_steering(claim, baseline, every_thought_noise, steered):
    effect = stronger(every_thought_noise, steered, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
