"""A label's rate and its chance-corrected rate, which must both move the claimed way."""

import math
from typing import Any

from ctlab.records.effect import Effect
from ctlab.records.own_functions import named_outcome
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha
from ctlab.statistics.joint.all_of import all_of
from ctlab.statistics.paired.difference import paired_difference
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, having, lost_and_gained

RATE = "rate"
BEYOND_CHANCE = "beyond chance"
"""Names of both parts."""
LEAST_WRONG = 50
"""Wrong answers below which no chance-corrected rate is compared: as many as any compared group needs."""


def label_difference(
    outcome: OutcomeLike, before: AnsweredRun, after: AnsweredRun, *, margin: float, alternative: str, alpha: float
) -> Effect:
    """Return the paired difference of an outcome's rate; of an error label also beyond chance.

    Parameters
    ----------
    outcome : Outcome, str or function
        The outcome whose rate is compared.
    before, after : Run
        Two runs of the same problems.
    margin, alternative, alpha
        As `paired_difference`; the chance-corrected rate must move at all, the rate by more than the margin.

    Returns
    -------
    Effect
        `paired_difference` where the text decides on the outcome (CORRECT, NONE, NONSENSE, FORM_BROKEN), and for a
        change, which has no side. Otherwise the weaker of two parts, `rate` and `beyond chance`
        (`details["parts"]`), each tested at alpha and refuted at alpha / 2 (`all_of`).

    Notes
    -----
    A wrong number carries some labels by accident. With more wrong answers there are more accidents, so that a
    label's rate rises although nothing is reasoned any differently. Both must be shown: that there are more answers
    with the label, and that it is a larger part of the wrong ones than chance makes it.
    """
    check_alpha(alpha)
    lost, gained = lost_and_gained(having(before, outcome), having(after, outcome))
    n = len(before.ids)
    rates = {
        level: paired_difference(lost, gained, n, margin=margin, alternative=alternative, alpha=level)
        for level in (alpha, alpha / 2.0)
    }
    first, second = corrected(before, outcome), corrected(after, outcome)
    if first is None or second is None or alternative == "two-sided":
        return rates[alpha]
    parts, refuting = (
        {RATE: rates[level], BEYOND_CHANCE: corrected_difference(first, second, margin, alternative, level)}
        for level in (alpha, alpha / 2.0)
    )
    null = f"the rate of {named_outcome(outcome)}, or its chance-corrected rate, does not move as claimed"
    return all_of(parts, refuting, null=null)


def corrected(run: AnsweredRun, outcome: OutcomeLike) -> Any:
    """Return the chance-corrected rate of an outcome (`CorrectedRate`); None where the text decides on it."""
    from ctlab.outcomes.outcome import BY_ANSWER, Outcome

    by_text = isinstance(outcome, str) and outcome in {*Outcome} - {*BY_ANSWER}
    return None if by_text else run.beyond_chance(outcome)


def corrected_difference(before: Any, after: Any, margin: float, alternative: str, alpha: float) -> Effect:
    """Return the difference of two chance-corrected rates (`CorrectedRate`) of the same problems, after − before.

    Student's t on the problems' paired values, whose spread has the error of rate and chance rate in it. Of few wrong
    answers a share may come out as 0, which says nothing of its spread, so that test and interval are those of shares
    with one more answer with the label and one more without (Agresti and Caffo 2000, The American Statistician 54,
    280-288), and the degrees of freedom those of the condition with fewer wrong answers. The estimate is the plain
    difference. The null hypothesis ends at 0 whatever the margin.
    """
    from scipy.special import stdtr, stdtrit

    values = after.values - before.values
    n, fewest = len(values), min(before.wrong, after.wrong)
    estimate = float(values.mean())
    centre = estimate + _towards_half(after) - _towards_half(before)
    error = math.sqrt(float(values.var(ddof=1)) / n + _allowance(before) + _allowance(after)) if n > 1 else 0.0
    freedom = max(fewest - 1, 1)
    score = centre / error if error else 0.0
    p_value = float(stdtr(freedom, -score if alternative == "greater" else score)) if error else 1.0
    ends = [error * float(stdtrit(freedom, 1.0 - tail)) for tail in (alpha, TAIL_95)]
    few = f"only {fewest} wrong answers of a condition are labelled by their number, and {LEAST_WRONG} are needed"
    return Effect(
        estimate=estimate,
        low=min(centre - ends[0], estimate),
        high=max(centre + ends[0], estimate),
        level=1.0 - 2.0 * alpha,
        p_value=p_value,
        n=n,
        method="paired t test of chance-corrected rates",
        alternative=alternative,
        margin=margin,
        boundary=0.0,
        null=f"paired difference of chance-corrected rates {NULL_SIGN[alternative]} 0",
        undecided=few if fewest < LEAST_WRONG else "",
        details={
            "interval_95": [min(centre - ends[1], estimate), max(centre + ends[1], estimate)],
            "corrected": [
                {"rate": each.rate, "chance": each.chance, "corrected": float(each.values.mean()), "wrong": each.wrong}
                for each in (before, after)
            ],
        },
    )


def _towards_half(rate: Any) -> float:
    """Return by how much two more answers, one with the label, move a corrected rate."""
    return float((_share(rate) - rate.rate) / (1.0 - rate.chance)) if _estimated(rate) else 0.0


def _allowance(rate: Any) -> float:
    """Return by how much a corrected rate's variance falls short of that with two more answers."""
    if not _estimated(rate):
        return 0.0
    share = _share(rate)
    short = share * (1.0 - share) / (rate.wrong + 2.0) - rate.rate * (1.0 - rate.rate) / rate.wrong
    return float(max(short, 0.0) / (1.0 - rate.chance) ** 2)


def _share(rate: Any) -> float:
    return float((rate.rate * rate.wrong + 1.0) / (rate.wrong + 2.0))


def _estimated(rate: Any) -> bool:
    """Whether there is anything beyond chance to estimate."""
    return bool(rate.wrong > 1 and rate.chance < 1.0)
