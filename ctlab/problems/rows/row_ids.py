"""Rows that share an id: two files that both count from 1 and were joined, or a slip of the keyboard."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.problems.problem import Problem
from ctlab.problems.rows.usual_columns import BESIDE_IDS, id_column, plain

Placed = Sequence[tuple[int, Problem]]
"""Problems with their places in the file, from 1."""


def repeated_ids(problems: Placed, column: str | None = None) -> tuple[str, dict[str, list[int]]]:
    """Return the column of ids, and the places of each id that several rows have.

    ``column`` is the one that is meant; None takes the first with a usual name, an empty name none. Nothing is repeated
    where another column, such as ``instance``, tells the rows of one id apart.
    """
    if column is None:
        column = id_column(dict.fromkeys(name for _, problem in problems for name in problem.fields))
    if not column:
        return "", {}
    places: dict[str, list[int]] = {}
    for place, problem in problems:
        if text := _text(problem, column):
            places.setdefault(text, []).append(place)
    twice = {text: found for text, found in places.items() if len(found) > 1}
    beside = [name for name in problems[0][1].fields if plain(name) in BESIDE_IDS] if twice else []
    if beside and len({(_text(problem, column), *_texts(problem, beside)) for _, problem in problems}) == len(problems):
        return column, {}
    return column, twice


def check_ids(problems: Placed, column: str | None, name: str, unit: str) -> None:
    """Refuse problems of which several have one id: what is joined by id would be joined to another question."""
    if column and not any(column in problem.fields for _, problem in problems):
        raise ProblemSetError(f"{name}: there is no column {shown(column)} to name its rows; choose another with ?id=")
    column, twice = repeated_ids(problems, column)
    if not twice:
        return
    text, places = next(iter(twice.items()))
    where = formatting.listed([f"{unit} {place}" for place in places[:3]]) + (" …" if len(places) > 3 else "")
    more = f", and so do {formatting.counted(len(twice) - 1, 'other id')}" if len(twice) > 1 else ""
    raise ProblemSetError(
        f"{name}: {column} {shown(text)} stands at {where}, for different questions{more}; give each row an id of its "
        "own, or say that no column names the rows: FILE?id= (ctlab problems lists them)"
    )


def _texts(problem: Problem, columns: Sequence[str]) -> list[str]:
    return [_text(problem, column) for column in columns]


def _text(problem: Problem, column: str) -> str:
    value = problem.fields.get(column)
    return "" if value is None else str(value).strip().removesuffix(".0")  # pandas writes 7 as 7.0 where one is missing
