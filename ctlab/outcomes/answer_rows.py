"""A run as rows, one a problem: what was asked, answered and read, what that means, and what kind of problem it is."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Protocol

from ctlab.interventions import Condition
from ctlab.outcomes.classification import Classification
from ctlab.problems import Problem
from ctlab.records.generation import Generation
from ctlab.records.own_functions import Own
from ctlab.records.problem_features import Features

COLUMNS = ("problem_id", "condition", "question", "answer", "prediction", "gold", "outcome", "correct")
"""Of every row; then come ctlab's features, the suite's own outcomes and features, and the problem set's columns."""
_FEATURES = tuple(field.name for field in fields(Features) if field.name != "tokens_counted_by")
_TAKEN = frozenset((*COLUMNS, *_FEATURES))


class LabelledRun(Protocol):
    """What a row is made of; `ctlab.outcomes.Run` has it all."""

    @property
    def condition(self) -> Condition:
        """What was disturbed."""

    @property
    def problems(self) -> Sequence[Problem]:
        """Problems in order."""

    @property
    def generations(self) -> Sequence[Generation]:
        """One generation a problem."""

    @property
    def classifications(self) -> Sequence[Classification]:
        """One classification a problem."""

    @property
    def own(self) -> Own:
        """Outcomes and features that the suite brings itself."""

    def has(self, outcome: str) -> tuple[bool, ...]:
        """Whether each answer has the outcome."""


def answer_rows(run: LabelledRun) -> list[dict[str, Any]]:
    """Return one row a problem, in problem order.

    ``answer`` is the whole text, ``prediction`` what was read of it. A column of the problem set whose name is taken
    here is called ``field_NAME``. What a problem does not have is None.
    """
    columns = dict.fromkeys(name for problem in run.problems for name in problem.fields)
    own = {name: run.has(name) for name in run.own.outcomes}
    rows = []
    for place, (problem, said, label) in enumerate(
        zip(run.problems, run.generations, run.classifications, strict=True)
    ):
        features = problem.features
        row: dict[str, Any] = {
            "problem_id": problem.id,
            "condition": run.condition.name,
            "question": problem.question,
            "answer": said.text,
            "prediction": label.shown,
            "gold": problem.gold_text,
            "outcome": str(label.outcome),
            "correct": label.outcome == "CORRECT",
            **{name: getattr(features, name) for name in _FEATURES},
            **{name: values[place] for name, values in own.items()},
            **{name: feature.of(problem) for name, feature in run.own.features.items()},
        }
        rows.append(_with_fields(row, columns, problem.fields))
    return _without_empty(rows)


def _with_fields(row: dict[str, Any], columns: Mapping[str, None], given: Mapping[str, Any]) -> dict[str, Any]:
    taken = _TAKEN | row.keys()
    return row | {f"field_{name}" if name in taken else name: given.get(name) for name in columns}


def _without_empty(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out features that no problem of the set has, such as edges of a graph in a set of word problems."""
    empty = [name for name in _FEATURES if all(row[name] is None for row in rows)]
    return [{name: value for name, value in row.items() if name not in empty} for row in rows]
