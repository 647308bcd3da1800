"""Recorded answers become generations: a file in any known format, matched to the problem set once and for all."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.problems import Problem, ProblemSet
from ctlab.records.generation import Generation
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.columns import EITHER
from ctlab.results.golds import contradiction
from ctlab.results.matching import matched, start
from ctlab.results.read_results import read_with
from ctlab.results.result_format import ROLES, ReadOptions

_CHOICES = ("filter", "format", "take", "failed", "only")
_SCORED = {1: "(right: the answer itself was not recorded)", 0: "(wrong: the answer itself was not recorded)"}
"""What stands in place of an answer of which only the score is known, by that score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOptions:
    """How recorded answers are read out of a file: what stands behind the ``?`` of ``--ctlab-recorded``."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of each role that is not to be guessed."""
    filter: str | None = None
    """The tool's filter that is taken."""
    format: str | None = None
    """Name of the format, where it is not to be recognised."""
    take: int | None = None
    """Which repeat of each problem is taken, from 1; None where the file has one answer a problem."""
    failed_is_none: bool = False
    """Whether a row that says that something went wrong counts as no answer."""
    scores_alone: bool = False
    """Whether right and wrong are read, and no answers."""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "RecordedOptions":
        """Read the options as they were typed; RecordedError names one that is not known."""
        for key in given:
            if key not in (*ROLES, *_CHOICES):
                raise RecordedError(
                    f"{key}={given[key]}: {shown(key)} is no option of recorded answers; columns are chosen by "
                    f"{', '.join(ROLES)}, and else there are {', '.join(_CHOICES)}"
                )
        if given.get("failed", "none") != "none":
            raise RecordedError(f"failed={given['failed']}: a failed row is refused or counts as none: failed=none")
        if given.get("only", "scores") != "scores":
            raise RecordedError(f"only={given['only']}: answers are read, or right and wrong alone: only=scores")
        take = given.get("take")
        if take is not None and (not take.isascii() or not take.isdigit() or not int(take[:9]) > 0 or len(take) > 9):
            raise RecordedError(f"take={take}: a repeat is a whole number from 1")
        return cls(
            columns={role: given[role] for role in ROLES if role in given},
            filter=given.get("filter"),
            format=given.get("format"),
            take=None if take is None else int(take),
            failed_is_none="failed" in given,
            scores_alone="only" in given,
        )


def read_recorded(
    path: str | os.PathLike[str], problems: ProblemSet, options: Mapping[str, str] | None = None
) -> tuple[Generation, ...]:
    """Read one condition's recorded answers, one a problem, in the order of ``problems``.

    Indices count in ``problems.whole``. The file holds every problem of the whole set, or exactly those of a limited
    one; anything else is refused with the first row that does not fit. ``options`` are those of ``--ctlab-recorded``
    (docs/results.md): columns by role, ``filter``, ``format``, ``take``, ``failed`` and ``only``.
    """
    rows = recorded_rows(path, problems, options)
    if RecordedOptions.of(options or {}).scores_alone:
        return tuple(_scored(problem, row, Path(path).name) for problem, row in zip(problems, rows, strict=True))
    return tuple(
        Generation(problem_id=problem.id, token_ids=(), text=row.answer)
        for problem, row in zip(problems, rows, strict=True)
    )


def read_scores(path: str | os.PathLike[str], options: Mapping[str, str]) -> tuple[ResultRow, ...]:
    """Read the rows of right and wrong that ``only=scores`` takes, whatever problems they are of."""
    asked = RecordedOptions.of(options)
    reading = ReadOptions(columns=asked.columns, filter=asked.filter)
    return _taken(read_with(path, reading, format=asked.format), asked, Path(path).name)


def _scored(problem: Problem, row: ResultRow, name: str) -> Generation:
    """Return what is known of an answer of which only the score was recorded."""
    if row.score not in (0, 1):
        raise RecordedError(
            f"{name}, {row.name}: its score is {shown(row.score)}, and right is 1 and wrong 0 where only scores are "
            f"read; choose another column with score=COLUMN, or leave only=scores out"
        )
    return Generation(problem_id=problem.id, token_ids=(), text=_SCORED[int(row.score)], right=row.score == 1)


def recorded_rows(
    path: str | os.PathLike[str], problems: ProblemSet, options: Mapping[str, str] | None = None
) -> tuple[ResultRow, ...]:
    """Read the rows that `read_recorded` makes generations of, one a problem, in the order of ``problems``."""
    asked = RecordedOptions.of(options or {})
    reading = ReadOptions(columns=asked.columns, filter=asked.filter, answers_wanted=not asked.scores_alone)
    results = read_with(path, reading, format=asked.format)
    name = Path(path).name
    if results.scores_only and not asked.scores_alone:
        raise RecordedError(
            f"{name} holds scores and no answers, and answers are read here; give a file that has them, or add "
            f"?only=scores, by which right and wrong are taken on its word"
        )
    rows = _taken(results, asked, name)
    if len(rows) not in (len(problems.whole), len(problems)):
        limited = f", of which the first {len(problems)} are asked" if len(problems) < len(problems.whole) else ""
        raise RecordedError(
            f"{name} holds {len(rows)} answers, problem set {problems.name!r} has {len(problems.whole)} problems"
            f"{limited}: recorded answers must be one a problem; choose the problem set that was asked, or its first "
            f"rows with --ctlab-limit (in a notebook Lab(limit=…))"
        )
    for row in rows:
        if row.failure and not asked.failed_is_none:
            raise RecordedError(
                f"{name}, {row.name}: an error was recorded instead of an answer ({shown(row.failure)}); an error is "
                f"not a wrong answer, so generate this answer again, or add ?failed=none to count it as no answer"
            )
    found = matched(results, rows, problems.whole)
    if not asked.scores_alone:
        _refuse_references(results, rows, found, asked, name)
    answers: dict[str, ResultRow] = {}
    for row, problem in zip(rows, found, strict=True):
        if (first := answers.setdefault(problem.id, row)) is not row:
            raise RecordedError(
                f"{name}, {row.name}: answers the same problem as {first.name} ({start(problem.question)})"
            )
    for number, problem in enumerate(problems):
        if problem.id not in answers:
            raise RecordedError(f"{name} has no answer to problem_index {number} ({start(problem.question)})")
    return tuple(answers[problem.id] for problem in problems)


def _refuse_references(
    results: Results, rows: Sequence[ResultRow], found: Sequence[Problem], asked: RecordedOptions, name: str
) -> None:
    """Refuse a column ``answer`` that holds the reference answers, as the problem set's own file does."""
    if "answer" in asked.columns or f"answer={EITHER}" not in " ".join(results.notes) or any(row.gold for row in rows):
        return
    if all(row.answer and not contradiction(row.answer, problem) for row, problem in zip(rows, found, strict=True)):
        raise RecordedError(
            f"{name}: every {EITHER!r} of it is the reference answer, as in the file of the problems themselves; give "
            f"the model's answers, or say that these are: ?answer={EITHER}"
        )


def _taken(results: Results, asked: RecordedOptions, name: str) -> tuple[ResultRow, ...]:
    """Take the one repeat that was asked for, of a file that has several."""
    repeats = sorted({row.repeat for row in results.rows})
    if asked.take is not None:
        if asked.take - 1 not in repeats:
            raise RecordedError(f"{name}: take={asked.take}, and its repeats are 1 to {len(repeats)}")
        return tuple(row for row in results.rows if row.repeat == asked.take - 1)
    if len(repeats) > 1 and not results.own_names:
        raise RecordedError(
            f"{name} answers problems up to {len(repeats)} times, and recorded answers are one a problem; choose a "
            f"repeat with ?take=1"
        )
    return results.rows
