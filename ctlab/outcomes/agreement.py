"""A tool's own score held to our reading of the same answers: where they contradict one another, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.errors import CtlabError, RecordedError
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.taxonomy import classify
from ctlab.problems import Problem, ProblemSet, parse_number
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.matching import matched
from ctlab.results.row_values import final_part

_BOOLEANS = frozenset({"true", "false", "yes", "no"})
_LETTERS = frozenset("ABCDEFGHIJ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One answer that the tool and we judge differently."""

    row: ResultRow
    """The row, with the tool's score."""
    gold: str
    """The reference answer that we judged by."""
    outcome: Outcome
    """Our reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How a tool's scores and our readings go together."""

    compared: int
    """Answers that the tool scored as right or wrong and that we can read."""
    disagreements: tuple[Disagreement, ...]
    """Those on which we differ, in the file's order."""
    unscored: int
    """Answers without a score of right or wrong: none at all, or a part of one."""
    unread: int
    """Scored answers that we cannot judge: no reference answer is known, or reading it failed."""

    @property
    def agreed(self) -> int:
        """Answers on which both say the same."""
        return self.compared - len(self.disagreements)

    @property
    def called_right(self) -> int:
        """Disagreements in which the tool says right and we do not."""
        return sum(each.row.score == 1 for each in self.disagreements)


def agreement(results: Results, problems: ProblemSet | None = None) -> Agreement:
    """Compare a file's own scores with our readings.

    Parameters
    ----------
    results : Results
        Rows of a file; RecordedError where it holds no answers.
    problems : ProblemSet, optional
        What was asked; each row must find its problem there. Without it the file's own reference answers are used.
    """
    if results.scores_only:
        raise RecordedError(f"{results.path} holds scores and no answers: there is nothing to read again")
    if problems is None:
        found = problems_of_golds(results)
    else:
        found = [None] * len(results)
        for repeat in {row.repeat for row in results}:
            places = [at for at, row in enumerate(results) if row.repeat == repeat]
            answered = matched(results, [results.rows[at] for at in places], problems)
            for at, problem in zip(places, answered, strict=True):
                found[at] = (problem,)
    outcomes = [None if each is None else _outcome(each, row.answer) for each, row in zip(found, results, strict=True)]
    golds = ["" if each is None else " or ".join(problem.gold_text for problem in each) for each in found]
    return compare(results.rows, golds, outcomes)


def compare(rows: Sequence[ResultRow], golds: Sequence[str], outcomes: Sequence[Outcome | None]) -> Agreement:
    """Count where the rows' scores and our outcomes differ; an outcome of None could not be found."""
    compared = unscored = unread = 0
    differ = []
    for row, gold, outcome in zip(rows, golds, outcomes, strict=True):
        if row.score not in (0, 1):
            unscored += 1
        elif outcome is None:
            unread += 1
        else:
            compared += 1
            if (outcome is Outcome.CORRECT) != (row.score == 1):
                differ.append(Disagreement(row=row, gold=gold, outcome=outcome))
    return Agreement(compared=compared, disagreements=tuple(differ), unscored=unscored, unread=unread)


def problems_of_golds(results: Results) -> list[tuple[Problem, ...] | None]:
    """Make problems of a file's own questions and reference answers, one for each answer that is right.

    A worked solution counts by the number after its ``####``. None where a row has no reference answer that can be
    read.
    """
    golds = [_golds(row) for row in results]
    kind = _kind([gold for each in golds for gold in each])
    return [_problems(row, each, kind) for row, each in zip(results, golds, strict=True)]


def _golds(row: ResultRow) -> list[str]:
    golds = [] if row.gold is None else [row.gold] if isinstance(row.gold, str) else list(row.gold)
    return [final_part(gold) for gold in golds]


def _kind(golds: Sequence[str]) -> str:
    """The answer kind of reference answers, by how all of them are written."""
    if all(parse_number(gold) is not None for gold in golds):
        return "number"
    if all(gold.casefold() in _BOOLEANS for gold in golds):
        return "boolean"
    return "choice" if all(gold in _LETTERS for gold in golds) else "entity"


def _problems(row: ResultRow, golds: Sequence[str], kind: str) -> tuple[Problem, ...] | None:
    choices = row.fields.get("choices")
    options = tuple(map(str, choices)) if kind == "choice" and isinstance(choices, list | tuple) else ()
    try:
        question = row.question or f"Problem {row.problem}"
        return (
            tuple(Problem(question=question, gold=gold, kind=kind, options=options, fields=Fields()) for gold in golds)
            or None
        )
    except CtlabError:
        return None


def _outcome(problems: Sequence[Problem], answer: str) -> Outcome | None:
    """Our reading by the first reference answer, or by the one that makes it right; None where reading failed."""
    labels = [classify(problem, answer) for problem in problems]
    if any(label.failure for label in labels):
        return None
    return next((label.outcome for label in labels if label.outcome is Outcome.CORRECT), labels[0].outcome)
