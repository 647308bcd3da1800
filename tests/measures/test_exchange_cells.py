"""Cells of exchanged thoughts: beyond chance, and beyond a donor of the same result."""

import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.measures import exchanged_steps, follows_beyond_chance, follows_beyond_control
from tests.measures.test_exchanged_answers import answered, condition, follow, keep


def test_two_cells_for_each_exchange_hold_what_the_measures_say():
    run, control = answered(condition(), follow), answered(condition("matched-same", name="control"), keep)
    chance, beyond = exchanged_steps([run], [control])
    assert [cell.place.name for cell in (chance, beyond)] == [
        "CT1 at step 2",
        "CT1 at step 2, beyond a donor of the same result",
    ]
    assert np.array_equal(chance.values, follows_beyond_chance(run))
    assert np.array_equal(beyond.values, follows_beyond_control(run, control))
    assert chance.more["rate"] == 1
    assert chance.more["keeps"] == 0
    assert chance.values.mean() == pytest.approx(chance.more["rate"] - chance.more["chance"])


def test_answers_that_stay_show_nothing():
    run, control = answered(condition(), keep), answered(condition("matched-same", name="control"), keep)
    chance, beyond = exchanged_steps([run], [control])
    assert (chance.more["rate"], chance.more["keeps"]) == (0, 1)
    assert not chance.values.any()
    assert not beyond.values.any()


def test_where_the_harmless_exchange_does_the_same_nothing_is_beyond_it():
    """An answer that is the same number under both owes nothing to the donor's result."""
    run, control = (
        answered(condition(by, name=name), lambda problem, donor: len(problem.question))
        for by, name in (("matched", "run"), ("matched-same", "control"))
    )
    chance, beyond = exchanged_steps([run], [control])
    assert not beyond.values.any()
    assert chance.values.mean() < 0.1


def test_a_run_without_its_control_is_refused():
    run = answered(condition(), follow)
    with pytest.raises(StatisticsError, match="got 1 runs and 0 controls"):
        exchanged_steps([run], [])
    with pytest.raises(StatisticsError, match="does not; name that one"):
        exchanged_steps([run], [answered(condition("matched-same", step=1), keep)])
