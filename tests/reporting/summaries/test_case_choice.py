import pytest

from ctlab.reporting.model import Prediction, ProblemRow
from ctlab.reporting.summaries.case_choice import choose_cases


def tables(outcomes):
    """Rows of both tables from (outcome under baseline, outcome under ct0_blocked, operations)."""
    predictions, problems = [], []
    for index, (before, after, operations) in enumerate(outcomes):
        name = f"{index:04}"
        predictions += [
            Prediction(condition="baseline", problem_id=name, outcome=before),
            Prediction(condition="ct0_blocked", problem_id=name, outcome=after),
        ]
        problems.append(ProblemRow(problem_id=name, n_operations=operations))
    return predictions, problems


MANY = tables(
    [("CORRECT", "LOGIC_ERROR", k % 5 + 1) for k in range(100)]
    + [("CORRECT", "SIGN_ERROR", 2)]
    + [("NONE", "CORRECT", 1) for _ in range(20)]
    + [("CORRECT", "CORRECT", 3) for _ in range(300)]
    + [("LOGIC_ERROR", "NONSENSE", None) for _ in range(40)]
    + [("LOGIC_ERROR", "LOGIC_ERROR", 4) for _ in range(40)]
)


def test_quotas_and_turns():
    cases = choose_cases(*MANY, "ct0_blocked")
    impacts = [case.impact for case in cases]
    assert len(cases) == 12
    named = ("broken", "fixed", "changed, still wrong", "unchanged, wrong", "unchanged, right")
    assert [impacts.count(each) for each in named] == [6, 2, 1, 1, 2]
    assert "SIGN_ERROR" in {case.outcome for case in cases if case.impact == "broken"}
    assert {case.operations for case in cases if case.impact == "changed, still wrong"} == {None}


def test_the_choice_depends_on_the_seed_and_on_nothing_else():
    chosen = choose_cases(*MANY, "ct0_blocked")
    predictions, problems = MANY
    assert choose_cases(predictions[::-1], problems[::-1], "ct0_blocked") == chosen
    assert choose_cases(*MANY, "ct0_blocked", seed=1) != chosen


@pytest.mark.parametrize("number", [0, 1, 5, 15, 500])
def test_as_many_as_asked_for_or_as_there_are(number):
    cases = choose_cases(*MANY, "ct0_blocked", number=number)
    assert len(cases) == min(number, 501)
    assert len({case.problem_id for case in cases}) == len(cases)


def test_what_one_impact_cannot_fill_goes_to_the_others():
    cases = choose_cases(*tables([("CORRECT", "CORRECT", 1)] * 30), "ct0_blocked")
    assert [case.impact for case in cases] == ["unchanged, right"] * 12


def test_no_answers_no_cases():
    assert choose_cases([], [], "ct0_blocked") == []


@pytest.mark.parametrize(
    ("before", "after", "impact"),
    [
        (("LOGIC_ERROR", "4", "4"), ("LOGIC_ERROR", "4", "four: 4"), "unchanged, wrong"),
        (("LOGIC_ERROR", "4", "4"), ("LOGIC_ERROR", "5", "5"), "changed, still wrong"),
        (("LOGIC_ERROR", "4", "4"), ("CALC_ERROR", "4", "2+1=4"), "changed, still wrong"),
        (("NONSENSE", None, "a a"), ("NONSENSE", None, "b b"), "changed, still wrong"),
        (("NONE", None, ""), ("NONE", None, ""), "unchanged, wrong"),
    ],
)
def test_a_wrong_answer_is_unchanged_only_where_it_is_the_same(before, after, impact):
    predictions = [
        Prediction(condition=name, problem_id="x", outcome=row[0], prediction=row[1], text=row[2])
        for name, row in (("baseline", before), ("ct0_blocked", after))
    ]
    (case,) = choose_cases(predictions, [ProblemRow(problem_id="x", n_operations=2)], "ct0_blocked")
    assert case.impact == impact
