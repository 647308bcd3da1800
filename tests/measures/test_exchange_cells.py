"""Cells of exchanged thoughts: beyond chance, and beyond a donor of the same result."""

from collections import Counter

import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.interventions.donors import all_donors
from ctlab.measures import exchanged_steps, follows_beyond_chance, follows_beyond_control
from ctlab.measures.exchange import apart_by_chance, apart_by_control, exchanges, with_control
from ctlab.measures.exchange_at_steps import at_every_step
from tests.measures.test_exchanged_answers import answered, condition, expected, follow, keep


def test_cells_of_an_exchange_hold_what_the_measures_say():
    run, control = answered(condition(), follow), answered(condition("matched-same", name="control"), keep)
    chance, beyond, *last = exchanged_steps([run], [control])
    assert [cell.place.name for cell in (chance, beyond, *last)] == [
        "CT1 at step 2",
        "CT1 at step 2, beyond a donor of the same result",
        "CT1 at step 2, where it is the last",
        "CT1 at step 2, where it is the last, beyond a donor of the same result",
    ]
    assert [cell.more["last"] for cell in (chance, beyond, *last)] == [False, False, True, True]
    assert np.array_equal(chance.values, follows_beyond_chance(run))
    assert np.array_equal(beyond.values, follows_beyond_control(run, control))
    assert chance.more["rate"] == 1
    assert chance.more["keeps"] == 0
    assert chance.values.mean() == pytest.approx(chance.more["rate"] - chance.more["chance"])


def test_no_problem_stands_in_two_exchanges_of_a_cell():
    run, control = answered(condition(), follow), answered(condition("matched-same", name="control"), keep)
    had = exchanges(run)
    alone, paired = apart_by_chance(had), apart_by_control(with_control(run, control))
    for names in ([each.names for each in alone], [each.names | harmless.names for each, harmless in paired]):
        assert 10 < len(names) < len(had)
        assert sum(map(len, names)) == len(frozenset().union(*names))
    chance, beyond, *_ = exchanged_steps([run], [control])
    assert (len(chance.values), len(beyond.values)) == (len(alone), len(paired))


def test_answers_that_stay_show_nothing():
    run, control = answered(condition(), keep), answered(condition("matched-same", name="control"), keep)
    chance, beyond, *_ = exchanged_steps([run], [control])
    assert (chance.more["rate"], chance.more["keeps"]) == (0, 1)
    assert not chance.values.any()
    assert not beyond.values.any()


def test_where_the_harmless_exchange_does_the_same_nothing_is_beyond_it():
    """An answer that is the same number under both owes nothing to the donor's result."""
    run, control = (
        answered(condition(by, name=name), lambda problem, donor: len(problem.question))
        for by, name in (("matched", "run"), ("matched-same", "control"))
    )
    chance, beyond, *_ = exchanged_steps([run], [control])
    assert not beyond.values.any()
    assert chance.values.mean() < 0.1


def test_a_run_without_its_control_is_refused():
    run = answered(condition(), follow)
    with pytest.raises(StatisticsError, match="got 1 runs and 0 controls"):
        exchanged_steps([run], [])
    with pytest.raises(StatisticsError, match="does not; name that one"):
        exchanged_steps([run], [answered(condition("matched-same", step=1), keep)])


def test_an_answer_that_follows_where_the_step_is_the_last_shows_it_there():
    """Nothing after the exchanged thought works its result out again there."""

    def follow_last(problem, donor):
        return follow(problem, donor) if len(problem.graph.steps) == 2 else problem.gold

    chance, _, last, _ = exchanged_steps(
        [answered(condition(), follow_last)], [answered(condition("matched-same", name="control"), keep)]
    )
    assert (last.more["rate"], last.values.mean() > 0.8) == (1, True)
    assert chance.values.mean() < 0.5


def test_an_exchange_is_asked_of_every_step():
    """CT1 exchanged by the first step; answers are what the donor's result of the third step makes of the solution."""
    asked = condition(step=1, name="first")

    def follow_third(problem, donor):
        return expected(problem, donor, 3) if len(problem.graph.steps) > 2 else problem.gold

    own, control = answered(condition(), keep), answered(condition("matched-same", name="control"), keep)
    cells = exchanged_steps([own], [control], [answered(asked, follow_third)])
    rates = {cell.place.place: cell.more.get("rate") for cell in cells if "beyond" not in cell.place.place}
    assert rates["step 3"] == rates["step 3, where it is the last"] == 1
    # A few lead to the same answer by chance.
    assert max(rates["step 1"], rates["step 2"], rates["step 4"]) < 0.2
    assert len([cell for cell in cells if cell.place.value == 2]) == 4  # asked already, with its control


def test_of_donors_that_fit_at_both_steps_each_could_have_been_the_one():
    run = answered(condition(step=1, name="first"), keep)
    known = {problem.id: problem for problem in run.problems}
    both = [all_donors(run.problems, condition(step=step).matching) for step in (1, 3)]
    (found,) = (found for _, step, found in at_every_step([run]) if step == 3)
    assert len(found) > 50
    for each in found:
        fitting = [name for name in both[0][each.problem.id] if name in both[1][each.problem.id]]
        assert fitting[0] == each.donor.id
        assert each.possible.results == Counter(known[name].graph.results[2] for name in fitting)
    left = {*both[0]} - {each.problem.id for each in found}
    assert all(both[0][name][0] not in both[1].get(name, ()) for name in left if both[0][name])
