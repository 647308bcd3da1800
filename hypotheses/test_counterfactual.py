"""What thoughts hold, asked by pairs that differ in one result."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import (
    DIFFERENCE_OF_SHARES,
    INTERCHANGED,
    INTERCHANGES,
    every_interchange,
    interchanged_beyond_same,
    interchanged_steps,
    same_value_change,
    with_length,
    within,
)
from ctlab.statistics import every_measured_mean, measured_mean, rank_correlation, some_measured_mean
from hypotheses.claims.counterfactual import FIFTH, FIFTH_SAME, OWN, OWN_SAME, THIRD, THIRD_SAME
from hypotheses.registry import COUNTERFACTUAL

pytestmark = pytest.mark.wide


@pytest.mark.claim(COUNTERFACTUAL["third-thought-holds-an-intermediate-result"])
def test_third_thought_holds_an_intermediate_result(claim, run, baseline):
    effect = some_measured_mean(
        interchanged_steps([run(name) for name in THIRD], [run(name) for name in THIRD_SAME]),
        claim,
        asks=INTERCHANGES,
        labels=INTERCHANGED,
        bounds=DIFFERENCE_OF_SHARES,
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(COUNTERFACTUAL["fifth-thought-holds-an-intermediate-result"])
def test_fifth_thought_holds_an_intermediate_result(claim, run, baseline):
    effect = some_measured_mean(
        interchanged_steps([run(name) for name in FIFTH], [run(name) for name in FIFTH_SAME]),
        claim,
        asks=INTERCHANGES,
        labels=INTERCHANGED,
        bounds=DIFFERENCE_OF_SHARES,
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(COUNTERFACTUAL["same-value-changes-nothing"])
def test_same_value_changes_nothing(claim, run, baseline):
    effect = every_measured_mean(
        within(same_value_change([run(name) for name in OWN_SAME], baseline), 0.03), claim, bounds=(-0.97, 1.03)
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(COUNTERFACTUAL["bridge-is-held-at-two-or-three-steps"])
def test_bridge_is_held_at_two_or_three_steps(claim, baseline, ct0_pair_1, ct0_same_pair_1):
    effect = measured_mean(
        interchanged_beyond_same(ct0_pair_1, ct0_same_pair_1, at_most=3), claim, bounds=DIFFERENCE_OF_SHARES
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(COUNTERFACTUAL["bridges-fade-with-steps"])
def test_bridges_fade_with_steps(claim, baseline, ct0_pair_1, ct0_same_pair_1):
    effect = rank_correlation(*with_length(ct0_pair_1, ct0_same_pair_1), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(COUNTERFACTUAL["thoughts-hold-the-node-of-their-hop"])
def test_thoughts_hold_the_node_of_their_hop(claim, run, baseline):
    effect = every_measured_mean(
        every_interchange([run(name) for name in OWN], [run(name) for name in OWN_SAME]),
        claim,
        bounds=DIFFERENCE_OF_SHARES,
    )
    assert claim.judge(effect) == Verdict.SUPPORTED
