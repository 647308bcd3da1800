"""Why a verdict: sentences made from the numbers, points never mixed with percent."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.claims.claim import Claim
from ctlab.claims.power import prospects
from ctlab.records.effect import Effect
from ctlab.records.judgement import Verdict


def reason_for(
    claim: Claim, effect: Effect, verdict: Verdict, alpha: float, broken: Sequence[str], small: str = ""
) -> str:
    """Return why a claim got its verdict, in a few sentences.

    Parameters
    ----------
    claim, effect, verdict, alpha
        As judged.
    broken : sequence of str
        What contradicts the evidence, for VOID.
    small : str
        Which group is too small to judge by, empty when none is.
    """
    if verdict == Verdict.VOID:
        return f"Nothing can be concluded: {'; '.join(broken)}."
    seen = in_words(effect)
    seen += f"; {formatting.p_against_alpha(effect.p_value, alpha)}." if effect.estimated else "."
    if verdict == Verdict.SUPPORTED:
        return f"{seen} {_where(effect)}, as claimed."
    if verdict == Verdict.REFUTED:
        return f"{seen} {_refuted(effect)}, against the claim."
    if small:
        return f"{seen} {small}; fewer than 50 decide nothing."
    if effect.undecided:
        return f"{seen} Not decided: {effect.undecided}."
    return f"{seen} {_undecided(effect)} {_outlook(effect, alpha)}"


def in_words(effect: Effect) -> str:
    """Return an effect with its interval, its level and n; of several parts, which one decides."""
    if not effect.estimated:
        return f"{formatting.NO_ESTIMATE} (n = {formatting.count(effect.n)})"
    marks = _marks(effect)
    weakest = effect.details.get("weakest")
    decides = f", {formatting.part(weakest)} decides" if weakest else ""
    return (
        f"{formatting.quantity(effect.estimate, effect.unit, marks)} ({formatting.level(effect.level)} interval "
        f"{formatting.interval(effect.low, effect.high, effect.unit, marks, unit_shown=False)}, "
        f"n = {formatting.count(effect.n)}{decides})"
    )


def _marks(effect: Effect) -> tuple[float, ...]:
    """Return the values that a rounded number must not fall onto."""
    return (effect.boundary, -effect.boundary, effect.margin, -effect.margin)


def _where(effect: Effect) -> str:
    """Say where the interval lies when it supports."""
    at = _with_unit(effect.boundary, effect)
    if effect.alternative == "equivalence":
        return f"The interval lies within ±{at}"
    if effect.alternative == "two-sided":
        return "The null hypothesis is rejected"
    return f"The interval lies {'above' if effect.alternative == 'greater' else 'below'} {at}"


def _refuted(effect: Effect) -> str:
    """Say where the interval lies when it refutes."""
    low, high = effect.refuting or (effect.low, effect.high)
    interval = "The interval"
    if effect.refuting is not None:
        ends = formatting.interval(low, high, effect.unit, _marks(effect))
        worst = effect.details.get("worst")
        interval = f"The interval {ends} of one part{f' ({formatting.part(worst)})' if worst else ''}"
    at = _with_unit(effect.boundary, effect)
    if effect.alternative == "equivalence":
        return f"{interval} lies outside ±{at}"
    return f"{interval} lies {'below' if effect.alternative == 'greater' else 'above'} {at}"


def _undecided(effect: Effect) -> str:
    """Say what the interval leaves open."""
    at = _with_unit(effect.boundary, effect)
    if effect.refuting is not None and _beyond(effect):
        return f"The interval lies beyond {at}, but one part of several refutes at a stricter level only."
    if effect.alternative == "equivalence":
        return f"The interval is neither within nor outside ±{at}."
    if decided := deciding_test(effect.details):
        return decided
    if effect.alternative == "two-sided":
        return "That is not enough for a difference, and no proof that there is none."
    return f"The interval does not lie far enough on one side of {at}."


def _beyond(effect: Effect) -> bool:
    """Return whether the interval lies where the claim is false."""
    if effect.alternative == "equivalence":
        return effect.low > effect.boundary or effect.high < -effect.boundary
    return effect.high < effect.boundary if effect.alternative == "greater" else effect.low > effect.boundary


def _outlook(effect: Effect, alpha: float) -> str:
    """Say what this sample could have found, and how many problems would settle the claim."""
    reach = prospects(effect, alpha)
    if "tests" in effect.details:
        return outlook_together(reach.together, reach.needed, effect.n)
    if effect.alternative == "equivalence":
        found = (
            "This sample could prove no margin with 80 % power"
            if reach.provable is None
            else f"With 80 % power this sample could prove ±{_with_unit(reach.provable, effect)}"
        )
    elif reach.detectable is None:
        found = "This sample could find no effect with 80 % power"
    else:
        beyond = f" beyond {_with_unit(effect.boundary, effect)}" if effect.boundary else ""
        found = f"With 80 % power this sample could find an effect of {_with_unit(reach.detectable, effect)}{beyond}"
    if reach.needed is None:
        return f"{found}; at this estimate no number of problems would settle it."
    settle = "settle it against the claim" if reach.against else "settle it"
    if reach.needed <= effect.n:
        return f"{found}; a sample of the same size again should {settle} if the effect is as large as seen."
    problems = formatting.counted(reach.needed, "problem")
    return f"{found}; about {problems} would {settle} if the effect is as large as seen."


def deciding_test(details: Mapping[str, Any]) -> str:
    """Say which of several tests that must all reject decided, and what the others found; empty for one test."""
    tests = dict(details.get("tests") or {})
    if not tests:
        return ""
    decided = details["decided_by"]
    others = "; ".join(f"{name}: {formatting.p_value(p)}" for name, p in tests.items() if name != decided)
    return f"{len(tests)} tests must all reject, and the largest p counts: {decided} (the others: {others})."


def outlook_together(power: float | None, needed: int | None, n: int) -> str:
    """Say how often all tests of a claim reject together, and how many problems they need."""
    if power is None:
        return "How often they reject together was not simulated."
    found = (
        f"Were everything as seen, {formatting.percent(power, 0)} of samples of this size would make all of them reject"
    )
    if needed is None:
        return f"{found}; no number of problems that is at hand would settle it."
    if needed <= n:
        return f"{found}; a sample of the same size again should settle it."
    return f"{found}; about {formatting.counted(needed, 'problem')} would settle it."


def _with_unit(value: float, effect: Effect) -> str:
    """Return a value with its unit and, unless it is negative, without a sign; 0 needs no unit."""
    return formatting.quantity(value, effect.unit).lstrip("+") if value else "0"
