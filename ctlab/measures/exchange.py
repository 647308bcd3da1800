"""Exchanges of thoughts: whose was fed to which problem, what was answered, and what the donor's result asks for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from ctlab.errors import PairingError, StatisticsError
from ctlab.interventions.donor_rule import Matching
from ctlab.measures.apart import apart
from ctlab.measures.fitting_donors import fitting_donors
from ctlab.measures.possible_answers import PossibleAnswers, answer_with, results_of
from ctlab.problems import Number, Problem, same_number
from ctlab.problems.text.exact import Exact
from ctlab.statistics.pairing import check_pairs

if TYPE_CHECKING:
    from ctlab.outcomes import Run


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One problem that was fed a thought of a donor, and its answer."""

    problem: Problem
    """What was asked."""
    donor: Problem
    """Whose thought was fed."""
    step: int
    """Step of the worked solution, from 1, whose result the donor was chosen by."""
    answer: Number | None
    """The number that was answered; None without any."""
    possible: PossibleAnswers
    """What the donors that could have been chosen, this one included, make of the answer."""

    @cached_property
    def expected(self) -> Exact:
        """The answer of the problem's own graph with the donor's result; the own gold answer where that is the same."""
        return answer_with(self.problem, self.step, results_of(self.donor)[self.step - 1])

    @property
    def follows(self) -> bool:
        """Whether the answer is what is expected."""
        return self.says(self.expected)

    @property
    def keeps(self) -> bool:
        """Whether the answer is the problem's own gold answer."""
        return self.says(results_of(self.problem)[-1])

    @property
    def copies(self) -> bool:
        """Whether the answer is the donor's gold answer."""
        return self.says(results_of(self.donor)[-1])

    @property
    def names(self) -> frozenset[str]:
        """Ids of the problem that was asked and of the one that lent its thought."""
        return frozenset((self.problem.id, self.donor.id))

    @property
    def is_last(self) -> bool:
        """Whether the step is the last one, so that its result is the answer."""
        return self.step == len(results_of(self.problem))

    @property
    def can_differ(self) -> bool:
        """Whether fitting donors lead to different answers; else there is nothing that chance could have changed."""
        return len(self.possible.results) > 1

    @property
    def beyond_chance(self) -> float:
        """1 or 0 for following, less what an answer that does not depend on the donor is expected to do."""
        return float(self.follows) - self.by_chance

    @cached_property
    def by_chance(self) -> float:
        """How probably an answer that does not depend on the donor is what is expected: the share of fitting ones."""
        met = sum(count for answer, count in self.possible.answers.items() if self.says(answer))
        return met / sum(self.possible.results.values())

    def says(self, value: Exact) -> bool:
        """Whether the answer is this value, at the precision that it is written in."""
        if self.answer is None:
            return False
        # First what most answers are decided by, at a hundredth of the cost: an exact answer is the value or is not.
        exact = not self.answer.places and not self.answer.unit
        return self.answer.value == value or (not exact and same_number(self.answer, Number.of(value)))


def exchanges(run: "Run") -> list[Exchange]:
    """Return what became of each problem that had a donor, in problem order; those without one were left as they are.

    Raises
    ------
    StatisticsError
        When the condition takes no donor's thought, or the answers do not say whose it was (recorded answers).
    PairingError
        When donors are noted that today's rule does not choose on these problems.
    """
    matching = matching_of(run)
    if matching.generated:
        raise StatisticsError(
            f"Donors under {run.condition.name!r} are generated and no problems of the set; use "
            f"`ctlab.measures.interchanges`."
        )
    if not any(generation.donor for generation in run.generations):
        raise StatisticsError(
            f"The answers under {run.condition.name!r} do not say whose thoughts were fed; generate them with ctlab."
        )
    by_id, fitting = {problem.id: problem for problem in run.problems}, fitting_donors(run.problems, matching)
    results = {donor: results_of(by_id[donor])[matching.step - 1] for donor in {*chain(*fitting.values())}}
    found = []
    for problem, generation, label in zip(run.problems, run.generations, run.classifications, strict=True):
        donors = fitting.get(problem.id, ())
        if generation.donor != (donors[0] if donors else ""):
            raise PairingError(
                f"Problem {problem.id} was given the thought of {generation.donor or 'no donor'} under "
                f"{run.condition.name!r}, and on these problems it is given that of {(*donors, 'no donor')[0]}; "
                f"read the run with all the problems that it was made with."
            )
        if donors:
            found.append(
                Exchange(
                    problem=problem,
                    donor=by_id[generation.donor],
                    step=matching.step,
                    answer=label.prediction,
                    possible=PossibleAnswers(
                        problem=problem, step=matching.step, results=Counter(results[donor] for donor in donors)
                    ),
                )
            )
    return found


def matching_of(run: "Run") -> Matching:
    """Return which donors a run's condition asks for; raise where it takes none."""
    if (matching := run.condition.matching) is None:
        raise StatisticsError(
            f"Condition {run.condition.name!r} exchanges no thought for a donor's; give one that patches by 'matched' "
            "or 'matched-same'."
        )
    return matching


def with_control(run: "Run", control: "Run") -> list[tuple[Exchange, Exchange]]:
    """Return what became of each problem that has a donor under both, under the run and under its control.

    Raises
    ------
    StatisticsError, PairingError
        As `follows_beyond_control`; no problem is no error.
    """
    mine, theirs = matching_of(run), matching_of(control)
    if mine.same or not theirs.same or mine.step != theirs.step:
        raise StatisticsError(
            f"The control of an exchange at step {mine.step} patches by 'matched-same' at that step, and "
            f"{control.condition.name!r} does not; name that one."
        )
    check_pairs(run.ids, control.ids, names=(run.condition.name, control.condition.name))
    under = {each.problem.id: each for each in exchanges(control)}
    return [(each, under[each.problem.id]) for each in exchanges(run) if each.problem.id in under]


def apart_by_chance(found: Sequence[Exchange]) -> list[Exchange]:
    """Return those with donors that lead to different answers, of which no two share a problem."""
    able = [each for each in found if each.can_differ]
    return [able[row] for row in apart([each.names for each in able])]


def apart_by_control(both: Sequence[tuple[Exchange, Exchange]]) -> list[tuple[Exchange, Exchange]]:
    """Return exchanges with their controls, of which no two share a problem."""
    return [both[row] for row in apart([each.names | harmless.names for each, harmless in both])]


def steps_of(problem: Problem) -> int:
    """Count the steps of a problem's worked solution; 0 where none can be read."""
    return 0 if problem.graph is None else len(problem.graph.steps)
