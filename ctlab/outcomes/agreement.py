"""A tool's own score held to our reading of the same answers: where they contradict one another, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.errors import RecordedError
from ctlab.outcomes.against_golds import outcome_by_any, problems_of
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem, ProblemSet
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.gold_kind import guessed, options_of
from ctlab.results.matching import matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One answer that the tool and we judge differently."""

    row: ResultRow
    """The row, with the tool's score."""
    gold: str
    """The reference answer that we judged by."""
    right: bool
    """Whether it is right as we read it."""
    outcome: Outcome | None = None
    """Our outcome, where it was worked out."""
    letter: str = ""
    """Which file it stands in, where several were compared."""


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


class Comparison:
    """Compares scores and readings one by one."""

    def __init__(self) -> None:
        self._compared = self._unscored = self._unread = 0
        self._disagreements: list[Disagreement] = []

    def add(
        self, row: ResultRow, gold: str, right: bool | None, *, outcome: Outcome | None = None, letter: str = ""
    ) -> None:
        """Hold a row's score against our reading; None where there is none."""
        if row.score not in (0, 1):
            self._unscored += 1
        elif right is None:
            self._unread += 1
        else:
            self._compared += 1
            if right != (row.score == 1):
                found = Disagreement(row=row, gold=gold, right=right, outcome=outcome, letter=letter)
                self._disagreements.append(found)

    @property
    def agreement(self) -> Agreement:
        """What has been compared so far."""
        return Agreement(
            compared=self._compared,
            disagreements=tuple(self._disagreements),
            unscored=self._unscored,
            unread=self._unread,
        )


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
    found = problems_of_golds(results) if problems is None else _found_in(results, problems)
    outcomes = [outcome_by_any(each, row.answer) for each, row in zip(found, results, strict=True)]
    golds = [" or ".join(problem.gold_text for problem in each) for each in found]
    return compare(results.rows, golds, outcomes)


def compare(rows: Sequence[ResultRow], golds: Sequence[str], outcomes: Sequence[Outcome | None]) -> Agreement:
    """Count where the rows' scores and our outcomes differ; an outcome of None could not be found."""
    comparison = Comparison()
    for row, gold, outcome in zip(rows, golds, outcomes, strict=True):
        right = None if outcome is None else outcome is Outcome.CORRECT
        comparison.add(row, gold, right, outcome=outcome)
    return comparison.agreement


def problems_of_golds(results: Results) -> list[tuple[Problem, ...]]:
    """Make problems of a file's own questions and reference answers, one for each answer that is right.

    A row has none where no reference answer can be read.
    """
    golds = [row.golds for row in results]
    kind = guessed(gold for each in golds for gold in each)
    return [
        problems_of(each, kind, row.question or f"Problem {row.problem}", options_of(row.fields))
        for row, each in zip(results, golds, strict=True)
    ]


def _found_in(results: Results, problems: ProblemSet) -> list[tuple[Problem, ...]]:
    """Find what each row answers in a problem set, a repeat at a time."""
    found: dict[int, tuple[Problem, ...]] = {}
    for repeat in {row.repeat for row in results}:
        places = [at for at, row in enumerate(results) if row.repeat == repeat]
        asked = matched(results, [results.rows[at] for at in places], problems)
        found.update((at, (problem,)) for at, problem in zip(places, asked, strict=True))
    return [found[at] for at in range(len(results))]
