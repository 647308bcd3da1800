"""Ordered trend: a rate that moves the same way at every step of a dose."""

from collections.abc import Sequence

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.joint.intersection_union import all_of
from ctlab.statistics.paired.difference import paired_difference
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs, having, lost_and_gained
from ctlab.statistics.requested import check_asked


def ordered_trend(runs: Sequence[AnsweredRun], claim: Question, *, outcome: str = "CORRECT") -> Effect:
    """Return whether the rate of an outcome moves the claimed way at every step from the first run to the last.

    Parameters
    ----------
    runs : sequence of Run
        Runs of the same problems in order of dose, the baseline first; at least two.
    claim : Question
        `direction` is `increase` or `decrease`; `margin` is what each step must exceed, a proportion.
    outcome : Outcome or str
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
    refutes the trend. A trend from first to last that pauses in between is not a trend in this sense.
    """
    check_asked(claim, "ordered trend", runs=runs, outcome=outcome)
    if len(runs) < 2:
        raise StatisticsError(f"A trend needs at least two runs in order, got {len(runs)}; add the doses.")
    alternative = side(claim.direction)
    if alternative == "two-sided":
        raise StatisticsError("A trend goes up or down; give the claim the direction increase or decrease.")
    check_alpha(claim.alpha)
    n = check_runs(*runs)
    has = [having(run, outcome) for run in runs]
    names = [run.condition.name for run in runs]
    steps: dict[str, Effect] = {}
    strict: dict[str, Effect] = {}
    for index in range(len(runs) - 1):
        lost, gained = lost_and_gained(has[index], has[index + 1])
        name = f"{names[index]} → {names[index + 1]}"
        for effects, alpha in ((steps, claim.alpha), (strict, claim.alpha / (len(runs) - 1))):
            effects[name] = paired_difference(
                lost, gained, n, margin=claim.margin, alternative=alternative, alpha=alpha
            )
    effect = all_of(steps, strict, null=f"at some step the rate of {outcome} does not {claim.direction}")
    rates = {name: sum(each) / n for name, each in zip(names, has, strict=True)}
    return effect.with_details(rates=rates)
