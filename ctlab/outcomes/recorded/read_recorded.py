"""Recorded answers: read instead of generated, and written in the original study's form.

Two forms are read: JSONL rows with ``problem_index`` or ``problem_id`` and ``output``; and the original study's JSON,
one object with ``results_detail``. An index is resolved to a problem id here, once, and joins nothing afterwards.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from ctlab.errors import InputError, ProblemSetError, RecordedError
from ctlab.files import publish
from ctlab.outcomes.run import Run
from ctlab.problems import Number, Problem, ProblemSet, same_number
from ctlab.problems.sources.jsonl import read_jsonl
from ctlab.records.generation import Generation

PREFIX_LENGTH = 100
"""The original study cuts questions to so many characters and adds ``...``."""


def read_recorded(path: str | os.PathLike[str], problems: ProblemSet) -> tuple[Generation, ...]:
    """Read one condition's recorded answers, one a problem, in the order of ``problems``.

    Indices count in ``problems.whole``. The file holds every problem of the whole set, or exactly those of a limited
    one; anything else is refused with the first row that does not fit.
    """
    file = Path(path)
    answers: dict[str, Generation] = {}
    rows_of: dict[str, str] = {}
    rows = list(_rows(file))
    if len(rows) not in (len(problems.whole), len(problems)):
        raise RecordedError(
            f"{file.name} holds {len(rows)} answers, problem set {problems.name!r} has {len(problems.whole)} problems: "
            f"recorded answers must be one a problem"
        )
    ids = {problem.id: problem for problem in problems.whole}
    for at, (row_name, row) in enumerate(rows):
        where = f"{file.name}, {row_name}"
        problem = _problem_of(row, at, problems.whole, ids, where)
        _check(row, problem, where)
        if (first := rows_of.setdefault(problem.id, row_name)) != row_name:
            raise RecordedError(f"{where}: answers the same problem as {first} ({_start(problem.question)})")
        answers[problem.id] = Generation(problem_id=problem.id, token_ids=(), text=_text_of(row, where))
    for number, problem in enumerate(problems):
        if problem.id not in answers:
            raise RecordedError(f"{file.name} has no answer to problem_index {number} ({_start(problem.question)})")
    return tuple(answers[problem.id] for problem in problems)


def study_form(run: Run, model: str) -> dict[str, Any]:
    """Write a run in the original study's form, with each answer's whole text added as ``output``."""
    correct = run.correct()
    details = []
    for index, (problem, generation, found) in enumerate(
        zip(run.problems, run.generations, run.classifications, strict=True)
    ):
        question = problem.question
        details.append(
            {
                "problem_idx": index,
                "question": question if len(question) <= PREFIX_LENGTH else question[:PREFIX_LENGTH] + "...",
                "gold_answer": _json_number(problem.gold_number),
                "pred_answer": None if found.prediction is None else _json_number(found.prediction),
                "correct": correct[index],
                "output": generation.text,
            }
        )
    return {
        "model": model,
        "n_problems": len(run.problems),
        "n_correct": sum(correct),
        "accuracy": run.accuracy(),
        "results_detail": details,
    }


def write_study(run: Run, model: str, path: Path) -> None:
    """Write a run's study form to a file; InputError where it cannot be written."""
    text = json.dumps(study_form(run, model), indent=1, ensure_ascii=False) + "\n"
    publish(path, text.encode(), error=InputError, advice="choose another place for it")


def _rows(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rows of a file in either form, each with the name that an error gives it."""
    try:
        # One row fits both forms; several lines that are objects are JSONL.
        lines = read_jsonl(file)
        form = _whole_file(file)
        if form is None:
            yield from ((f"line {number}", row) for number, row in lines)
            return
    except ProblemSetError as error:
        raise RecordedError(str(error)) from None
    details = form.get("results_detail")
    if not isinstance(details, list):
        raise RecordedError(
            f'{file.name} is neither JSONL rows with "problem_index" and "output" nor an object with "results_detail"'
        )
    if (said := form.get("n_problems", len(details))) != len(details):
        raise RecordedError(
            f"{file.name} says n_problems {said} but holds {len(details)} rows: the raw answers are needed in full"
        )
    for number, row in enumerate(details, start=1):
        if not isinstance(row, dict):
            raise RecordedError(f"{file.name}, row {number}: a row is an object, not {row!r}")
        yield f"row {number}", row


def _whole_file(file: Path) -> Mapping[str, Any] | None:
    """The file as one JSON object of the original study; None when it is JSONL."""
    try:
        form = json.loads(file.read_text(encoding="utf-8"), parse_float=str, parse_constant=str)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return None
    return form if isinstance(form, dict) and "output" not in form else None


def _problem_of(
    row: Mapping[str, Any], at: int, whole: Sequence[Problem], ids: Mapping[str, Problem], where: str
) -> Problem:
    """Find the problem that a row answers: by id, by index, or by the row's place in the study's form."""
    if "problem_id" in row:
        if row["problem_id"] not in ids:
            raise RecordedError(f"{where}: problem_id {row['problem_id']!r} is not in the problem set")
        return ids[row["problem_id"]]
    index = row.get("problem_index", row.get("problem_idx", at if "pred_answer" in row else None))
    if isinstance(index, bool) or not isinstance(index, int):
        raise RecordedError(f'{where}: a row needs a "problem_index" (counted from 0) or a "problem_id"')
    if not 0 <= index < len(whole):
        raise RecordedError(f"{where}: problem_index {index} is outside the problem set (0 to {len(whole) - 1})")
    return whole[index]


def _check(row: Mapping[str, Any], problem: Problem, where: str) -> None:
    """Refuse a row whose question or gold answer is another problem's."""
    question = row.get("question")
    if isinstance(question, str):
        cut = " ".join(question.removesuffix("...").split())
        if not " ".join(problem.question.split()).startswith(cut):
            raise RecordedError(
                f"{where}: the question {_start(question)} is not the problem set's {_start(problem.question)}; "
                f"the answers are in another order or belong to another set"
            )
    gold = row.get("gold_answer")
    if gold is not None and not same_number(_number(gold, "gold_answer", where), problem.gold_number):
        raise RecordedError(f"{where}: gold_answer {gold} is not the problem set's {problem.gold_number}")


def _text_of(row: Mapping[str, Any], where: str) -> str:
    """The recorded text; where the study kept only a number, that number after the answer marker."""
    if "output" in row:
        if not isinstance(row["output"], str):
            raise RecordedError(f'{where}: "output" is a text, not {row["output"]!r}')
        return row["output"]
    if "pred_answer" not in row:
        raise RecordedError(f'{where}: a row needs an "output" or a "pred_answer"')
    prediction = row["pred_answer"]
    if prediction is None:
        if row.get("error"):
            raise RecordedError(
                f"{where}: an error was recorded instead of an answer ({row['error']}); an error is not a wrong "
                f"answer, so generate this answer again"
            )
        return ""
    return f"The answer is: {_number(prediction, 'pred_answer', where)}"


def _number(value: Any, field: str, where: str) -> Number:
    """Read a JSON number or its text; a float that is whole is a whole number."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ProblemSetError("")
        return Number.of(value) if isinstance(value, int) else Number.parse(value.removesuffix(".0"))
    except ProblemSetError:
        raise RecordedError(f'{where}: "{field}" is a number, not {value!r}') from None


def _json_number(number: Number) -> int | float | str:
    value: Fraction = number.value
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value)
    except OverflowError:
        return str(number)


def _start(question: str) -> str:
    return repr(question if len(question) <= 60 else question[:57] + "...")
