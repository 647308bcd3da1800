"""What each condition answered to each problem, as far as the files of a report say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ctlab.reporting.documents.write import PREDICTIONS, PROBLEMS
from ctlab.reporting.model.outcome_table import Answer, Prediction
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.record import Many, Record
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.reporting.report_files import read_json

_ALL = "answers.json"
"""All conditions' answers; reports of before have only those of conditions that some claim about errors compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """What is known of one answer."""

    right: bool
    """Whether it is the right one."""
    outcome: str | None
    """Its label; None where only right and wrong are kept."""
    answer: str | None
    """The number, or other answer, that was read; None for none, and where it is not kept."""
    place: int | None
    """The problem's number in its set, from 1."""
    question: str
    """The question."""
    gold: str
    """The reference answer."""


class _Problem(Record):
    """One problem of answers.json."""

    problem_id: str
    """Its id."""
    question: str = ""
    """The question."""
    gold: str = ""
    """The reference answer."""
    answers: Many[Answer]
    """Its distinct answers."""
    given: Many[int | None]
    """For each condition the place of its answer, from 0; null where it was not asked."""


Answers = Mapping[str, Mapping[str, KnownAnswer]]
"""By condition and problem id."""


class _Table(Record):
    """answers.json: every problem's distinct answers, and which of them each condition gave."""

    conditions: Many[str]
    """Names, in the order of each problem's ``given``."""
    problems: Many[_Problem]
    """Every problem of the set, in its order."""


def answers_in(folder: Path) -> Answers:
    """Read the answers that lie in a report's folder; of a condition in several files, from the one that says most."""
    answers: dict[str, dict[str, KnownAnswer]] = {}
    _add_rights(answers, folder / PROBLEMS)
    _add_predictions(answers, folder / PREDICTIONS)
    _add_all(answers, folder / _ALL)
    return answers


def shared_problems(before: Mapping[str, KnownAnswer], after: Mapping[str, KnownAnswer]) -> list[str]:
    """Problems that were answered on both sides, in the order of the earlier one: of one text and one right answer."""
    return [
        problem
        for problem, answer in before.items()
        if problem in after and (answer.question, answer.gold) == (after[problem].question, after[problem].gold)
    ]


def answered_alike(before: Mapping[str, KnownAnswer], after: Mapping[str, KnownAnswer]) -> bool:
    """Whether both sides gave the same answers to the same problems; False where an answer's label is not kept."""
    return bool(before) and _told(before) == _told(after) and all(answer.outcome for answer in before.values())


def _told(answers: Mapping[str, KnownAnswer]) -> dict[str, tuple[object, ...]]:
    """What was asked and answered, wherever in its set the problem stands."""
    return {
        problem: (answer.question, answer.gold, answer.right, answer.outcome, answer.answer)
        for problem, answer in answers.items()
    }


def _add_rights(answers: dict[str, dict[str, KnownAnswer]], file: Path) -> None:
    for row in read(Many[ProblemRow], read_json(file) if file.is_file() else (), file.name):
        for condition, right in row.correct.items():
            answers.setdefault(condition, {})[row.problem_id] = KnownAnswer(
                right=right,
                outcome="CORRECT" if right else None,
                answer=None,
                place=_place(row.index),
                question=row.question,
                gold=row.gold,
            )


def _add_predictions(answers: dict[str, dict[str, KnownAnswer]], file: Path) -> None:
    for row in read(Many[Prediction], read_json(file) if file.is_file() else (), file.name):
        answers.setdefault(row.condition, {})[row.problem_id] = KnownAnswer(
            right=row.right,
            outcome=row.outcome,
            answer=row.prediction,
            place=_place(row.index),
            question=row.question,
            gold=row.gold,
        )


def _add_all(answers: dict[str, dict[str, KnownAnswer]], file: Path) -> None:
    if not file.is_file():
        return
    table = read(_Table, read_json(file), file.name)
    for number, row in enumerate(table.problems, start=1):
        for condition, chosen in zip(table.conditions, row.given, strict=False):
            if chosen is None or not 0 <= chosen < len(row.answers):
                continue
            answer = row.answers[chosen]
            answers.setdefault(condition, {})[row.problem_id] = KnownAnswer(
                right=answer.right,
                outcome=answer.outcome,
                answer=answer.prediction,
                place=number,
                question=row.question,
                gold=row.gold,
            )


def _place(index: int | None) -> int | None:
    return None if index is None else index + 1
