"""What a linear probe reads from what a thought is fed, beside a control."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import DIFFERENCE_OF_SHARES, StepNode, StepResult, probe_gain
from ctlab.statistics import measured_mean, selectivity
from hypotheses.registry import LEARNED_PROBE

pytestmark = pytest.mark.wide

SECOND = StepResult(step=2, modulo=10)


@pytest.mark.claim(LEARNED_PROBE["a-control-decodes-arithmetic"])
def test_a_control_decodes_arithmetic(claim, learned):
    effect = selectivity(learned(SECOND, thought="CT0", level=0), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(LEARNED_PROBE["a-thought-decodes-more-than-a-control"])
def test_a_thought_decodes_more_than_a_control(claim, learned):
    effect = measured_mean(
        probe_gain(learned(SECOND, thought="CT1", level=0), learned(SECOND, thought="CT0", level=0)),
        claim,
        bounds=DIFFERENCE_OF_SHARES,
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(LEARNED_PROBE["a-thought-holds-the-node-of-its-step"])
def test_a_thought_holds_the_node_of_its_step(claim, learned):
    effect = selectivity(learned(StepNode(step=2), thought="CT0", level=-1), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
