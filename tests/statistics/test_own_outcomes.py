"""An own outcome that says what a label says is judged as the label is, by every statistic that takes an outcome."""

from dataclasses import replace

import pytest

from ctlab.errors import ClaimError, StatisticsError
from ctlab.interventions import Condition
from ctlab.outcomes import ByNumber, Run
from ctlab.problems import Problem
from ctlab.records.fields import Fields
from ctlab.records.generation import Generation
from ctlab.records.own_functions import Own, OwnFeature, OwnOutcome
from ctlab.statistics import (
    additivity,
    at_least,
    change,
    cochran_q,
    interaction,
    ordered_trend,
    rate_difference,
    rate_equivalence,
    ratio,
    stronger,
)
from ctlab.statistics.requested import check_requested
from tests.claims.making import claim
from tests.reporting.small_runs import run as answered
from tests.statistics.fake_runs import Question


def is_right(problem, text, label):
    return label.outcome == "CORRECT"


def is_empty(problem, text):
    return not text


def size(problem):
    return int(problem.fields["k"]) % 4


OWN = Own(
    outcomes={"IS_RIGHT": OwnOutcome("IS_RIGHT", is_right), "IS_EMPTY": OwnOutcome("IS_EMPTY", is_empty)},
    features={"size": OwnFeature("size", size)},
)
PROBLEMS = tuple(
    Problem(question=f"What is {k} plus 3?", gold=k + 3, fields=Fields({"k": k, "kind": "abc"[k % 3]}))
    for k in range(96)
)


def runs(text="The answer is: 999"):
    wrong = {"baseline": range(0, 96, 12), "a": range(0, 96, 5), "b": range(0, 96, 3), "ab": range(0, 96, 2)}
    return [replace(answered(name, PROBLEMS, [*places], text), own=OWN) for name, places in wrong.items()]


BASELINE, A, B, AB = runs()
EMPTY = runs("")


MEASURES = {
    "fewer": lambda outcome, base, a, b, ab: rate_difference(outcome, base, ab, Question("decrease")),
    "more": lambda outcome, base, a, b, ab: rate_difference(outcome, base, ab, Question("increase")),
    "at least": lambda outcome, base, a, b, ab: at_least(outcome, base, ab, Question("decrease", margin=0.1)),
    "change": lambda outcome, base, a, b, ab: change(outcome, base, a, Question("change")),
    "equivalent": lambda outcome, base, a, b, ab: rate_equivalence(
        outcome, base, a, Question("equivalent", margin=0.2)
    ),
    "stronger": lambda outcome, base, a, b, ab: stronger(ab, a, Question("increase"), outcome=outcome),
    "ratio": lambda outcome, base, a, b, ab: ratio(base, ab, a, Question("increase", margin=1.5), outcome=outcome),
    "additivity": lambda outcome, base, a, b, ab: additivity(base, a, b, ab, Question("increase"), outcome=outcome),
    "trend": lambda outcome, base, a, b, ab: ordered_trend([base, a, b, ab], Question("decrease"), outcome=outcome),
    "cochran": lambda outcome, base, a, b, ab: cochran_q([a, b, ab], Question("change"), outcome=outcome),
    "interaction": lambda outcome, base, a, b, ab: interaction("size", base, ab, Question("increase"), outcome=outcome),
}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("label", "own", "function", "answers"),
    [("CORRECT", "IS_RIGHT", is_right, (BASELINE, A, B, AB)), ("NONE", "IS_EMPTY", is_empty, EMPTY)],
)
def test_an_own_outcome_is_judged_as_the_label_that_says_the_same(measure, label, own, function, answers):
    by_label, by_name, by_function = (MEASURES[measure](each, *answers) for each in (label, own, function))
    assert by_name == replace(by_label, null=by_label.null.replace(label, own))
    assert by_function == by_name


def test_an_own_outcome_has_no_chance_rate():
    assert BASELINE.beyond_chance("IS_RIGHT") is None
    assert "parts" not in rate_difference("IS_EMPTY", *EMPTY[:2], Question("increase")).details


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(StatisticsError, match="There is no outcome 'IS_RIGHTS'; did you mean 'IS_RIGHT'"):
        rate_difference("IS_RIGHTS", BASELINE, A, Question())
    with pytest.raises(StatisticsError, match="There is no outcome 'IS_RIGHTS'"):
        BASELINE.has("IS_RIGHTS")


def test_a_claim_takes_the_function_that_its_suite_registered_and_no_other():
    named = claim(outcome="IS_RIGHT", conditions=("baseline", "a"))
    question = type("Pending", (), {"claim": named})()
    given = {"runs": (BASELINE, A), "statistic": "rate_difference"}
    check_requested(question, outcome="IS_RIGHT", **given)
    check_requested(question, outcome=is_right, **{**given})

    def other(problem, text):
        return True

    other.__name__ = "is_right"
    with pytest.raises(ClaimError, match="which is not the one that is known as 'IS_RIGHT'"):
        check_requested(question, outcome=other, **given)


def test_columns_of_rows_and_own_features_adjust_and_divide():
    by_kind = interaction("kind == a", BASELINE, AB, Question("change"), adjust=("size",))
    assert by_kind.groups == {"kind == a": 32, "not kind == a": 64}
    by_code = interaction("size", BASELINE, AB, Question("change"), adjust=("kind",))
    codes = Own(features={"code": OwnFeature("code", lambda problem: "abc".index(problem.fields["kind"]))})
    by_number = interaction(
        lambda problem: size(problem), BASELINE, replace(AB, own=codes), Question("change"), adjust=()
    )
    assert by_code.n == by_number.n == 96
    coded = replace(BASELINE, own=Own(features={**OWN.features, **codes.features}))
    assert interaction("size", coded, AB, Question("change"), adjust=("code",)).estimate == by_code.estimate


def test_a_run_without_own_functions_has_none():
    plain = answered("baseline", PROBLEMS)
    with pytest.raises(StatisticsError, match="There is no outcome 'IS_RIGHT'"):
        plain.has("IS_RIGHT")
    assert plain.has(is_right) == plain.correct()


def is_negative(problem, number):
    return number.value == -problem.gold_number.value


def test_an_own_outcome_by_number_has_the_chance_rate_of_the_label_that_says_the_same():
    own = Own(outcomes={"IS_NEGATIVE": OwnOutcome("IS_NEGATIVE", ByNumber(is_negative))})

    problems = tuple(Problem(question=f"Row {k}?", gold=k % 12 + 3) for k in range(96))

    def said(name, shift):
        """Every third answer is the negative of the gold answer, or of another problem's, and so wrong."""
        answers = []
        for row, each in enumerate(problems):
            number = each.gold if row % 3 else -problems[(row + shift * (row % 2)) % 96].gold
            answers.append(Generation(problem_id=each.id, token_ids=(), text=f"The answer is: {number}"))
        return Run.of(Condition(name=name), problems, answers, own=own)

    before, after = said("baseline", 6), said("a", 0)
    for run in (before, after):
        assert run.has("IS_NEGATIVE") == run.has("SIGN_ERROR")
        label, found = run.beyond_chance("SIGN_ERROR"), run.beyond_chance("IS_NEGATIVE")
        assert found.chance == pytest.approx(label.chance)
        assert found.chance > 0
        assert found.values == pytest.approx(label.values)
    question = Question("increase")
    by_label, by_own = (rate_difference(name, before, after, question) for name in ("SIGN_ERROR", "IS_NEGATIVE"))
    assert by_own.p_value == pytest.approx(by_label.p_value)
    assert set(by_own.details["parts"]) == {"rate", "beyond chance"}
    assert rate_difference(ByNumber(is_negative), before, after, question) == by_own
