"""Numbers worked out by hand from given log-probabilities."""

from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.errors import InputError, PairingError
from ctlab.measures import (
    brier,
    gold_log_probability,
    gold_margin,
    log_probability_change,
    overconfidence,
    own_answers,
    own_probability,
)
from ctlab.records.scores import Scores


def scores(odds, gold, condition="baseline", end=1.0):
    """Scores of answers with these probabilities without their end, which has a probability too."""
    texts = tuple(tuple(f"t{place}" for place in range(len(own))) for own in odds)
    flat = [each for own in odds for each in own]
    return Scores(
        condition=condition,
        problem_ids=tuple(f"p{row}" for row in range(len(odds))),
        texts=texts,
        token_ids=tuple(tuple((place,) for place in range(len(own))) for own in odds),
        gold=tuple(gold),
        log_probability=np.log(flat),
        end=np.log(np.full(len(flat), end)),
        at=(),
        first=np.zeros((0, len(flat))),
    )


def test_a_row_that_is_not_there_is_nobodys():
    found = scores([(0.5, 0.25), (0.1, 0.8)], (0, 1))
    assert np.array_equal(found.of(np.int64(1)), found.of(1))
    for row in (2, -1, "a"):
        with pytest.raises(InputError, match="counted from 0 to 1, not"):
            found.of(row)


def test_the_reference_answer_with_and_without_its_end():
    found = scores([(0.5, 0.25), (0.1, 0.8)], (0, 1), end=0.5)
    assert np.exp(gold_log_probability(found)) == pytest.approx([0.25, 0.4])
    assert np.exp(gold_log_probability(found, end=False)) == pytest.approx([0.5, 0.8])


def test_change_margin_and_brier():
    before, after = scores([(0.5, 0.25), (0.1, 0.8)], (0, 1)), scores([(0.25, 0.5), (0.1, 0.8)], (0, 1), "ct0_blocked")
    assert log_probability_change(before, after) == pytest.approx([np.log(0.5), 0.0])
    assert gold_margin(before) == pytest.approx([np.log(2), np.log(8)])
    assert gold_margin(after) == pytest.approx([-np.log(2), np.log(8)])
    assert gold_margin(scores([(0.4, 0.2, 0.1)], (0,))) == pytest.approx([np.log(2)]), "the most probable other one"
    # Among each other 2/3 and 1/3: (1/3)² + (1/3)²; 1/9 and 8/9: 2 (1/9)².
    assert brier(before) == pytest.approx([2 / 9, 2 / 81])


def run(texts, right, condition="baseline"):
    generations = [SimpleNamespace(problem_id=f"p{row}", text=text) for row, text in enumerate(texts)]
    ids = tuple(each.problem_id for each in generations)
    return SimpleNamespace(
        generations=generations, ids=ids, condition=SimpleNamespace(name=condition), correct=lambda: right
    )


def test_own_answers_and_how_far_they_are_from_being_right():
    given = run(["a", " ", "c"], [True, False, False])
    texts = own_answers(given)
    assert [texts(SimpleNamespace(id=each)) for each in given.ids] == [("a",), (), ("c",)]
    found = scores([(0.9,), (), (0.6,)], (None, None, None))
    odds, right = own_probability(found, given)
    assert odds == pytest.approx([0.9, 0.6])
    assert right == (True, False)
    assert overconfidence(found, given) == pytest.approx([-0.1, 0.6])


def test_what_cannot_be_worked_out_is_said():
    with pytest.raises(InputError, match="reference answer of problem p1 is not among those that were scored"):
        gold_log_probability(scores([(0.5,), (0.5,)], (0, None)))
    with pytest.raises(InputError, match="no answer beside its reference"):
        gold_margin(scores([(0.5,)], (0,)))
    with pytest.raises(PairingError, match="are of other problems"):
        log_probability_change(scores([(0.5,)], (0,)), scores([(0.5,), (0.5,)], (0, 0)))
    with pytest.raises(PairingError, match="are not of the run 'ct0_blocked'"):
        own_probability(scores([(0.5,)], (0,)), run(["a"], [True], "ct0_blocked"))
