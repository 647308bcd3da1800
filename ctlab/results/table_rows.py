"""Rows of a table, whatever file they came in, made rows of results."""

import re
from collections.abc import Mapping
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.columns import Rows, find_columns
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions
from ctlab.results.row_values import failure_of, golds_of, is_bare, place_of, score_of, text_of

_NAMED = 5  # rows in a note
_WRONG = "read as wrong, and left out where a column error says that it failed"
# How programs report what went wrong; an answer to a word problem begins with none of these.
_ERROR = re.compile(
    r"\s*+[\[(<{]?(?:[A-Za-z]{0,30}(?:Error|Exception|Timeout)\b|ERROR\b|Traceback \(most|"
    r"(?i:error:|time-?out\b|timed out|request (?:timed out|failed)|rate limit|HTTP [45]\d\d))"
)


def table_results(
    file: ResultFile, rows: Rows, options: ReadOptions, *, format: str, notes: tuple[str, ...] = (), model: str = ""
) -> Results:
    """Read a table by its columns; RecordedError where they are not known, or a value is not what its column says."""
    if not rows:
        raise RecordedError(f"{file.name} holds no rows; give a whole result file (docs/results.md)")
    columns = find_columns(rows, options.columns, file.name, answers_wanted=options.answers_wanted)
    if "error" not in options.columns:
        _check_errors(rows, columns, file.name)
    repeats = _repeats(rows, columns.get("repeat"))
    said = ", ".join(f"{role}={column}" for role, column in columns.items())
    scores_only = "answer" not in columns
    read = tuple(
        _row(row, columns, name=name, at=at, file=file.name, repeat=repeats[at]) for at, (name, row) in enumerate(rows)
    )
    return Results(
        path=str(file.path),
        format=format,
        rows=read,
        model=model,
        positional="id" not in columns,
        id_column=columns.get("id", options.columns.get("id")),
        scores_only=scores_only,
        notes=(*notes, f"columns: {said}", *(["it holds scores and no answers"] if scores_only else _empty(read))),
    )


def _empty(rows: tuple[ResultRow, ...]) -> list[str]:
    """Say which rows have no answer, or one that reads like an error, and did not say that they failed."""
    empty = [row for row in rows if not row.answer.strip() and not row.failure]
    errors = [row for row in rows if _ERROR.match(row.answer) and not row.failure]
    said = [f"without an answer: {_places(empty)}; {_WRONG}"] if empty else []
    what = f"such as {shown(errors[0].answer)}; {_WRONG}" if errors else ""
    return [*said, *([f"an error for an answer: {_places(errors)}, {what}"] if errors else [])]


def _places(rows: list[ResultRow]) -> str:
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return ", ".join(row.name for row in rows[:_NAMED]) + more


def _row(
    row: Mapping[str, Any], columns: Mapping[str, str], *, name: str, at: int, file: str, repeat: int
) -> ResultRow:
    def value(role: str) -> Any:
        return row.get(columns[role]) if role in columns else None

    where = f"{file}, {name}"
    if "id" in columns and not text_of(value("id")).strip():
        raise RecordedError(f"{where}: its {columns['id']!r} is empty; every row needs one, or none: id= (empty)")
    used = set(columns.values())
    question, gold = value("question"), golds_of(value("gold"))
    answer = text_of(value("answer"))
    return ResultRow(
        name=name,
        problem=_id_text(value("id")) if "id" in columns else str(at),
        answer=answer,
        score=score_of(value("score"), where),
        gold=gold or None,
        question=text_of(question) if question is not None else None,
        repeat=repeat,
        fields=Fields({key: value for key, value in row.items() if key not in used}),
        # What was said before a timeout is no answer, whatever a score beside it says.
        failure=failure_of(value("error")),
    )


def _check_errors(rows: Rows, columns: Mapping[str, str], file: str) -> None:
    """Refuse a column that was guessed to hold errors and may hold how far off answers are: those would all be lost."""
    if "error" not in columns:
        return
    column = columns["error"]
    for name, row in rows:
        failure, answered = failure_of(row.get(column)), text_of(row.get(columns.get("answer", ""))).strip()
        if failure and answered and is_bare(failure):
            raise RecordedError(
                f"{file}, {name}: the column {shown(column)} holds {shown(failure)} beside an answer, which may mean "
                f"that it failed or that it is wrong; say which with FILE?error={column} (it failed) or FILE?error= "
                "(empty: none)"
            )


def _id_text(value: Any) -> str:
    """Write an id; pandas writes a column of whole numbers with a gap as 7.0."""
    text = text_of(value).strip()
    return text[:-2] if text.endswith(".0") and place_of(text[:-2]) is not None else text


def _repeats(rows: Rows, column: str | None) -> list[int]:
    """Number the values of the column that tells repeats apart, in their order."""
    if column is None:
        return [0] * len(rows)
    values = [text_of(row.get(column)) for _, row in rows]
    places = {value: place_of(value) for value in values}
    whole = [place for place in places.values() if place is not None]
    ordered = sorted(places, key=lambda value: places[value] or 0) if len(whole) == len(places) else list(places)
    number = {value: at for at, value in enumerate(ordered)}
    return [number[value] for value in values]
