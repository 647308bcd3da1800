"""ctlab's own rows: ``question`` and ``gold``, and a worked solution as ``solution`` or ``answer`` where one is.

``kind`` says what an answer is where it is no number; ``options`` and ``aliases`` are lists of texts.
"""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_form import Row, RowForm, problem_of
from ctlab.records.fields import Fields

_OWN = ("question", "gold", "kind", "options", "aliases", "solution", "answer", "fields")


class Gold(RowForm):
    """Rows that call the reference answer gold."""

    def recognises(self, row: Row) -> bool:
        """By ``gold``, which says what is meant whatever stands beside it."""
        return "gold" in row

    def problem(self, row: Row) -> Problem:
        """Take the values as they are."""
        solution = row.get("solution", row.get("answer", ""))
        if (kind := row.get("kind", "number")) == "number":
            return problem_of(row.get("question"), row["gold"], solution)
        return Problem(
            question=problem_of(row.get("question"), 0).question,  # which refuses what is no question
            gold=_written(row["gold"]),
            solution=solution or "",
            kind=kind,
            options=_texts(row, "options"),
            aliases=_texts(row, "aliases"),
            fields=_fields(row),
        )


def _written(gold: Any) -> Any:
    """Write a boolean as JSON holds it, and the items of a list, as text."""
    if isinstance(gold, bool):
        return str(gold).lower()
    return ", ".join(map(str, gold)) if isinstance(gold, list) else gold


def _texts(row: Row, name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ProblemSetError(f'"{name}" is a list of texts, not {shown(value)}')
    return tuple(value)


def _fields(row: Row) -> Fields:
    """Return the columns under ``fields``, as `Problem.to_json` writes them, else those that ctlab has no use for."""
    if "fields" not in row:
        return Fields({name: value for name, value in row.items() if name not in _OWN})
    if not isinstance(row["fields"], Mapping):
        raise ProblemSetError(f'"fields" is an object with a row\'s own columns, not {shown(row["fields"])}')
    return Fields(row["fields"])


GOLD = Gold(
    name="ctlab's own",
    needs=("question", "gold"),
    takes=frozenset({"solution", "answer", "kind", "options", "aliases"}),
)
