"""What came of a sweep, as arrays."""

import numpy as np
import pytest

from ctlab.errors import InputError
from ctlab.sweeps import Grid, SweepOutcomes


def outcomes() -> SweepOutcomes:
    return SweepOutcomes(
        grid=Grid(positions=("CT0", "CT1")),
        problem_ids=("a", "b"),
        names=("CORRECT", "NONE"),
        labels=np.array([[0, 0], [1, 0], [1, 1]], np.int8),
        lengths=np.ones((3, 2), np.int32),
    )


def test_right_answers_are_those_labelled_correct() -> None:
    assert outcomes().right.tolist() == [[True, True], [False, True], [False, False]]
    assert outcomes().having("NONE").sum() == 3
    assert outcomes().changes.tolist() == [-0.5, -1.0]


def test_an_outcome_that_no_answer_can_have_is_refused() -> None:
    with pytest.raises(InputError, match="no answer of this sweep can be 'HEDGED'; its outcomes: CORRECT, NONE"):
        outcomes().having("HEDGED")


def test_arrays_of_another_shape_are_refused() -> None:
    given = outcomes()
    with pytest.raises(InputError, match="a sweep of 2 cells and 1 problems has labels and lengths of"):
        SweepOutcomes(
            grid=given.grid,
            problem_ids=("a",),
            names=given.names,
            labels=given.labels,
            lengths=given.lengths,
        )
