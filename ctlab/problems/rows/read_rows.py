"""Rows as problems, whatever file or data set they come from."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from ctlab import formatting
from ctlab.errors import ProblemSetError
from ctlab.inputs import shown
from ctlab.mistaken_files import told_by_keys
from ctlab.problems.problem import Problem
from ctlab.problems.rows import FORMS
from ctlab.problems.rows.row_form import BadRow, Row, RowForm
from ctlab.problems.rows.usual_columns import as_typed, guessed_columns
from ctlab.records.fields import Fields

_SHOWN = 12  # columns of a row in a sentence
_COMPARED = 50  # columns that are looked through for a slip: a table of evaluations can have thousands
_CLOSE = 0.7  # likeness of names, 0 to 1, from which one may be meant: "answers" for "answer" has 0.92
_MEANT = 0.9  # what such a column counts beside one that is there


def problems_of_rows(
    rows: Iterable[tuple[int, Row | BadRow]], name: str, unit: str = "line"
) -> list[tuple[int, Problem]]:
    """Make problems of numbered rows, with their numbers; an error names the first row that is none, and counts all."""
    problems: list[tuple[int, Problem]] = []
    places: dict[str, int] = {}
    wrong: list[str] = []
    for number, row in rows:
        try:
            problem = problem_of_row(row)
        except ProblemSetError as error:
            wrong.append(f"{name}, {unit} {number}: {error}")
            continue
        problems.append((number, problem))
        if (first := places.setdefault(problem.id, number)) != number:
            wrong.append(
                f"{name}: {unit}s {first} and {number} ask the same question ({shown(problem.question)}); answers are "
                "joined by question, so remove one of them"
            )
    if wrong:
        more = f" ({formatting.counted(len(wrong) - 1, f'more {unit}')} like it: ctlab problems FILE lists all)"
        raise ProblemSetError(wrong[0] + (more if len(wrong) > 1 else ""))
    return problems


def problem_of_row(row: Row | BadRow) -> Problem:
    """Make one problem of a row by the first form that recognises it; other columns become its fields."""
    if isinstance(row, BadRow):
        raise ProblemSetError(row.why)
    form = form_of(row)
    problem = form.problem(row)
    others = form.others(row)
    return replace(problem, fields=Fields({**others, **problem.fields})) if others else problem


def form_of(row: Row) -> RowForm:
    """Find the first form that recognises a row; ProblemSetError names what it has, what is nearest, what is known."""
    for form in FORMS:
        if form.recognises(row):
            return form
    raise ProblemSetError(_refusal(tuple(str(column) for column in row)))


# An audit asks again for every row, and the rows of a file have the same columns.
@lru_cache(maxsize=64)
def _refusal(columns: tuple[str, ...]) -> str:
    known = formatting.listed([form.name for form in reversed(FORMS)])
    if told := told_by_keys(columns):
        return f"it is {told}"
    some = ", ".join(f'"{column}"' for column in columns[:_SHOWN]) + (" and more" if len(columns) > _SHOWN else "")
    named = as_typed(guessed_columns(columns) or {"question": "COLUMN", "gold": "COLUMN"})
    title = "if a title stands above the names of the columns, remove it; else " if "" in columns else ""
    return (
        f"a row with {f'the columns {some}' if columns else 'no columns'} is in no known form{_nearest(columns)}; "
        f"known are {known} (docs/problem_sets.md); {title}name the columns: '{named}'"
    )


def _nearest(columns: tuple[str, ...]) -> str:
    """Say which form lacks least, and which column may be meant for what it lacks; empty where none has any."""
    lowered = {column.lower(): column for column in columns[:_COMPARED]}

    def near(column: str) -> str:
        match = get_close_matches(column.lower(), lowered, n=1, cutoff=_CLOSE)
        return f' (is "{lowered[match[0]]}" meant?)' if match else ""

    def share(form: RowForm) -> float:
        there = sum(column in columns for column in form.needs)
        meant = sum(column not in columns and bool(near(column)) for column in form.needs)
        return (there + _MEANT * meant) / len(form.needs)

    form = max(reversed(FORMS), key=share)  # of equals the plainest
    if not share(form):
        return ""
    missing = ", ".join(f'"{column}"{near(column)}' for column in form.needs if column not in columns)
    return f"; nearest is {form.name}, for which it lacks {missing}" if missing else f"; nearest is {form.name}"
