"""What came of a sweep, as arrays."""

import numpy as np
import pytest

from ctlab.errors import InputError
from ctlab.sweeps import Feature, Grid, SweepOutcomes, sweep_effects


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


def test_each_level_has_the_answers_of_its_own_problems_in_order() -> None:
    ids = tuple(f"p{number}" for number in range(9))
    codes = np.array([0, 1, -1, 0, 1, 1, 0, 1, 0], np.int16)
    labels = np.array([np.arange(9) % 2, np.arange(9) % 3 % 2, np.ones(9)], np.int8)
    whole = SweepOutcomes(
        grid=Grid(positions=("CT0", "CT1")),
        problem_ids=ids,
        names=("CORRECT", "NONE"),
        labels=labels,
        lengths=np.tile(np.arange(9, dtype=np.int32), (3, 1)),
        features={"steps": Feature(levels=("1", "2"), codes=codes)},
        failure="a row was not what it should be",
    )
    split = whole.split("steps")
    assert list(split) == ["1", "2"]
    for code, part in enumerate(split.values()):
        mine = [number for number in range(9) if codes[number] == code]  # problem 2 has no level and is in none
        assert part.problem_ids == tuple(ids[number] for number in mine)
        assert part.labels.tolist() == [[row[number] for number in mine] for row in labels.tolist()]
        assert part.lengths.tolist() == [mine] * 3
        assert part.features["steps"].codes.tolist() == [code] * 4
        assert part.failure == whole.failure
    with pytest.raises(InputError, match="this sweep holds no feature 'length'; it holds steps"):
        whole.split("length")
    with pytest.raises(InputError, match="it holds none; name it in by"):
        outcomes().split("length")


@pytest.mark.parametrize("seed", [-1, 1.0, True])
def test_effects_are_drawn_by_a_whole_number(seed: object) -> None:
    with pytest.raises(InputError, match="seed is a whole number from 0, not"):
        sweep_effects(outcomes(), seed=seed)  # type: ignore[arg-type]
