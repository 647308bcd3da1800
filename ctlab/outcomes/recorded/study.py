"""The original study's JSON, both ways: one object whose ``results_detail`` holds a row a problem."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import InputError, RecordedError
from ctlab.files import publish
from ctlab.outcomes.recorded.recorded_format import RecordedFormat, RecordedRow, read_row
from ctlab.outcomes.run import Run
from ctlab.problems import Number

PREFIX_LENGTH = 100
"""The original study cuts questions to so many characters and adds ``...``."""


class Study(RecordedFormat):
    """A run of the original study, or one that ``write_study`` wrote."""

    def recognises(self, file: Path) -> bool:
        """By ``results_detail``."""
        return "results_detail" in _document(file)

    def rows(self, file: Path) -> Iterator[RecordedRow]:
        """Read every row, all of them being there."""
        form = _document(file)
        details = form["results_detail"]
        if not isinstance(details, list):
            raise RecordedError(f'{file.name}: "results_detail" is a list of rows, not {details!r}')
        count = len(details)
        if (stated := form.get("n_problems", count)) != count:
            raise RecordedError(
                f"{file.name} says n_problems {stated} but holds {count} rows: the raw answers are needed in full"
            )
        for at, fields in enumerate(details):
            name = f"row {at + 1}"
            if not isinstance(fields, dict):
                raise RecordedError(f"{file.name}, {name}: a row is an object, not {fields!r}")
            yield read_row(fields, name=name, at=at, file=file)


STUDY = Study(described='a JSON object with "results_detail", as the original study writes it')


def study_form(run: Run, model: str) -> dict[str, Any]:
    """Write a run in the original study's form, with each answer's whole text added as ``output``."""
    correct = run.correct()
    details = []
    for index, (problem, generation, classification) in enumerate(
        zip(run.problems, run.generations, run.classifications, strict=True)
    ):
        question, prediction = problem.question, classification.prediction
        details.append(
            {
                "problem_idx": index,
                "question": question if len(question) <= PREFIX_LENGTH else question[:PREFIX_LENGTH] + "...",
                "gold_answer": _json_number(problem.gold_number),
                "pred_answer": None if prediction is None else _json_number(prediction),
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


def _document(file: Path) -> Mapping[str, Any]:
    """The file as one JSON object; empty when it is none. Numbers stay as written: 18.50 is not 18.5."""
    try:
        form = json.loads(file.read_text(encoding="utf-8"), parse_float=str, parse_constant=str)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return {}
    return form if isinstance(form, dict) else {}


def _json_number(number: Number) -> int | float | str:
    if number.value.denominator == 1:
        return number.value.numerator
    try:
        return float(number.value)
    except OverflowError:
        return str(number)
