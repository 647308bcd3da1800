"""Claims of several parts that must all hold: every outcome, every step."""

from collections.abc import Sequence
from itertools import pairwise

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.own_functions import named_outcome
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.joint.all_of import all_of
from ctlab.statistics.paired.chance_corrected import BEYOND_CHANCE, corrected, corrected_difference
from ctlab.statistics.paired.difference import paired_difference
from ctlab.statistics.paired.rates import rate_equivalence, side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having, lost_and_gained
from ctlab.statistics.requested import EVERY_OUTCOME, check_requested


@checked_arguments
def every_outcome_equivalent(baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> Effect:
    """Return the paired differences of every outcome's rate, tested for all lying within ± the claim's margin.

    Parameters
    ----------
    baseline, treated : Run
        Two runs of the same problems.
    claim : Question
        `margin` is a proportion; each outcome is tested at `alpha`, and refuted at `alpha` / K for K outcomes.

    Returns
    -------
    Effect
        The outcome that is furthest from proven; `details["parts"]` holds them all by name.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_equivalence`.

    Notes
    -----
    Intersection-union test (`all_of`) of two one-sided Tango tests for each outcome.
    """
    check_requested(claim, "every_outcome_equivalent", runs=(baseline, treated), outcome=EVERY_OUTCOME)
    check_alpha(claim.alpha)
    outcomes = tuple(map(str, baseline.outcomes))
    plain = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha)
    strict = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha / len(outcomes))
    return all_of(
        {outcome: rate_equivalence(outcome, baseline, treated, plain) for outcome in outcomes},
        {outcome: rate_equivalence(outcome, baseline, treated, strict) for outcome in outcomes},
        null=f"some outcome's rate differs by {claim.margin:g} or more",
    )


@checked_arguments
def ordered_trend(runs: Sequence[AnsweredRun], claim: Question, *, outcome: OutcomeLike = "CORRECT") -> Effect:
    """Return whether the rate of an outcome moves the claimed way at every step from the first run to the last.

    Parameters
    ----------
    runs : sequence of Run
        Runs of the same problems in order of dose, the baseline first; at least two.
    claim : Question
        `direction` is `increase` or `decrease`; `margin` is what each step must exceed, a proportion.
    outcome : Outcome, str or function
        The outcome whose rate is followed.

    Returns
    -------
    Effect
        The weakest step; `details["parts"]` holds every step, `details["rates"]` the rate of each run.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; for fewer than two runs, and for a direction that is no direction.

    Notes
    -----
    Intersection-union test: every step is tested at α by `paired_difference`, and one step refuted at α / steps
    refutes the trend. An error label must move at every step beyond chance too (`label_difference`). A trend from first
    to last that pauses in between is not a trend in this sense.
    """
    check_requested(claim, "ordered_trend", runs=runs, outcome=outcome)
    if len(runs) < 2:
        raise StatisticsError(f"A trend needs at least two runs in order, got {len(runs)}; add the doses.")
    alternative = side(claim.direction)
    if alternative == "two-sided":
        raise StatisticsError("A trend goes up or down; give the claim the direction increase or decrease.")
    check_alpha(claim.alpha)
    n = check_runs(*runs)
    rates = {run.condition.name: sum(having(run, outcome)) / n for run in runs}
    steps = _steps(runs, outcome, claim, alternative, claim.alpha)
    effect = all_of(
        steps,
        _steps(runs, outcome, claim, alternative, claim.alpha / len(steps)),
        null=f"at some step the rate of {named_outcome(outcome)} does not {claim.direction}",
    )
    return effect.with_details(rates=rates)


def _steps(
    runs: Sequence[AnsweredRun], outcome: OutcomeLike, claim: Question, alternative: str, alpha: float
) -> dict[str, Effect]:
    """Return every step by name; of an error label the steps of its chance-corrected rate too."""
    beyond_chance = [corrected(run, outcome) for run in runs]
    steps: dict[str, Effect] = {}
    for index, (first, second) in enumerate(pairwise(runs)):
        lost, gained = lost_and_gained(having(first, outcome), having(second, outcome))
        name = step_name(first.condition.name, second.condition.name)
        steps[name] = paired_difference(
            lost, gained, len(first.ids), margin=claim.margin, alternative=alternative, alpha=alpha
        )
        before, after = beyond_chance[index : index + 2]
        if before is not None and after is not None:
            steps[f"{name}, {BEYOND_CHANCE}"] = corrected_difference(before, after, claim.margin, alternative, alpha)
    return steps


def step_name(first: str, second: str) -> str:
    """Name the step from one condition to the next."""
    return f"{first} → {second}"
