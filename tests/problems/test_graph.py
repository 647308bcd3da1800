from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems import Graph, Number, Problem, load_problems
from ctlab.problems.graph import read_graph
from ctlab.problems.text.expressions import GIVEN
from tests.shared_data import shared

DUCKS = "Janet's ducks lay 16 eggs. She eats 3 and bakes with 4, and sells the rest for $2 each."


def graph(solution, gold, question=DUCKS):
    return read_graph(question, solution, Number.parse(str(gold)))


def sources(found: Graph):
    return [(each.op, each.left_from, each.right_from) for each in found.operations]


def test_steps_are_joined_where_results_are_used():
    found = graph("16-3-4=<<16-3-4=9>>9. 9*2=<<9*2=18>>18", 18)
    assert sources(found) == [("-", GIVEN, GIVEN), ("-", 0, GIVEN), ("*", 1, GIVEN)]
    assert (found.root, found.gold, found.leading()) == (2, 18, (0, 1, 2))
    assert found.givens == (16, 3, 4, 2)
    assert [found.step_of(index) for index in range(3)] == [1, 1, 2]


def test_a_tree_reads_two_earlier_results():
    found = graph("<<16-3=13>> <<4*2=8>> <<13+8=21>>", 21)
    assert sources(found)[-1] == ("+", 0, 1)


def test_a_number_of_the_question_that_is_also_a_result_in_waiting_is_the_result():
    found = graph("<<7-4=3>> <<16-3=13>>", 13)
    assert sources(found) == [("-", GIVEN, GIVEN), ("-", GIVEN, 0)]


def test_a_used_result_that_the_question_states_too_is_the_question_s_number():
    found = graph("<<7-4=3>> <<16-3=13>> <<13+3=16>>", 16)
    assert sources(found)[-1] == ("+", 1, GIVEN)


def test_later_steps_go_on_with_the_rounded_result():
    found = graph("<<10/3=3.33>> <<3.33*6=19.98>>", "19.98")
    assert sources(found) == [("/", GIVEN, GIVEN), ("*", 0, GIVEN)]
    assert str(found.operations[0].value) == "333/100"


def test_an_operation_that_does_not_lead_to_the_answer_is_left_out():
    found = graph("<<16-3=13>> <<4*2=8>> <<8+5=13>>", 13)
    assert found.leading() == (1, 2)


def test_a_step_may_calculate_nothing():
    found = graph("<<5=5>> <<5*2=10>>", 10)
    assert [step.root for step in found.steps] == [GIVEN, 0]
    assert graph("<<5=5>>", 5).root == GIVEN


def test_plain_sentences_complete_what_annotations_leave_out():
    found = graph("16-3 = <<16-3=13>>13. So 13 + 5 = 18.", 18)
    assert sources(found)[-1] == ("+", 0, GIVEN)
    assert graph("16 - 3 = 13. So 13 + 5 = 18.", 18) is not None


@pytest.mark.parametrize(
    ("solution", "gold"),
    [
        ("", 18),
        ("no steps at all", 18),
        ("<<16-3=14>>14", 14),
        ("<<16-3=13>>13", 18),
        ("<<16-x=13>> <<13+5=18>>", 18),
        ("<<16-3=13>> so 13 + 5 = 19", 19),
    ],
    ids=["empty", "prose", "false", "another result", "an unknown", "a false sentence"],
)
def test_an_incomplete_solution_has_no_graph(solution, gold):
    assert graph(solution, gold) is None


@pytest.mark.parametrize(
    ("source", "parsed", "of"), [("gsm8k/test", 1278, 1319), ("gsm8k/train", 7275, 7473)], ids=["test", "train"]
)
def test_worked_solutions_of_gsm8k_parse(source, parsed, of):
    problems = load_problems(shared(f"data/{source}.jsonl"))
    assert len(problems) == of
    assert sum(problem.graph is not None for problem in problems) >= parsed


def test_every_embedded_solution_parses():
    problems = load_problems("tiny")
    assert [problem.id for problem in problems if problem.graph is None] == []
    assert all(problem.graph.gold == problem.gold_number.value for problem in problems)


def test_every_operation_of_the_embedded_problems_leads_to_the_answer():
    for problem in load_problems("tiny"):
        assert problem.graph.leading() == tuple(range(len(problem.graph.operations)))


def test_the_graph_is_remembered():
    problem = Problem(question="2 and 3?", solution="<<2+3=5>>", gold=5)
    assert problem.graph is problem.graph


def test_two_equal_results_are_both_used():
    found = graph("<<6*2=12>> <<15-3=12>> <<12+12=24>>", 24)
    assert sorted(sources(found)[-1][1:]) == [0, 1]


def test_a_shape_is_where_operands_come_from_and_where_steps_end():
    one = graph("<<16-3=13>> <<13*2=26>>", 26)
    assert one.shape == graph("<<7+2=9>> <<9/3=3>>", 3).shape
    assert one.shape != graph("<<16-3=13>> <<26-13=13>>", 13).shape  # the second operand is the result
    assert one.shape != graph("16-3*2=<<16-3*2=10>>", 10).shape  # one step
    assert one.shape != graph("<<16-3=13>>", 13).shape


def test_another_result_is_carried_through_what_depends_on_it():
    found = graph("<<16-3=13>> <<4*2=8>> <<13+8=21>> <<21*2=42>>", 42)
    assert found.results == (13, 8, 21, 42)
    assert found.results_with(1, 5) == (5, 8, 13, 26)
    assert found.results_with(2, 5) == (13, 5, 18, 36)
    assert found.results_with(4, 5) == (13, 8, 21, 5)
    assert found.results_with(1, 13) == found.results


def test_what_does_not_depend_on_it_keeps_its_rounding_and_what_does_is_exact():
    found = graph("<<10/3=3.33>> <<7+1=8>> <<8*3.33=26.64>>", "26.64")
    assert found.results_with(2, 6) == (Fraction(333, 100), 6, Fraction(1998, 100))
    assert graph("<<10/3=3.33>> <<3.33*3=9.99>>", "9.99").results_with(1, Fraction(10, 3))[-1] == 10


def test_no_answer_follows_of_a_division_by_zero_and_a_step_that_calculates_nothing_gives_nothing_on():
    assert graph("<<4-2=2>> <<8/2=4>>", 4).results_with(1, 0) is None
    assert graph("<<5=5>> <<5*2=10>>", 10).results_with(1, 7) == (5, 10)


@given(st.integers(1, 4), st.integers(-50, 50))
def test_carrying_is_what_python_works_out(step, value):
    """The solution's own arithmetic, evaluated by Python with one line replaced."""
    found = graph("<<16-3=13>> <<13*4=52>> <<52+13=65>> <<65-52=13>>", 13)
    lines = ["a = 16 - 3", "b = a * 4", "c = b + a", "d = c - b"]
    lines[step - 1] = f"{'abcd'[step - 1]} = {value}"
    names: dict[str, int] = {}
    exec("\n".join(lines), names)
    assert found.results_with(step, value) == tuple(names[name] for name in "abcd")
