"""The classifier against wrong answers whose label is known."""

from collections import Counter

import pytest

from ctlab.outcomes import Outcome, classify
from ctlab.outcomes.synthetic import SYNTHETIC, as_number, synthetic_errors, written
from ctlab.problems import Problem, load_problems, same_number
from tests.shared_data import shared

FOUR = SYNTHETIC[:4]


@pytest.fixture(scope="module", params=["tiny", "data/gsm8k/test.jsonl"], ids=["tiny", "gsm8k"])
def labelled(request):
    source = "tiny" if request.param == "tiny" else shared(request.param)
    answers = synthetic_errors(load_problems(source))
    return [(answer, classify(answer.problem, answer.text).outcome) for answer in answers]


def shares(pairs):
    right = Counter(answer.label for answer, outcome in pairs if outcome is answer.label)
    made, given = Counter(answer.label for answer, _ in pairs), Counter(outcome for _, outcome in pairs)
    return {label: (right[label] / made[label], right[label] / given[label], made[label]) for label in SYNTHETIC}


def test_unambiguous_errors_are_recognised(labelled):
    found = shares([pair for pair in labelled if not pair[0].also])
    for label in FOUR:
        recall, precision, n = found[label]
        assert n >= 700, label
        assert recall >= 0.98, label
        assert precision >= 0.95, label
    assert found[Outcome.CALC_ERROR][0] >= 0.96
    assert found[Outcome.LOGIC_ERROR][0] >= 0.95


def test_all_slips_and_wrong_plans_ambiguous_ones_included(labelled):
    found = shares(labelled)
    assert found[Outcome.CALC_ERROR][0] >= 0.85
    assert found[Outcome.LOGIC_ERROR][0] >= 0.78


def test_synthetic_errors_are_wrong_answers_of_the_problem(labelled):
    for answer, _ in labelled:
        assert not same_number(as_number(answer), answer.problem.gold_number)


def test_the_same_seed_gives_the_same():
    problems = load_problems("tiny")[:50]
    assert synthetic_errors(problems) == synthetic_errors(problems)
    assert synthetic_errors(problems, seed=1) != synthetic_errors(problems)


def test_written_steps_with_a_synthetic_slip_are_calculation_errors():
    for problem in load_problems("tiny")[:200]:
        step = problem.graph.steps[0].result.value
        text = problem.solution.replace(f"={step}>>", f"={step + 1}>>", 1) + " or so, A: 100000"
        assert classify(problem, text).outcome is Outcome.CALC_ERROR


def test_written_steps_of_another_plan_are_logic_errors():
    problem = Problem(question="16, 3 and 2?", solution="<<16-3=13>> <<13*2=26>>", gold=26)
    assert classify(problem, "<<16+3=19>> <<19*5=95>>\nA: 95").outcome is Outcome.LOGIC_ERROR


@pytest.mark.parametrize(
    ("value", "text"), [(18, "18"), (-4, "-4"), ("1/2", "0.5"), ("1/3", "0.3333"), ("-5/4", "-1.25")]
)
def test_answers_are_written_as_people_do(value, text):
    from fractions import Fraction

    assert written(Fraction(value)) == text
