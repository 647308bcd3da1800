"""Recorded answers become generations: a file in any known format, matched to the problem set once and for all.

An index is resolved to a problem id here and joins nothing afterwards.
"""

import os
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.outcomes.recorded import FORMATS
from ctlab.outcomes.recorded.recorded_format import RecordedFormat, RecordedRow
from ctlab.problems import Problem, ProblemSet, same_number
from ctlab.records.generation import Generation


def read_recorded(path: str | os.PathLike[str], problems: ProblemSet) -> tuple[Generation, ...]:
    """Read one condition's recorded answers, one a problem, in the order of ``problems``.

    Indices count in ``problems.whole``. The file holds every problem of the whole set, or exactly those of a limited
    one; anything else is refused with the first row that does not fit.
    """
    file = Path(path)
    rows = list(_format_of(file).rows(file))
    if len(rows) not in (len(problems.whole), len(problems)):
        raise RecordedError(
            f"{file.name} holds {len(rows)} answers, problem set {problems.name!r} has {len(problems.whole)} problems: "
            f"recorded answers must be one a problem"
        )
    ids = {problem.id: problem for problem in problems.whole}
    answers: dict[str, Generation] = {}
    names: dict[str, str] = {}
    for row in rows:
        where = f"{file.name}, {row.name}"
        problem = _problem_of(row, problems.whole, ids, where)
        _check(row, problem, where)
        if (first := names.setdefault(problem.id, row.name)) != row.name:
            raise RecordedError(f"{where}: answers the same problem as {first} ({_start(problem.question)})")
        answers[problem.id] = Generation(problem_id=problem.id, token_ids=(), text=row.text)
    for number, problem in enumerate(problems):
        if problem.id not in answers:
            raise RecordedError(f"{file.name} has no answer to problem_index {number} ({_start(problem.question)})")
    return tuple(answers[problem.id] for problem in problems)


def _format_of(file: Path) -> RecordedFormat:
    try:
        file.open("rb").close()
    except OSError as error:
        raise RecordedError(f"{file.name} cannot be read: {error.strerror}") from None
    for known in FORMATS:
        if known.recognises(file):
            return known
    described = "; ".join(known.described for known in FORMATS)
    raise RecordedError(f"{file.name} is in no known format of recorded answers: known are {described}")


def _problem_of(row: RecordedRow, whole: ProblemSet, ids: dict[str, Problem], where: str) -> Problem:
    """Find the problem that a row answers, by id or by index."""
    if isinstance(row.problem, str):
        if row.problem not in ids:
            raise RecordedError(f"{where}: problem_id {shown(row.problem)} is not in the problem set")
        return ids[row.problem]
    if not 0 <= row.problem < len(whole):
        raise RecordedError(
            f"{where}: problem_index {shown(row.problem)} is outside the problem set (0 to {len(whole) - 1})"
        )
    return whole[row.problem]


def _check(row: RecordedRow, problem: Problem, where: str) -> None:
    """Refuse a row whose question or gold answer is another problem's."""
    if row.question is not None:
        # Official evaluations tidy up blanks before they ask, and may record what they asked.
        begins, question = " ".join(row.question.split()), " ".join(problem.question.split())
        if not question.startswith(begins):
            raise RecordedError(
                f"{where}: the question {_start(row.question)} is not the problem set's {_start(problem.question)}; "
                f"the answers are in another order or belong to another set"
            )
    if row.gold is None:
        return
    if problem.kind != "number" or not same_number(row.gold, problem.gold_number):
        raise RecordedError(f"{where}: gold_answer {row.gold} is not the problem set's {problem.gold_text}")


def _start(question: str) -> str:
    return repr(question if len(question) <= 60 else question[:57] + "...")
