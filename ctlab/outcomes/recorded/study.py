"""The original study's JSON, both ways: one object whose ``results_detail`` holds a row a problem."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import InputError, RecordedError
from ctlab.files import publish
from ctlab.inputs import read_json, read_text, shown
from ctlab.outcomes.recorded.recorded_format import RecordedFormat, RecordedRow, read_row
from ctlab.outcomes.run import Run
from ctlab.problems import Number

PREFIX_LENGTH = 100
"""The original study cuts questions to so many characters and adds ``...``."""
_DETAILS = re.compile(r'\A\s*+\{(?s:.*?)"results_detail"\s*+:')


class Study(RecordedFormat):
    """A run of the original study, or one that ``write_study`` wrote."""

    def recognises(self, file: Path) -> bool:
        """By ``results_detail``."""
        # By its look alone, so that of a file that was cut off it is said where.
        return bool(_DETAILS.search(read_text(file, error=RecordedError)))

    def rows(self, file: Path) -> Iterator[RecordedRow]:
        """Read every row, all of them being there."""
        form = read_json(file, error=RecordedError, as_written=True)
        details = form.get("results_detail") if isinstance(form, dict) else None
        if not isinstance(details, list):
            raise RecordedError(f'{file.name}: "results_detail" is a list of rows, not {shown(details)}')
        count = len(details)
        if (stated := form.get("n_problems", count)) != count:
            raise RecordedError(
                f"{file.name} says n_problems {shown(stated)} but holds {count} rows: the raw answers are needed "
                f"in full"
            )
        for at, fields in enumerate(details):
            name = f"row {at + 1}"
            if not isinstance(fields, dict):
                raise RecordedError(f"{file.name}, {name}: a row is an object, not {shown(fields)}")
            yield read_row(fields, name=name, at=at, file=file)


STUDY = Study(described='a JSON object with "results_detail", as the original study writes it')


def study_form(run: Run, model: str) -> dict[str, Any]:
    """Write a run in the original study's form, with each answer's whole text added as ``output``."""
    correct = run.correct()
    details = []
    for index, (problem, generation, classification) in enumerate(
        zip(run.problems, run.generations, run.classifications, strict=True)
    ):
        question, number = problem.question, classification.prediction
        details.append(
            {
                "problem_idx": index,
                "question": question if len(question) <= PREFIX_LENGTH else question[:PREFIX_LENGTH] + "...",
                "gold_answer": _json_number(problem.gold_number) if problem.kind == "number" else problem.gold_text,
                "pred_answer": classification.shown if number is None else _json_number(number),
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


def _json_number(number: Number) -> int | float | str:
    if number.value.denominator == 1:
        return number.value.numerator
    try:
        return float(number.value)
    except OverflowError:
        return str(number)
