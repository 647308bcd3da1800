"""Labels and lengths of answers as they come."""

import numpy as np
import pytest

from ctlab.outcomes.outcome import OUTCOMES_OF
from ctlab.problems import Problem, ProblemSet
from ctlab.records import Generation
from ctlab.sweeps import cell_labels
from ctlab.sweeps.cell_labels import Labels

SET = ProblemSet(name="two", problems=(Problem(question="3 and 4?", gold=7), Problem(question="2 and 2?", gold=4)))


def said(column: int, text: str) -> Generation:
    return Generation(problem_id=SET.problems[column].id, token_ids=tuple(range(len(text))), text=text)


def test_answers_are_put_where_they_belong() -> None:
    labels = Labels(SET, 2, longest=64)
    labels.fill(1, [1, 0], [said(1, "The answer is: 4"), said(0, "")], frozenset())
    assert [labels.names[code] for code in labels.labels[1]] == ["NONE", "CORRECT"]
    assert labels.lengths[1].tolist() == [0, 16]
    assert labels.labels[0].tolist() == [-1, -1]


def test_arrays_are_as_small_as_they_can_be() -> None:
    assert Labels(SET, 2, longest=64).labels.dtype == np.int8
    assert Labels(SET, 2, longest=64).lengths.dtype == np.int16
    assert Labels(SET, 2, longest=40_000).lengths.dtype == np.int32


def test_every_outcome_has_a_code() -> None:
    assert max(map(len, OUTCOMES_OF.values())) <= 127


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_labels, "_KNOWN", 3)
    labels = Labels(SET, 1, longest=64)
    for number in range(10):
        labels.fill(0, [0], [said(0, f"The answer is: {number}")], frozenset())
        assert len(labels._known) <= 3
    assert labels.read == 10
    labels.fill(0, [0], [said(0, "The answer is: 9")], frozenset())
    assert labels.read == 10
