"""Rows as problems, whatever file or data set they come from."""

from collections.abc import Iterable

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem
from ctlab.problems.rows import FORMS
from ctlab.problems.rows.row_form import Row


def problems_of_rows(rows: Iterable[tuple[int, Row]], name: str) -> list[Problem]:
    """Make problems of numbered rows; an error names the row's line."""
    problems = []
    for number, row in rows:
        try:
            problems.append(problem_of_row(row))
        except ProblemSetError as error:
            raise ProblemSetError(f"{name}, line {number}: {error}") from None
    return problems


def problem_of_row(row: Row) -> Problem:
    """Make one problem of a row by the first form that recognises it."""
    for form in FORMS:
        if form.recognises(row):
            return form.problem(row)
    known = ", or ".join(form.columns for form in reversed(FORMS))
    raise ProblemSetError(f"a row needs {known}")
