"""What is given to be judged becomes rows: a file of any known format, rows that were read before, plain lists."""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab.errors import InputError
from ctlab.file_options import path_and_options
from ctlab.inputs import is_no_file, shown
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.repeated_ids import numbered
from ctlab.results.row_values import failure_of, is_bare

Given = str | os.PathLike[str] | Results | Iterable[ResultRow | Mapping[str, Any] | bool]
"""A path, the rows of `ctlab.read_results`, or a list with one answer each: a mapping, or True for a right one."""

_COLUMNS = {
    "problem": ("problem", "id", "problem_id"),
    "answer": ("answer", "output"),
    "score": ("score", "correct"),
    "gold": ("gold",),
    "question": ("question",),
    "repeat": ("repeat", "epoch", "seed"),
    "failure": ("error", "failure"),
}
"""Names of a mapping's columns, by field of a row; what else it holds are its own columns."""


def results_of(given: Given, letter: str) -> Results:
    """Return the rows of what is given as the file with this letter; InputError where there is nothing to judge."""
    if isinstance(given, str | os.PathLike):
        results = _from_file(os.fspath(given))
    else:
        results = given if isinstance(given, Results) else _from_list(given, letter)
    if not results.rows:
        raise InputError(
            f"{letter} ({results.path}) holds no answers, and nothing can be judged; give a file with rows"
        )
    return results


def check_different(given: Sequence[Given], letters: Sequence[str]) -> None:
    """Refuse one file under two letters: whatever is compared between them was decided by the copy."""
    seen: dict[str, str] = {}
    for source, letter in zip(given, letters, strict=True):
        if not isinstance(source, str | os.PathLike):
            continue
        other = seen.setdefault(_identity(os.fspath(source)), letter)
        if other != letter:
            raise InputError(
                f"{other} and {letter} are the same file ({os.fspath(source)}), byte for byte, and cannot differ; "
                "give the file that was meant"
            )


def _from_file(text: str) -> Results:
    from ctlab.results import read_results
    from ctlab.results.result_format import ROLES

    path, options = path_and_options(text)
    if not path:
        raise InputError("a file has a name, and this one is empty; give the path of a result file")
    for name in options:
        if name not in (*ROLES, "filter", "format"):
            raise InputError(
                f"{text}: {shown(name)} is nothing that can be chosen; columns are {', '.join(ROLES)}, and there are "
                "filter and format"
            )
    columns = {role: options[role] for role in ROLES if role in options}
    return read_results(path, columns=columns, filter=options.get("filter"), format=options.get("format"))


def _identity(text: str) -> str:
    """Identify a file by what it holds and by how it is read: two columns of one table are two results."""
    path, options = path_and_options(text)
    file = Path(path)
    try:
        held = str(file.resolve()) if is_no_file(file) else hashlib.sha256(file.read_bytes()).hexdigest()
    except (OSError, ValueError):  # whoever reads it says what is wrong with it
        held = path
    return f"{held}?{sorted(options.items())}"


def _from_list(given: object, letter: str) -> Results:
    if isinstance(given, bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(
            f"{letter} is {shown(given)}, and a path, results or a list of answers is needed; give one of these"
        )
    items = list(given)
    rows, positional = [], True
    for place, item in enumerate(items):
        if isinstance(item, ResultRow):
            rows.append(item)
            positional = False
        elif isinstance(item, Mapping):
            row, named = _from_mapping(item, place, letter)
            rows.append(row)
            positional = positional and not named
        else:
            rows.append(
                ResultRow(name=f"item {place}", problem=str(place), answer="", score=_score(item, place, letter))
            )
    told, notes = numbered(rows)
    return Results(path=f"list {letter}", format="list", rows=told, positional=positional, notes=notes)


def _from_mapping(item: Mapping[str, Any], place: int, letter: str) -> tuple[ResultRow, bool]:
    """Read one mapping; also whether it names its problem."""
    found = {field: next((name for name in names if name in item), None) for field, names in _COLUMNS.items()}
    values = {field: item[name] for field, name in found.items() if name is not None}
    own = Fields({str(name): value for name, value in item.items() if name not in found.values()})
    failure = failure_of(values.get("failure"))
    if values.get("answer") is None and values.get("score") is None and not failure:
        raise InputError(
            f"item {place} of {letter} has neither an answer nor a score ({shown(dict(item))}); "
            'give it an "answer", or a "score" of 0 or 1'
        )
    if is_bare(failure):
        raise InputError(
            f"item {place} of {letter} has the error {shown(failure)}, and an error says what went wrong; give a text, "
            "or leave it out where nothing did"
        )
    gold, answer = values.get("gold"), values.get("answer")
    row = ResultRow(
        name=f"item {place}",
        problem=str(values.get("problem", place)),
        answer="" if answer is None else str(answer),
        score=None if values.get("score") is None else _score(values["score"], place, letter),
        gold=tuple(map(str, gold)) if isinstance(gold, list | tuple) else None if gold is None else str(gold),
        question=None if values.get("question") is None else str(values["question"]),
        repeat=_repeat(values.get("repeat", 0), place, letter),
        fields=own,
        failure=failure,
    )
    return row, "problem" in values


def _score(value: Any, place: int, letter: str) -> float:
    """Read a score: True and False, 0 and 1 of any library, or a number between them."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(
            f"item {place} of {letter} is {shown(value)}, and a score is True or False, or a number from 0 to 1; "
            "give a list of these, or of mappings"
        ) from None


def _repeat(value: Any, place: int, letter: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise InputError(
            f"item {place} of {letter} has the repeat {shown(value)}, and repeats are counted; give a whole number"
        ) from None
