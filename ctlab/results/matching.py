"""Rows find their problems: by question, by id or by place, one way for a whole file; nothing is guessed row by row."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.problems import Problem, ProblemSet
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.golds import contradiction
from ctlab.results.row_values import place_of, text_of

_ID_LENGTH = 16  # hex digits of a problem's id
_SHOWN = 60  # characters of a question in a sentence


class _NoMatchError(Exception):
    """A way of matching does not fit a row; the sentence says why."""


def matched(results: Results, rows: Sequence[ResultRow], problems: ProblemSet) -> list[Problem]:
    """Return the problem of each row; RecordedError where no way fits every row, or two fit and differ."""
    name = Path(results.path).name
    if results.own_names:
        return _by_own_names(rows, problems, name)
    found: dict[str, list[Problem]] = {}
    reasons = []
    ways, sure = _ways(results, rows, problems)
    for way, match in ways.items():
        try:
            found[way] = _checked(rows, match(), check_question=way != "question")
        except _NoMatchError as reason:
            reasons.append(f"by {way}: {reason}")
    if not found:
        raise RecordedError(
            f"{name}: its answers fit no way of finding their problems ({'; '.join(reasons)}); name the columns with "
            f"FILE?id=COLUMN&question=COLUMN (?id= alone where rows stand in the set's order), or give the problem set "
            f"that was asked"
        )
    first, *others = found
    for other in others if first not in sure else ():
        for row, one, two in zip(rows, found[first], found[other], strict=True):
            if one is not two:
                raise RecordedError(
                    f"{name}, {row.name}: by {first} it answers {start(one.question)}, by {other} "
                    f"{start(two.question)}; name the column of the question with FILE?question=COLUMN"
                )
    return found[first]


def start(question: str) -> str:
    """How a question begins, for a sentence."""
    return repr(question if len(question) <= _SHOWN else question[: _SHOWN - 3] + "...")


def _by_own_names(rows: Sequence[ResultRow], problems: ProblemSet, name: str) -> list[Problem]:
    ids = {problem.id: problem for problem in problems}
    found = []
    for row in rows:
        where = f"{name}, {row.name}"
        index = None if len(row.problem) == _ID_LENGTH else place_of(row.problem)
        if index is None and row.problem not in ids:
            raise RecordedError(f"{where}: problem_id {shown(row.problem)} is not in the problem set")
        if index is not None and not 0 <= index < len(problems):
            raise RecordedError(
                f"{where}: problem_index {shown(index)} is outside the problem set (0 to {len(problems) - 1})"
            )
        problem = ids[row.problem] if index is None else problems[index]
        try:
            _check(row, problem, check_question=True)
        except _NoMatchError as reason:
            raise RecordedError(f"{where}: {reason}") from None
        found.append(problem)
    return found


def _ways(
    results: Results, rows: Sequence[ResultRow], problems: ProblemSet
) -> tuple[dict[str, Callable[[], list[Problem]]], set[str]]:
    """What a file offers to find problems by, the surest first, and which of these go before all others."""
    ways: dict[str, Callable[[], list[Problem]]] = {}
    if all(row.question is not None for row in rows):
        ways["question"] = lambda: _by_question(rows, problems)
    columns = _id_columns(problems)
    shared = {column: found for column in columns if (found := _shared(results, rows, column))}
    for column, names in shared.items():
        ways[_own(column)] = lambda names=names, column=column: _by_name(rows, columns[column], names)  # type: ignore[misc]
    sure = set(ways)
    # A column by which the file names its problems, and the set its own: what it contradicts is no place either.
    if any(column == results.id_column and columns[column].keys() & set(names) for column, names in shared.items()):
        return ways, sure
    if not results.positional:
        ids = [row.problem for row in rows]
        ways["id"] = lambda: _by_name(rows, {problem.id: problem for problem in problems}, ids)
        for column, own in columns.items():
            ways.setdefault(_own(column), lambda own=own: _by_name(rows, own, ids))  # type: ignore[misc]
    ways["index"] = lambda: _by_index(rows, problems, 0)
    if not results.positional and all(row.problem != "0" for row in rows):
        ways["index from 1"] = lambda: _by_index(rows, problems, 1)
    return ways, sure


def _own(column: str) -> str:
    return f"the problems' own {shown(column)}"


def _shared(results: Results, rows: Sequence[ResultRow], column: str) -> list[str]:
    """What the rows hold in a column that the problem set has too; nothing where the file lacks it."""
    if results.id_column is not None:
        return [row.problem for row in rows] if results.id_column == column else []
    return [text_of(row.fields[column]) for row in rows] if all(column in row.fields for row in rows) else []


def _id_columns(problems: ProblemSet) -> dict[str, dict[str, Problem]]:
    """Columns of the problem set that tell its problems apart, with the problem of each value."""
    columns: dict[str, dict[str, Problem]] = {}
    for column in problems[0].fields:
        values = [text_of(problem.fields.get(column)) for problem in problems]
        if "" not in values and len(set(values)) == len(values):
            columns[column] = dict(zip(values, problems, strict=True))
    return columns


def _by_question(rows: Sequence[ResultRow], problems: ProblemSet) -> list[Problem]:
    """By the whole question, blanks apart; by how it begins where the file cuts it off."""
    whole = {_plain(problem.question): problem for problem in problems}
    if len(whole) < len(problems):
        raise _NoMatchError("two questions of the problem set differ in blanks alone")
    ordered = sorted(whole)
    return [whole.get(plain) or _beginning(row, plain, whole, ordered) for row, plain in _questions(rows)]


def _questions(rows: Sequence[ResultRow]) -> list[tuple[ResultRow, str]]:
    return [(row, _plain(row.question or "").removesuffix("...").removesuffix("…").rstrip()) for row in rows]


def _beginning(row: ResultRow, plain: str, whole: dict[str, Problem], ordered: list[str]) -> Problem:
    at = bisect_left(ordered, plain)
    fitting = [question for question in ordered[at : at + 2] if plain and question.startswith(plain)]
    if len(fitting) != 1:
        why = "begins several of" if fitting else "is none of"
        raise _NoMatchError(f"the question of {row.name}, {start(row.question or '')}, {why} the problem set's")
    return whole[fitting[0]]


def _by_name(rows: Sequence[ResultRow], problems: dict[str, Problem], names: Sequence[str]) -> list[Problem]:
    for row, name in zip(rows, names, strict=True):
        if name not in problems:
            raise _NoMatchError(f"{shown(name)} of {row.name} is none of the problem set's")
    return [problems[name] for name in names]


def _by_index(rows: Sequence[ResultRow], problems: ProblemSet, base: int) -> list[Problem]:
    found = []
    for row in rows:
        index = place_of(row.problem)
        if index is None:
            raise _NoMatchError(f"{shown(row.problem)} of {row.name} is no whole number")
        if not base <= index < len(problems) + base:
            raise _NoMatchError(f"{index} of {row.name} is outside {base} to {len(problems) + base - 1}")
        found.append(problems[index - base])
    return found


def _checked(rows: Sequence[ResultRow], found: list[Problem], *, check_question: bool) -> list[Problem]:
    seen: dict[str, ResultRow] = {}
    for row, problem in zip(rows, found, strict=True):
        try:
            _check(row, problem, check_question=check_question)
        except _NoMatchError as reason:
            raise _NoMatchError(f"{row.name}: {reason}") from None
        if (first := seen.setdefault(problem.id, row)) is not row:
            raise _NoMatchError(f"{row.name} answers the same problem as {first.name}")
    return found


def _check(row: ResultRow, problem: Problem, *, check_question: bool) -> None:
    """Refuse a row whose question or reference answer is another problem's."""
    if check_question and row.question is not None:
        # Official evaluations tidy up blanks before they ask, and may record what they asked.
        asked, question = _plain(row.question), _plain(problem.question)
        # A file may hold how the question begins, or a whole prompt with the question in it.
        if not question.startswith(asked) and question not in asked:
            raise _NoMatchError(
                f"the question {start(row.question)} is not the problem set's {start(problem.question)}; "
                f"the answers are in another order or belong to another set"
            )
    if gold := contradiction(row.gold, problem):
        raise _NoMatchError(f"gold_answer {gold} is not the problem set's {problem.gold_text}")


def _plain(question: str) -> str:
    return " ".join(question.split())
