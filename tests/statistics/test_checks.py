"""Every statistic refuses what is no data or no question, by name, with the value and what to do; never a number."""

import math
from types import SimpleNamespace

import pytest

from ctlab import statistics
from ctlab.errors import PairingError, StatisticsError
from tests.statistics.fake_runs import FakeRun, Question, labels

BASELINE = FakeRun("baseline", labels([True] * 60 + [False] * 40))
TREATED = FakeRun("treated", labels([True] * 40 + [False] * 60))
EMPTY = FakeRun("baseline", ())
SHORT = FakeRun("treated", labels([True] * 99))
TWICE = FakeRun("treated", BASELINE.labels, ids=("p0", "p0", *(f"p{k}" for k in range(2, 100))))
ASTRAY = FakeRun("treated", BASELINE.labels, ids=tuple(f"p{99 - k}" for k in range(100)))
PAIRINGS = {
    "empty": ((EMPTY, EMPTY), r"baseline holds no problems.*give it at least one problem"),
    "short": ((BASELINE, SHORT), "baseline holds 100 problems and treated 99.*subset both by id"),
    "twice": ((BASELINE, TWICE), "Problem p0 is there twice in treated.*Drop one row"),
    "astray": ((BASELINE, ASTRAY), r"Row 0 is problem p0 in baseline and p99 in treated.*Sort both"),
}


def featured(values):
    return FakeRun("baseline", BASELINE.labels, tuple(SimpleNamespace(length=value) for value in values))


def of_runs(before, after, *, direction=None, margin=None, alpha=0.05):
    """Every statistic of runs, asked the question that fits it unless told otherwise."""

    def asking(usual, usual_margin=0.0):
        return Question(direction or usual, usual_margin if margin is None else margin, alpha)

    return {
        "rate_difference": lambda: statistics.rate_difference("CORRECT", before, after, asking("decrease")),
        "rate_equivalence": lambda: statistics.rate_equivalence("CORRECT", before, after, asking("equivalent", 0.02)),
        "at_least": lambda: statistics.at_least("CORRECT", before, after, asking("decrease", 0.1)),
        "change": lambda: statistics.change("CORRECT", before, after, asking("change")),
        "stronger": lambda: statistics.stronger(before, after, asking("increase")),
        "every_outcome": lambda: statistics.every_outcome_equivalent(before, after, asking("equivalent", 0.02)),
        "error_mix": lambda: statistics.error_mix(before, after, asking("change"), power=False),
        "error_composition": lambda: statistics.error_composition(before, after, asking("change"), power=False),
        "error_labels": lambda: statistics.error_labels(before, after, asking("change"), power=False),
        "ratio": lambda: statistics.ratio(before, after, after, asking("increase", 2.0)),
        "additivity": lambda: statistics.additivity(before, after, after, after, asking("increase")),
        "trend": lambda: statistics.ordered_trend([before, after], asking("decrease")),
        "cochran_q": lambda: statistics.cochran_q([before, after], asking("change")),
        "interaction": lambda: statistics.interaction(
            "length", FakeRun(before.name, before.labels, featured(range(len(before.ids))).features, ids=before.ids),
            after, asking("increase"),
        ),
    }  # fmt: skip


KINDS = list(of_runs(BASELINE, TREATED))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pairing", PAIRINGS)
def test_runs_that_are_no_pairs(kind, pairing):
    runs, message = PAIRINGS[pairing]
    with pytest.raises(PairingError, match=message):
        of_runs(*runs)[kind]()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alpha", [0.0, 0.5, 5, -0.05, math.nan, None, "0.05"])
def test_levels_that_are_none(kind, alpha):
    with pytest.raises(StatisticsError, match=r"alpha must .*got .*; give it as a proportion \(5 % is 0.05\)"):
        of_runs(BASELINE, TREATED, alpha=alpha)[kind]()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("margin", [-0.1, math.nan, math.inf])
def test_margins_that_are_none(kind, margin):
    with pytest.raises(StatisticsError, match=f"margin.*got (margin=)?{margin}.*;"):
        of_runs(BASELINE, TREATED, margin=margin)[kind]()


@pytest.mark.parametrize("kind", ["rate_equivalence", "every_outcome", "at_least", "ratio"])
def test_margins_that_must_not_be_zero(kind):
    with pytest.raises(StatisticsError, match=r"margin above 0|margin must be above 0"):
        of_runs(BASELINE, TREATED, margin=0.0)[kind]()


@pytest.mark.parametrize("kind", ["rate_difference", "stronger", "additivity", "change"])
def test_a_two_sided_test_takes_no_margin(kind):
    with pytest.raises(StatisticsError, match=r"A two-sided test takes no margin, got margin=0\.02; choose"):
        of_runs(BASELINE, TREATED, direction="change", margin=0.02)[kind]()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("rate_equivalence", "every_outcome", "ratio")])
def test_directions_that_are_none(kind):
    if kind in ("error_mix", "error_composition", "error_labels"):
        return  # reads no direction: kinds of errors shift or do not
    with pytest.raises(StatisticsError, match="got 'up'; give the claim one of them"):
        of_runs(BASELINE, TREATED, direction="up")[kind]()


@pytest.mark.parametrize("outcome", ["RIGHT", "correct", "", None])
def test_outcomes_that_are_none(outcome):
    claim, change = Question("increase"), Question("change")
    for wrong in (
        lambda: statistics.rate_difference(outcome, BASELINE, TREATED, claim),
        lambda: statistics.stronger(BASELINE, TREATED, claim, outcome=outcome),
        lambda: statistics.cochran_q([BASELINE, TREATED], change, outcome=outcome),
        lambda: statistics.ordered_trend([BASELINE, TREATED], claim, outcome=outcome),
        lambda: statistics.interaction("length", featured(range(100)), TREATED, claim, outcome=outcome),
    ):
        with pytest.raises(StatisticsError, match=f"There is no outcome {outcome!r}"):
            wrong()


UP = Question("increase")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: statistics.measured_mean([], UP), "at least one problem, got .*; give one row a problem"),
        (lambda: statistics.measured_mean([1.0], UP), "at least two problems.*got 1; measure more"),
        (lambda: statistics.measured_mean([1.0, math.nan], UP), "got nan in row 1; leave such problems out"),
        (lambda: statistics.measured_mean([1.0, None], UP), "nan in row 1; leave such problems out"),
        (lambda: statistics.measured_mean(["a", "b"], UP), "must be numbers.*; leave out what is none"),
        (lambda: statistics.measured_trend([[1, 2], [1]], UP), "as many for every problem; leave out"),
        (lambda: statistics.measured_mean([1, 2], Question("increase", margin=-1)), "must not be negative, got -1;"),
        (lambda: statistics.auc([1, math.nan], [True, False], UP), "finite number, got nan; remove"),
        (lambda: statistics.auc([1, 2, 3], [True, False], UP), "must pair up, got 3 and 2; give both"),
        (lambda: statistics.auc([1, 2], [True, False], Question("increase", 0.6)), "below 0.5, got 0.6; give it"),
        (lambda: statistics.auc([1, 2], [True, False], Question("change", 0.1)), "two-sided test takes no margin"),
        (lambda: statistics.cochran_q([BASELINE, TREATED], UP), "has no direction, got 'increase'; use change"),
        (lambda: statistics.cochran_q([TREATED, TREATED], Question("change")), "compared once, got treated, treated;"),
        (lambda: statistics.stuart_maxwell([[1, 2.5], [1, 2]]), "whole counts.*got .*2.5.*; count the labels"),
        (lambda: statistics.stuart_maxwell([[1, 2], [1]]), "square table of counts; give every row"),
        (
            lambda: statistics.interaction("length", featured(["a"] * 100), TREATED, UP),
            "is a text such as 'a', which is no number; compare",
        ),
        (
            lambda: statistics.interaction("length", featured([math.nan] * 100), TREATED, UP),
            "finite number, .*got nan for problem",
        ),
        (lambda: statistics.clustered_difference([True] * 3, [True] * 2, [0, 1, 2]), "got 3, 2 and 3; name a cluster"),
        (lambda: statistics.correlation([1, 1, 1, 1], [1, 2, 3, 4]), "one side is constant; leave it out"),
    ],
)
def test_measurements_tables_and_features_that_are_none(wrong, message):
    with pytest.raises(StatisticsError, match=message):
        wrong()
