"""Rows as problems, whatever file or data set they come from."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from ctlab import formatting
from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem
from ctlab.problems.rows import FORMS
from ctlab.problems.rows.row_form import Row, RowForm
from ctlab.records.fields import Fields

_SHOWN = 12  # columns of a row in a sentence
_COMPARED = 50  # columns that are looked through for a slip: a table of evaluations can have thousands
_CLOSE = 0.7  # likeness of names, 0 to 1, from which one may be meant: "answers" for "answer" has 0.92
_MEANT = 0.9  # what such a column counts beside one that is there


def problems_of_rows(rows: Iterable[tuple[int, Row]], name: str, unit: str = "line") -> list[Problem]:
    """Make problems of numbered rows; an error names the row by its place."""
    problems = []
    for number, row in rows:
        try:
            problems.append(problem_of_row(row))
        except ProblemSetError as error:
            raise ProblemSetError(f"{name}, {unit} {number}: {error}") from None
    return problems


def problem_of_row(row: Row) -> Problem:
    """Make one problem of a row by the first form that recognises it; other columns become its fields."""
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
    shown = ", ".join(f'"{column}"' for column in columns[:_SHOWN]) + (" and more" if len(columns) > _SHOWN else "")
    return (
        f"a row with {f'the columns {shown}' if columns else 'no columns'} is in no known form{_nearest(columns)}; "
        f"known are {known} (docs/problem_sets.md); name the columns: FILE?question=COLUMN&gold=COLUMN"
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
