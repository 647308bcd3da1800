from dataclasses import dataclass

import pytest

from ctlab.claims import EVERY_OUTCOME, Claim, Direction, Kind
from ctlab.errors import ClaimError
from ctlab.statistics import (
    additivity,
    auc,
    cochran_q,
    error_composition,
    error_labels,
    error_mix,
    every_measured_mean,
    every_outcome_equivalent,
    impact_correlation,
    interaction,
    measured_mean,
    measured_trend,
    ordered_trend,
    rank_correlation,
    rate_difference,
    rate_equivalence,
    ratio,
    stronger,
)
from ctlab.statistics.requested import check_requested
from tests.statistics.fake_runs import FakeRun, Question, labels

NAMES = ("baseline", "a", "b", "c")
RIGHT = (range(90), range(60), range(30, 95), range(45, 90))


@dataclass(frozen=True)
class Held:
    """What a test holds as its claim."""

    claim: Claim
    alpha: float = 0.05

    @property
    def direction(self):
        return self.claim.direction

    @property
    def margin(self):
        return self.claim.margin


@dataclass(frozen=True)
class Features:
    n_operations: int
    n_tokens: int


def runs(*names):
    right = dict(zip(NAMES, RIGHT, strict=True))
    features = tuple(Features(row % 4 + 1, row % 7 + 9) for row in range(100))
    return [FakeRun(name, labels([row in right[name] for row in range(100)]), features) for name in names]


def held(kind=Kind.DIFFERENCE, direction=Direction.DECREASE, count=2, **fields):
    return Held(
        Claim(id="c", family="f", statement="s", kind=kind, direction=direction, conditions=NAMES[:count], **fields)
    )


UP, EITHER, SAME = Direction.INCREASE, Direction.CHANGE, Direction.EQUIVALENT
OF_RUNS = {
    "difference": (held(), lambda given, claim: rate_difference("CORRECT", *given, claim)),
    "difference, equivalent": (
        held(direction=SAME, margin=0.1),
        lambda given, claim: rate_difference("CORRECT", *given, claim),
    ),
    "equivalence": (
        held(Kind.EQUIVALENCE, SAME, margin=0.1),
        lambda given, claim: rate_equivalence("CORRECT", *given, claim),
    ),
    "every outcome": (
        held(Kind.EQUIVALENCE, SAME, margin=0.1, outcome=EVERY_OUTCOME),
        lambda given, claim: every_outcome_equivalent(*given, claim),
    ),
    "more than": (held(Kind.MORE_THAN, UP, 3), lambda given, claim: stronger(*given[-2:], claim)),
    "error mix": (held(Kind.ERROR_MIX, EITHER), lambda given, claim: error_mix(*given, claim)),
    "error composition": (
        held(Kind.ERROR_COMPOSITION, EITHER),
        lambda given, claim: error_composition(*given, claim),
    ),
    "error labels": (held(Kind.ERROR_LABELS, EITHER), lambda given, claim: error_labels(*given, claim)),
    "interaction": (
        held(Kind.INTERACTION, UP, feature="n_operations", scale="log-odds"),
        lambda given, claim: interaction("n_operations", *given, claim),
    ),
    "correlation": (
        held(Kind.CORRELATION, UP, feature="n_operations"),
        lambda given, claim: impact_correlation("n_operations", *given, claim),
    ),
    "ratio": (held(Kind.RATIO, UP, 3, margin=1.0), lambda given, claim: ratio(*given, claim)),
    "additivity": (held(Kind.ADDITIVITY, UP, 4), lambda given, claim: additivity(*given, claim)),
    "trend": (held(Kind.TREND, count=3), lambda given, claim: ordered_trend(given, claim)),
    "not all equal": (held(Kind.NOT_ALL_EQUAL, EITHER, 4), lambda given, claim: cochran_q(given[1:], claim)),
}
NUMBERS = [0.1, 0.3, 0.2, 0.4, 0.2, 0.5]
OF_MEASUREMENTS = {
    "mean": (held(Kind.MEAN, UP), lambda claim: measured_mean(NUMBERS, claim)),
    "every mean": (held(Kind.EVERY_MEAN, UP), lambda claim: every_measured_mean({"CT1": NUMBERS}, claim)),
    "line": (held(Kind.LINE, UP), lambda claim: measured_trend([[each, 2 * each] for each in NUMBERS], claim)),
    "correlation": (held(Kind.CORRELATION, UP), lambda claim: rank_correlation(NUMBERS, NUMBERS[::-1], claim)),
    "auc": (held(Kind.AUC, UP), lambda claim: auc(NUMBERS, [False, True] * 3, claim)),
}


@pytest.mark.parametrize("name", OF_RUNS)
def test_what_the_claim_names_is_computed_as_for_a_plain_question(name):
    claim, compute = OF_RUNS[name]
    given = runs(*claim.claim.conditions)
    plain = Question(str(claim.direction), claim.margin, claim.alpha)
    assert compute(given, claim).to_json() == compute(given, plain).to_json()


@pytest.mark.parametrize("name", OF_RUNS)
def test_the_same_runs_in_another_order_are_another_claim(name):
    claim, compute = OF_RUNS[name]
    with pytest.raises(ClaimError, match=r"Claim 'c' compares .*, and the statistic was given "):
        compute(list(reversed(runs(*claim.claim.conditions))), claim)


def test_a_condition_that_the_claim_does_not_name():
    with pytest.raises(ClaimError, match="Claim 'c' compares baseline, a, and the statistic was given baseline, b;"):
        rate_difference("CORRECT", *runs("baseline", "b"), held())


@pytest.mark.parametrize("name", OF_RUNS)
def test_a_claim_of_another_kind_about_runs(name):
    given, compute = OF_RUNS[name]
    kind, use = (Kind.IDLE, "idle_thoughts") if given.direction == SAME else (Kind.MEAN, "measured_mean")
    other = held(kind, given.direction, len(given.claim.conditions), margin=given.margin)
    with pytest.raises(ClaimError, match=f"is of the kind '{kind}', and was given to the statistic .*; use {use}"):
        compute(runs(*given.claim.conditions), other)


@pytest.mark.parametrize("name", OF_MEASUREMENTS)
def test_kinds_of_measurements(name):
    claim, compute = OF_MEASUREMENTS[name]
    plain = Question(str(claim.direction), claim.margin, claim.alpha)
    assert compute(claim).to_json() == compute(plain).to_json()
    with pytest.raises(ClaimError, match="is of the kind 'difference', and was given to the statistic "):
        compute(held(direction=UP))


def test_another_outcome_or_feature():
    with pytest.raises(ClaimError, match="names the outcome 'CORRECT', and the statistic was given 'CALC_ERROR'"):
        rate_difference("CALC_ERROR", *runs("baseline", "a"), held())
    with pytest.raises(ClaimError, match="names the feature 'n_operations', and the statistic was given 'n_tokens'"):
        interaction("n_tokens", *runs("baseline", "a"), OF_RUNS["interaction"][0])
    with pytest.raises(ClaimError, match="use every_outcome_equivalent for all outcomes"):
        rate_equivalence("CORRECT", *runs("baseline", "a"), OF_RUNS["every outcome"][0])
    with pytest.raises(ClaimError, match="use every_outcome_equivalent for all outcomes"):
        every_outcome_equivalent(*runs("baseline", "a"), OF_RUNS["equivalence"][0])


def test_a_claim_that_no_statistic_answers():
    with pytest.raises(ClaimError, match=r"kind 'distance', .* measured_mean; no statistic of ctlab answers that kind"):
        measured_mean(NUMBERS, held(Kind.DISTANCE, UP))


def test_a_plain_question_names_nothing():
    check_requested(Question(), "measured_mean", runs=runs("b"), outcome="CORRECT")
