"""What probabilities of answers say beyond the one answer that is given."""

import pytest

from ctlab.claims import Verdict
from ctlab.measures import (
    OVERCONFIDENCE,
    log_probability_change,
    overconfidence,
    own_answers,
    own_probability,
)
from ctlab.statistics import auc, measured_mean
from hypotheses.registry import ANSWER_PROBABILITY

pytestmark = pytest.mark.wide
FORM = "The answer is: {}"
"""As the models that answer with a number write it."""


@pytest.mark.claim(ANSWER_PROBABILITY["hiding-thoughts-makes-gold-improbable"])
def test_hiding_thoughts_makes_gold_improbable(claim, scored):
    names = ("baseline", "thoughts_blocked", "question_control_answer")
    before, hidden, harmless = (scored(name, "gold", form=FORM) for name in names)
    values, control = (log_probability_change(before, each) for each in (hidden, harmless))
    assert claim.judge(measured_mean(values, claim, unit="nats", control=control)) == Verdict.SUPPORTED


@pytest.mark.claim(ANSWER_PROBABILITY["own-probability-tells-right-from-wrong"])
def test_own_probability_tells_right_from_wrong(claim, baseline, scored):
    odds, right = own_probability(scored("baseline", own_answers(baseline)), baseline)
    assert claim.judge(auc(odds, right, claim)) == Verdict.SUPPORTED


@pytest.mark.claim(ANSWER_PROBABILITY["answers-are-overconfident"])
def test_answers_are_overconfident(claim, baseline, scored):
    values = overconfidence(scored("baseline", own_answers(baseline)), baseline)
    assert claim.judge(measured_mean(values, claim, bounds=OVERCONFIDENCE)) == Verdict.SUPPORTED
