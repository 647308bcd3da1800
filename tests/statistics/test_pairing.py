from types import SimpleNamespace

import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.statistics.pairing import check_pairs, check_runs, having, lost_and_gained
from tests.statistics.fake_runs import FakeRun, pair


def test_number_of_pairs():
    assert check_pairs(("a", "b"), ("a", "b"), ("a", "b")) == 2
    with pytest.raises(PairingError, match="no runs, and nothing can be paired"):
        check_pairs()


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ((), (), "baseline holds no problems"),
        (("a", "b"), ("a",), "baseline holds 2 problems and treated 1"),
        (("a", "b"), ("b", "a"), "Row 0 is problem a in baseline and b in treated"),
        (("a", "b"), ("a", "c"), "Row 1 is problem b in baseline and c in treated"),
        (("a", "a"), ("a", "a"), "Problem a is there twice in baseline"),
        (("a", "b"), ("a", "a"), "Problem a is there twice in treated"),
    ],
)
def test_what_is_no_pairing(first, second, message):
    with pytest.raises(PairingError, match=message):
        check_pairs(first, second, names=("baseline", "treated"))


def test_runs_are_named_by_their_condition():
    runs = FakeRun("baseline", ("CORRECT",)), FakeRun("ct0_blocked", ("CORRECT",) * 2)
    with pytest.raises(PairingError, match="ct0_blocked 2"):
        check_runs(*runs)


def test_unknown_outcome_is_named_with_those_there_are():
    with pytest.raises(StatisticsError, match=r"'WRONG'; did you mean 'WRONG_ITEM'\? The outcomes are CORRECT, NONE"):
        having(pair(1, 1, 60)[0], "WRONG")


def test_lost_and_gained():
    assert lost_and_gained((True, True, False, False), (True, False, True, False)) == (1, 1)


def test_each_problem_is_compared_with_itself_and_not_with_its_neighbour():
    every_other = (True, False) * 4
    assert lost_and_gained(every_other, every_other) == (0, 0)
    assert lost_and_gained(every_other, (True, False) * 3 + (False, False)) == (1, 0)


def test_the_real_run_is_such_a_run():
    from ctlab.interventions import BASELINE
    from ctlab.outcomes import Run
    from ctlab.problems import Problem
    from ctlab.records.generation import Generation

    problem = Problem(question="Ann has 3 pens and buys 4. How many?", solution="3+4=<<3+4=7>>7\n#### 7", gold=7)
    said = Generation(problem_id=problem.id, token_ids=(1,), text="The answer is: 7")
    run = Run.of(BASELINE, [problem], [said])
    assert check_runs(run, run) == 1
    assert having(run, "CORRECT") == (True,)


@pytest.mark.parametrize(("pairs", "instead"), [("", "`exchange_rates`"), ("generated", "`interchange_table`")])
def test_a_run_that_left_problems_as_they_are_is_no_treatment_of_all(pairs, instead):
    """Nothing done would pass for no effect: an equivalence would be supported by problems without a donor."""
    first, second = pair(1, 1, 4, names=("baseline", "ct1_matched"))
    lent = [SimpleNamespace(donor=donor) for donor in ("p1", "", "p3", "")]
    condition = SimpleNamespace(name="ct1_matched", matching=SimpleNamespace(pairs=pairs))
    run = SimpleNamespace(ids=second.ids, condition=condition, generations=lent)
    with pytest.raises(StatisticsError, match=f"2 of 4 problems have no donor under 'ct1_matched' .* {instead}"):
        check_runs(first, run)
    run.generations = [SimpleNamespace(donor="p1")] * 4
    assert check_runs(first, run) == 4
    run.generations = [SimpleNamespace(donor="")] * 4  # recorded answers: nobody knows
    assert check_runs(first, run) == 4
