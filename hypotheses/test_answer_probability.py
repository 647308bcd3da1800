"""What probabilities of answers say beyond the one answer that is given."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import OVERCONFIDENCE, log_probability_change, overconfidence, own_probability
from ctlab.statistics import auc, measured_mean
from hypotheses.registry import ANSWER_PROBABILITY

pytestmark = pytest.mark.wide


@pytest.mark.claim(ANSWER_PROBABILITY["hiding-thoughts-makes-gold-improbable"])
def test_hiding_thoughts_makes_gold_improbable(claim, gold, gold_thoughts_blocked, gold_control):
    effect = measured_mean(
        log_probability_change(gold, gold_thoughts_blocked),
        claim,
        unit="nats",
        control=log_probability_change(gold, gold_control),
    )
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ANSWER_PROBABILITY["own-probability-tells-right-from-wrong"])
def test_own_probability_tells_right_from_wrong(claim, baseline, own):
    effect = auc(*own_probability(own, baseline), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED


@pytest.mark.claim(ANSWER_PROBABILITY["answers-are-overconfident"])
def test_answers_are_overconfident(claim, baseline, own):
    effect = measured_mean(overconfidence(own, baseline), claim, bounds=OVERCONFIDENCE)
    assert claim.judge(effect) == Verdict.SUPPORTED
