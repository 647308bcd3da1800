"""Four models of one curriculum against each other: written steps, recycled states, pauses in one pass or several."""

import pytest

from ctlab.claims import Verdict
from hypotheses.registry import CURRICULUM_AGAINST_WRITTEN, CURRICULUM_CONTROLS

pytestmark = pytest.mark.wide


@pytest.mark.claim(CURRICULUM_CONTROLS)
@pytest.mark.usefixtures("able")
def test_curriculum_controls(claim):
    effect = claim.effect()
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(CURRICULUM_AGAINST_WRITTEN)
@pytest.mark.usefixtures("able")
def test_curriculum_against_written(claim):
    effect = claim.effect()
    assert claim.judge(effect) == Verdict.SUPPORTED
