"""The intersection-union test: a claim of several parts that must all hold, such as every outcome or every step."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.paired.difference import paired_difference
from ctlab.statistics.paired.rates import rate_equivalence, side
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs, having, lost_and_gained
from ctlab.statistics.requested import EVERY_OUTCOME, check_requested


def all_of(parts: Mapping[str, Effect], refuting: Mapping[str, Effect], *, null: str) -> Effect:
    """Return one effect that is supported when every part is, and refuted when one part is.

    Parameters
    ----------
    parts : mapping of str to Effect
        The parts by name, each tested at α.
    refuting : mapping of str to Effect
        The same parts, each at α / K for K parts: one refuted part refutes the whole, so K looks are taken.
    null : str
        The null hypothesis, in words: at least one part fails.

    Returns
    -------
    Effect
        The weakest part (largest p-value) with its counts and interval; `refuting` holds the interval of the part
        that lies furthest where the claim is false; `details["parts"]` holds every part.

    Notes
    -----
    Each part may be tested at the full α: for all of them to be supported although one is false, that one's own test
    has to err (Berger).

    References
    ----------
    Berger RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24, 295-300.
    """
    if not parts or set(parts) != set(refuting):
        raise StatisticsError(
            f"The parts of a claim need one effect at α and one at α / K each, got {sorted(parts)} and "
            f"{sorted(refuting)}; compute both for every part."
        )
    weakest = max(parts, key=lambda name: (parts[name].p_value, -_inside(parts[name])))
    worst = min(refuting, key=lambda name: _inside(refuting[name]))
    effect = parts[weakest]
    return replace(
        effect,
        n=min(part.n for part in parts.values()),
        null=null,
        method=f"intersection-union of {len(parts)}: {effect.method}",
        refuting=(refuting[worst].low, refuting[worst].high),
        undecided=next((part.undecided for part in parts.values() if part.undecided), ""),
        details={
            "weakest": weakest,
            "worst": worst,
            "parts": {name: part.to_json() for name, part in parts.items()},
        },
    )


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
    from ctlab.outcomes import Outcome

    check_requested(claim, "every_outcome_equivalent", runs=(baseline, treated), outcome=EVERY_OUTCOME)
    check_alpha(claim.alpha)
    plain = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha)
    strict = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha / len(Outcome))
    return all_of(
        {str(outcome): rate_equivalence(outcome, baseline, treated, plain) for outcome in Outcome},
        {str(outcome): rate_equivalence(outcome, baseline, treated, strict) for outcome in Outcome},
        null=f"some outcome's rate differs by {claim.margin:g} or more",
    )


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
    check_requested(claim, "ordered_trend", runs=runs, outcome=outcome)
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
        name = step_name(names[index], names[index + 1])
        for effects, alpha in ((steps, claim.alpha), (strict, claim.alpha / (len(runs) - 1))):
            effects[name] = paired_difference(
                lost, gained, n, margin=claim.margin, alternative=alternative, alpha=alpha
            )
    effect = all_of(steps, strict, null=f"at some step the rate of {outcome} does not {claim.direction}")
    rates = {name: sum(each) / n for name, each in zip(names, has, strict=True)}
    return effect.with_details(rates=rates)


def step_name(first: str, second: str) -> str:
    """Name the step from one condition to the next."""
    return f"{first} → {second}"


def _inside(effect: Effect) -> float:
    """Return how far an interval reaches to where the claim is true; negative when it does not reach there at all."""
    if effect.alternative == "equivalence":
        return min(effect.boundary - effect.low, effect.high + effect.boundary)
    return effect.high - effect.boundary if effect.alternative == "greater" else effect.boundary - effect.low
