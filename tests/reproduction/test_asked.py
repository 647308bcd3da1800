"""Steps of the worked solution, by which an evaluation may have counted thoughts."""

from ctlab.problems import Problem
from ctlab.problems.rows.prosqa import PROSQA
from ctlab.reproduction.asked import asked_by_gold
from tests.problems.rows.test_prosqa import ROW


def test_steps_are_counted_whether_they_calculate_or_say():
    assert asked_by_gold(Problem(question="How many?", solution="<<2+3=5>> <<5*2=10>>", gold=10)).steps == 2
    assert asked_by_gold(PROSQA.problem(ROW)).steps == len(ROW["steps"])
    assert asked_by_gold(Problem(question="Which?", gold="a rompus", kind="entity")).steps is None
    assert asked_by_gold(Problem(question="How many?", gold=10)).steps is None
