"""A run written as the original study's JSON: one object whose ``results_detail`` holds a row a problem."""

import json
from pathlib import Path
from typing import Any

from ctlab.errors import InputError
from ctlab.files import publish
from ctlab.outcomes.run import Run
from ctlab.problems import Number

PREFIX_LENGTH = 100
"""The original study cuts questions to so many characters and adds ``...``."""


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
