"""Why a verdict: sentences made from the numbers, points never mixed with percent."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.claims.claim import Claim
from ctlab.claims.judgement import Verdict
from ctlab.claims.prospects import prospects
from ctlab.statistics.effect import Effect

_UNITS = {"points": "points", "log-odds": "log-odds", "ratio": "times", "probability": "", "variation": "points"}


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
    seen = f"{in_words(effect)}; p = {p_in_words(effect.p_value)} against α = {alpha:.4g}."
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
    """Return an effect with its interval, its level and n."""
    low, high = (_number(end, effect, sign=True) for end in (effect.low, effect.high))
    return (
        f"{_with_unit(effect.estimate, effect, sign=True)} "
        f"({100 * effect.level:.4g} % interval {low} to {high}, n = {effect.n})"
    )


def p_in_words(p_value: float) -> str:
    """Return a p-value with two significant digits, or that it is under 0.0001."""
    return "under 0.0001" if p_value < 0.0001 else f"{p_value:.2g}"


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
        interval = f"The interval {_number(low, effect, sign=True)} to {_number(high, effect, sign=True)} of one part"
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
    return f"The interval does not lie on one side of {at} far enough."


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
    if reach.needed <= effect.n:
        return f"{found}; a sample of the same size again should settle it if the effect is as large as seen."
    return f"{found}; about {reach.needed:,} problems would settle it if the effect is as large as seen."


def deciding_test(details: Mapping[str, Any]) -> str:
    """Say which of several tests that must all reject decided, and what the others found; empty for one test."""
    tests = dict(details.get("tests") or {})
    if not tests:
        return ""
    decided = details["decided_by"]
    others = "; ".join(f"{name}: {p_in_words(p)}" for name, p in tests.items() if name != decided)
    return f"{len(tests)} tests must all reject, and the largest p counts: {decided} (the others: {others})."


def outlook_together(power: float | None, needed: int | None, n: int) -> str:
    """Say how often all tests of a claim reject together, and how many problems they need."""
    if power is None:
        return "How often they reject together was not simulated."
    found = f"Were everything as seen, {100 * power:.0f} % of samples of this size would make all of them reject"
    if needed is None:
        return f"{found}; no number of problems that is at hand would settle it."
    if needed <= n:
        return f"{found}; a sample of the same size again should settle it."
    return f"{found}; about {needed:,} problems would settle it."


def _with_unit(value: float, effect: Effect, *, sign: bool = False) -> str:
    """Return a value with its unit; a boundary of 0 needs none."""
    if value == 0.0 and not sign:
        return "0"
    return f"{_number(value, effect, sign=sign)} {_UNITS.get(effect.unit, effect.unit)}".rstrip()


def _number(value: float, effect: Effect, *, sign: bool = False) -> str:
    """Return a value at the precision of its unit; proportions as points."""
    plus = "+" if sign and effect.unit in ("points", "log-odds", "lengths") else ""
    if effect.unit in ("points", "variation"):
        return f"{100 * value:{plus}.{1 if abs(value) >= 0.0005 or value == 0 else 2}f}"
    return f"{value:{plus}.3g}"
