"""Two runs become pairs: the same problems, once each, in the same order, or an error."""

from collections.abc import Sequence
from typing import Any, Protocol

from ctlab.errors import PairingError, StatisticsError
from ctlab.records.own_functions import NOTHING_OWN, ByNumber, Function, Own, OwnFeature, OwnOutcome, own_outcome

OutcomeLike = str | OwnOutcome | ByNumber | Function
"""An outcome by its name, ctlab's or the suite's, or as a function of a problem and an answer's text."""
FeatureLike = str | OwnFeature | Function
"""A feature as it is written in a claim, or as a function of a problem."""


class AnsweredRun(Protocol):
    """What statistics and judging read of a run; `ctlab.outcomes.Run` has it all."""

    @property
    def condition(self) -> Any:
        """The condition, with its `name`."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Problem ids, in order."""

    @property
    def problems(self) -> Sequence[Any]:
        """The problems, in order."""

    @property
    def generations(self) -> Sequence[Any]:
        """What the model said, with `token_ids` and `text`."""

    @property
    def certificate(self) -> Any:
        """The condition's certificate, None for recorded answers."""

    @property
    def unlabelled(self) -> Sequence[str]:
        """What went wrong with each answer that could not be labelled, and counts as UNEXPLAINED."""

    @property
    def outcomes(self) -> Sequence[Any]:
        """Outcomes that the answers can have, by the problems' answer kind."""

    def has(self, outcome: Any) -> tuple[bool, ...]:
        """Which problems have the outcome: a label's name, that of one of the suite's own, or a function."""

    def beyond_chance(self, outcome: Any) -> Any:
        """The outcome's chance-corrected rate (`ctlab.outcomes.beyond_chance`); None where the text decides on it."""


class Question(Protocol):
    """What a statistic must know of a claim: its side, its margin and its level."""

    @property
    def direction(self) -> str:
        """`increase`, `decrease`, `change` or `equivalent`."""

    @property
    def margin(self) -> float:
        """Smallest effect of interest, or equivalence margin, in the unit of the effect."""

    @property
    def alpha(self) -> float:
        """Level of the claim's test."""


def check_pairs(*runs: Sequence[str], names: Sequence[str] = ()) -> int:
    """Return the number of pairs.

    Parameters
    ----------
    *runs : sequences of str
        Problem ids of each run.
    names : sequence of str
        Names of the runs, for the error message.

    Raises
    ------
    PairingError
        When there is no run, or no problem, an id is there twice, or the runs do not hold the same ids in the same
        order.
    """
    if not runs:
        raise PairingError("There are no runs, and nothing can be paired; give at least one.")
    labels = tuple(names) or tuple(f"run {index}" for index in range(len(runs)))
    for label, ids in zip(labels, runs, strict=True):
        if len(ids) == 0:
            raise PairingError(f"{label} holds no problems, and nothing can be paired; give it at least one problem.")
        if len(set(ids)) != len(ids):
            seen: set[str] = set()
            twice = next(each for each in ids if each in seen or seen.add(each))  # type: ignore[func-returns-value]
            raise PairingError(
                f"Problem {twice} is there twice in {label}; a pair needs each problem once. Drop one row."
            )
    first = runs[0]
    for label, ids in zip(labels[1:], runs[1:], strict=True):
        if len(ids) != len(first):
            raise PairingError(
                f"{labels[0]} holds {len(first)} problems and {label} {len(ids)}; pairs need the same problems under "
                "both. Run the condition that is short on all problems, or subset both by id."
            )
        for row, (one, other) in enumerate(zip(first, ids, strict=True)):
            if one != other:
                raise PairingError(
                    f"Row {row} is problem {one} in {labels[0]} and {other} in {label}; "
                    "pairs need the same problems in the same order. Sort both by the problem set."
                )
    return len(first)


def check_runs(*runs: AnsweredRun) -> int:
    """Return the number of problems that all runs share, once each and in the same order.

    Raises
    ------
    PairingError
        As `check_pairs`.
    StatisticsError
        When a run's condition left some problems as they are: they would count as disturbed, and nothing done would
        pass for no effect.
    """
    n = check_pairs(*(run.ids for run in runs), names=tuple(run.condition.name for run in runs))
    for run in runs:
        if without := left_alone(run):
            raise StatisticsError(
                f"{without} of {n} problems have no donor under {run.condition.name!r} and were left as they are, so "
                "that a rate over all of them is not that of the disturbed ones; use "
                f"{_instead(run)} of ctlab.measures, which leave them out."
            )
    return n


def _instead(run: AnsweredRun) -> str:
    """Name what counts the problems that have a donor alone."""
    if run.condition.matching.pairs:
        return "`interchange_table` and `same_value_change`"
    return "`exchange_rates` and `follows_beyond_chance`"


def left_alone(run: AnsweredRun) -> int:
    """Count problems that a run's condition left as they are, because no other problem could lend them its thought."""
    if getattr(run.condition, "matching", None) is None:
        return 0
    without = sum(not generation.donor for generation in run.generations)
    return without if without < len(run.ids) else 0  # of recorded answers nothing is known


def having(run: AnsweredRun, outcome: OutcomeLike) -> tuple[bool, ...]:
    """Return which problems have the outcome in a run, in problem order.

    Parameters
    ----------
    run : Run
        A run; what its suite brings itself is its `own`.
    outcome : Outcome, str or function
        A label, the name of an own outcome, or a function of a problem and an answer's text.

    Raises
    ------
    StatisticsError
        For a name that neither ctlab nor the suite has, and as an own outcome's function fails.
    """
    from ctlab.outcomes.outcome import Outcome
    from ctlab.outcomes.unknown_outcome import unknown_outcome

    own = own_of(run)
    if isinstance(outcome, str) and outcome not in own.outcomes:
        if outcome not in set(Outcome):
            raise StatisticsError(unknown_outcome(outcome, own))
        outcome = Outcome(outcome)
    elif not isinstance(outcome, str):
        outcome = own_outcome(outcome)
    return tuple(run.has(outcome))


def own_of(run: Any) -> Own:
    """Return what a run's suite brings itself; nothing for a run that does not say."""
    own: Own = getattr(run, "own", NOTHING_OWN)
    return own


def lost_and_gained(before: Sequence[bool], after: Sequence[bool]) -> tuple[int, int]:
    """Return how many had the outcome before only, and after only."""
    lost = sum(1 for one, other in zip(before, after, strict=True) if one and not other)
    gained = sum(1 for one, other in zip(before, after, strict=True) if other and not one)
    return lost, gained
