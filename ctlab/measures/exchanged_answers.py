"""What an exchanged thought does to the answer, and whether that is what the donor's result makes of the solution."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from ctlab.errors import PairingError, StatisticsError
from ctlab.interventions.donors import Matching, all_donors
from ctlab.problems import Number, Problem, same_number
from ctlab.problems.text.exact import Exact
from ctlab.statistics.pairing import check_pairs

if TYPE_CHECKING:
    import numpy as np

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
    results: Mapping[Exact, int]
    """How many donors could have been chosen, this one included, by their result of the step."""

    @cached_property
    def expected(self) -> Exact:
        """The answer of the problem's own graph with the donor's result; the own gold answer where that is the same."""
        return self._with(_results(self.donor)[self.step - 1])

    @property
    def follows(self) -> bool:
        """Whether the answer is what is expected."""
        return self.says(self.expected)

    @property
    def keeps(self) -> bool:
        """Whether the answer is the problem's own gold answer."""
        return self.says(_results(self.problem)[-1])

    @property
    def copies(self) -> bool:
        """Whether the answer is the donor's gold answer."""
        return self.says(_results(self.donor)[-1])

    @property
    def can_differ(self) -> bool:
        """Whether fitting donors lead to different answers; else there is nothing that chance could have changed."""
        return len(self.results) > 1

    @property
    def beyond_chance(self) -> float:
        """1 or 0 for following, less what an answer that does not depend on the donor is expected to do."""
        return float(self.follows) - self.by_chance

    @cached_property
    def by_chance(self) -> float:
        """How probably an answer that does not depend on the donor is what is expected: the share of fitting ones."""
        met = sum(count for result, count in self.results.items() if self.says(self._with(result)))
        return met / sum(self.results.values())

    def says(self, value: Exact) -> bool:
        """Whether the answer is this value, at the precision that it is written in."""
        return self.answer is not None and same_number(self.answer, Number.of(value))

    def _with(self, result: Exact) -> Exact:
        """The answer of the own graph with this result of the step."""
        graph, own = self.problem.graph, _results(self.problem)
        if result == own[self.step - 1]:
            return own[-1]  # as it was written, rounding included
        results = None if graph is None else graph.results_with(self.step, result)
        if results is None:
            raise StatisticsError(f"Problem {self.problem.id} has no answer with the result {result} of {self.step}.")
        return results[-1]


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
    if not any(generation.donor for generation in run.generations):
        raise StatisticsError(
            f"The answers under {run.condition.name!r} do not say whose thoughts were fed; generate them with ctlab."
        )
    by_id, fitting = {problem.id: problem for problem in run.problems}, all_donors(run.problems, matching)
    results = {donor: _results(by_id[donor])[matching.step - 1] for donor in {*chain(*fitting.values())}}
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
                    results=Counter(results[donor] for donor in donors),
                )
            )
    return found


def follows_beyond_chance(run: "Run") -> "np.ndarray":
    r"""Return how much more often answers follow the donor's result than the result of another fitting donor.

    Parameters
    ----------
    run : Run
        Answers under a condition that patches by ``matched``.

    Returns
    -------
    ndarray of shape (n,)
        For each problem with at least two donors that lead to different answers: 1 if the answer is the problem's own
        graph evaluated with the donor's result, else 0; minus the share of its fitting donors whose result leads to
        the answer. Between −1 and 1; the mean is 0 where the answer does not depend on the donor.

    Raises
    ------
    StatisticsError
        As `exchanges`; for the control, whose donors' results are the problem's own; when no problem is left.

    Notes
    -----
    A hash chooses among the donors that fit, so that under the null hypothesis each of them, the chosen one included,
    is equally likely to have been the donor of a given answer: the expectation that is taken off is exact, no draw
    (randomisation inference).

    References
    ----------
    Fisher RA (1935). The Design of Experiments, chapter II. Oliver & Boyd.
    """
    import numpy as np

    if matching_of(run).same:
        raise StatisticsError(
            f"Donors under {run.condition.name!r} have the problem's own result, so that there is nothing to follow; "
            "use it as the control of a run that patches by 'matched' (`follows_beyond_control`)."
        )
    values = [each.beyond_chance for each in exchanges(run) if each.can_differ]
    if not values:
        raise StatisticsError(
            f"No problem has two donors under {run.condition.name!r} that lead to different answers, so that nothing "
            "can be shuffled; give more problems with worked solutions."
        )
    return np.array(values)


def follows_beyond_control(run: "Run", control: "Run") -> "np.ndarray":
    """Return how much more often the answer is what the donor's result makes of it than after a harmless exchange.

    Parameters
    ----------
    run, control : Run
        Answers under conditions that patch the same thoughts at the same step by ``matched`` and ``matched-same``.

    Returns
    -------
    ndarray of shape (n,)
        For each problem that has a donor under both: 1 or 0 for the answer under ``run``, minus 1 or 0 for the answer
        under ``control``, which is held to the same expected value.

    Raises
    ------
    StatisticsError
        As `exchanges`; when ``control`` is no such control; when no problem has a donor under both.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    import numpy as np

    pairs = with_control(run, control)
    if not pairs:
        raise StatisticsError(
            f"No problem has a donor under both {run.condition.name!r} and {control.condition.name!r}; give more "
            "problems with worked solutions."
        )
    return np.array([beyond_control(each, harmless) for each, harmless in pairs])


def beyond_control(each: Exchange, harmless: Exchange) -> float:
    """1 or 0 for following, less the same of the answer after the harmless exchange, held to the same value."""
    return float(each.follows) - float(harmless.says(each.expected))


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


def exchange_rates(run: "Run") -> list[dict[str, Any]]:
    """Count what answers become when a thought is exchanged, by the number of steps of the worked solution.

    Parameters
    ----------
    run : Run
        Answers under a condition that patches by ``matched`` or ``matched-same``.

    Returns
    -------
    list of dict
        ``{"steps", "n", "without_donor", "follows", "by_chance", "keeps", "copies", "neither"}`` for each number of
        steps, ascending (0: no readable solution), and for all problems (``"steps"`` is None). ``n`` problems had a
        donor, of whose answers ``follows`` are what the donor's result makes of the own solution, ``keeps`` the own
        gold answer, ``copies`` the donor's gold answer where that is neither, ``neither`` something else: they add up
        to ``n``. ``by_chance`` answers would follow if they did not depend on the donor. Of the control, where what
        follows is the own answer, ``follows`` and ``by_chance`` are None.

    Raises
    ------
    StatisticsError, PairingError
        As `exchanges`.
    """
    had, same = exchanges(run), matching_of(run).same
    groups: dict[int, list[Exchange]] = {steps: [] for steps in sorted({*map(_steps, run.problems)})}
    for each in had:
        groups[_steps(each.problem)].append(each)
    sizes = Counter(map(_steps, run.problems))
    rows = [_rates(steps, group, sizes[steps] - len(group), same=same) for steps, group in groups.items()]
    return [*rows, _rates(None, had, len(run.problems) - len(had), same=same)]


def _rates(steps: int | None, had: Sequence[Exchange], without: int, *, same: bool) -> dict[str, Any]:
    kept = sum(each.keeps for each in had)
    follows = None if same else sum(each.follows for each in had)
    copied = sum(each.copies and not (each.keeps or each.follows) for each in had)
    return {
        "steps": steps,
        "n": len(had),
        "without_donor": without,
        "follows": follows,
        "by_chance": None if same else sum(each.by_chance for each in had),
        "keeps": kept,
        "copies": copied,
        "neither": len(had) - kept - copied - (follows or 0),
    }


def matching_of(run: "Run") -> Matching:
    """Return which donors a run's condition asks for; raise where it takes none."""
    if (matching := run.condition.matching) is None:
        raise StatisticsError(
            f"Condition {run.condition.name!r} exchanges no thought for a donor's; give one that patches by 'matched' "
            "or 'matched-same'."
        )
    return matching


def _steps(problem: Problem) -> int:
    return 0 if problem.graph is None else len(problem.graph.steps)


def _results(problem: Problem) -> tuple[Exact, ...]:
    if problem.graph is None:
        raise StatisticsError(f"Problem {problem.id} has no readable solution, and so no results.")
    return problem.graph.results
