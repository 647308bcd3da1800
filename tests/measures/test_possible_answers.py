"""Answers that a donor's result could have led to, counted once for all runs that ask."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from ctlab.errors import StatisticsError
from ctlab.measures.exchange import Exchange
from ctlab.measures.exchange_at_steps import at_every_step
from ctlab.measures.possible_answers import PossibleAnswers, answer_with
from ctlab.problems import Number, Problem, same_number
from tests.measures.test_exchanged_answers import answered, condition, follow

PROBLEM = Problem(
    question="Ann has 3 boxes of 4. She shares them among 6. How many has each?",
    solution="She has <<3*4=12>>12. Each has <<12/6=2>>2.\n#### 2",
    gold=2,
)
NUMBERS = ["2", "12", "3 dozen", "36", "0.33", "0.3", "1/3", "5%", "2.0", "2.5", "18.67"]
VALUES = [2, 12, 3, 36, 5, Fraction(1, 3), Fraction(5, 2), Fraction(56, 3), -2]


def test_answers_are_the_own_solution_with_each_result_counted_by_donors():
    possible = PossibleAnswers(problem=PROBLEM, step=1, results={12: 2, 18: 1, 30: 4, 15: 1})
    assert possible.answers == {2: 2, 3: 1, 5: 4, Fraction(5, 2): 1}
    last = PossibleAnswers(problem=PROBLEM, step=2, results={2: 1, 7: 3})
    assert last.answers == {2: 1, 7: 3}


def test_a_result_that_leads_to_no_answer_and_a_problem_without_a_solution_are_said():
    divides = Problem(question="How many?", solution="<<2+1=3>>3 <<6/3=2>>2\n#### 2", gold=2)
    assert answer_with(divides, 1, 2) == 3
    with pytest.raises(StatisticsError, match="has no answer with the result 0 of 1"):
        answer_with(divides, 1, 0)
    with pytest.raises(StatisticsError, match="no readable solution"):
        answer_with(replace(PROBLEM, solution=""), 1, 2)


@pytest.mark.parametrize("written", NUMBERS)
def test_an_answer_says_what_it_is_the_same_number_as(written):
    answer = Number.parse(written)
    possible = PossibleAnswers(problem=PROBLEM, step=1, results={12: 1})
    asked = Exchange(problem=PROBLEM, donor=PROBLEM, step=1, answer=answer, possible=possible)
    found = [asked.says(value) for value in VALUES]
    assert found == [same_number(answer, Number.of(value)) for value in VALUES]
    assert True in found


def test_runs_that_ask_of_the_same_step_by_the_same_rule_share_one():
    runs = [answered(condition(name=name), follow) for name in ("first", "second")]
    seen: dict[tuple[str, int], set[int]] = {}
    chances = Counter[int]()
    for _, step, found in at_every_step(runs):
        for each in found:
            seen.setdefault((each.problem.id, step), set()).add(id(each.possible))
            chances[step] += 1
    assert all(len(shared) == 1 for shared in seen.values())
    assert sum(chances.values()) == 2 * len(seen)
