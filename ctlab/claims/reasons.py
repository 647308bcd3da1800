"""Why a verdict: sentences made from the numbers when a claim is judged, and from nothing else afterwards.

A sentence about an interval says where that interval lies, whatever the verdict: above, below, within, outside, across.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.claims.claim import Claim
from ctlab.claims.decision import SMALLEST_GROUP, fails_throughout, holds_throughout, small_groups
from ctlab.claims.group_words import group_words
from ctlab.claims.power import prospects
from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.judgement import Verdict
from ctlab.statistics.cells.some_cell import SHARED

BASELINE = "baseline"


def unit_of(claim: Claim, effect: Effect) -> str:
    """Return the unit of a claim's effect; a slope says per what, as the claim declares it."""
    return formatting.unit_on(effect.unit, claim.scale)


def in_words(effect: Effect, unit: str = "") -> str:
    """Return an effect with its interval, its level and n; of several parts, which one decides."""
    if not effect.estimated:
        return f"{formatting.NO_ESTIMATE} (n = {formatting.count(effect.n)})"
    unit, marks = unit or effect.unit, _landmarks(effect)
    weakest = effect.details.get("weakest")
    decides = f"; decided by {formatting.part(weakest)}" if weakest else ""
    number = f"{formatting.WHAT_A_NUMBER_IS.get(unit, '')}{formatting.quantity(effect.estimate, unit, marks)}"
    return (
        f"{number} ({formatting.level(effect.level)} interval "
        f"{formatting.interval(effect.low, effect.high, unit, marks, unit_shown=False)}, "
        f"n = {formatting.count(effect.n)}{decides})"
    )


def reason(claim: Claim, effect: Effect, verdict: Verdict, alpha: float, why: str, outlook: str) -> str:
    """Return what was measured, what decided, and what the sample could have found; of VOID only why."""
    if verdict == Verdict.VOID:
        return why
    measured = in_words(effect, unit_of(claim, effect))
    test = f"; {formatting.p_against_alpha(effect.p_value, alpha)}" if effect.estimated else ""
    return " ".join(filter(None, [f"{measured}{test}.", why, outlook]))


def why(claim: Claim, effect: Effect, verdict: Verdict, alpha: float, broken: Sequence[str] = ()) -> str:
    """Return what decided, in one or two sentences.

    Parameters
    ----------
    claim, effect, verdict, alpha
        As judged.
    broken : sequence of str
        What contradicts the evidence, for VOID.
    """
    unit = unit_of(claim, effect)
    match verdict:
        case Verdict.VOID:
            return void(broken)
        case Verdict.SUPPORTED:
            if effect.alternative == "two-sided":
                return "The null hypothesis is rejected, as claimed."
            return f"The interval {_claimed(effect, unit)}, as claimed."
        case Verdict.REFUTED:
            return f"{_refuting_interval(effect, unit)} {_false(effect, unit)}, against the claim."
        case Verdict.INCONCLUSIVE:
            return _not_enough_problems(effect) or _not_decided(effect) or _left_open(claim, effect, alpha)


def void(broken: Sequence[str]) -> str:
    """Return that nothing can be concluded, and what contradicts the evidence."""
    return f"Nothing can be concluded: {'; '.join(broken)}."


def outlook(claim: Claim, effect: Effect, verdict: Verdict, alpha: float) -> str:
    """Return what this sample could have found, and how many problems would settle the claim.

    Empty where something was decided, and where more of the same problems are not what is missing.
    """
    if verdict != Verdict.INCONCLUSIVE or effect.undecided or small_groups(effect):
        return ""
    reach, unit = prospects(effect, alpha), unit_of(claim, effect)
    if "tests" in effect.details:
        return _outlook_together(reach.together, reach.needed, effect.n, len(effect.details["tests"]))
    if effect.alternative == "equivalence":
        finds = "This sample could prove no margin with 80 % power"
        if reach.provable is not None:
            finds = f"With 80 % power this sample could prove ±{_size(reach.provable, unit)}"
    elif reach.detectable is None:
        finds = "This sample could find no effect with 80 % power"
    else:
        beyond = f" beyond {_edge(effect, unit)}" if effect.boundary else ""
        finds = f"With 80 % power this sample could find an effect of {_size(reach.detectable, unit)}{beyond}"
    return f"{finds}; {_settled(reach.needed, effect.n, against=reach.against)}."


def _settled(needed: int | None, n: int, *, against: bool) -> str:
    """Say how many problems would settle a claim, and whether against it."""
    if needed is None:
        return "at this estimate no number of problems would settle it"
    settle = "settle it against the claim" if against else "settle it"
    if needed <= n:
        return f"a sample of the same size again should {settle} if the effect is as large as seen"
    return f"about {formatting.counted(needed, 'problem')} would {settle} if the effect is as large as seen"


def counts(claim: Claim, effect: Effect, compared: tuple[str, str] | None) -> str:
    """Return the discordant problems so that nobody takes one run for another; empty where an effect has none.

    Against baseline they are broken and fixed (lost and gained for other outcomes than `CORRECT`); of two other
    conditions, each count names the condition under which alone the outcome occurred.
    """
    if effect.lost is None or effect.gained is None:
        return ""
    weakest = effect.details.get("weakest")
    judged = weakest if formatting.is_outcome(weakest) else claim.outcome
    if compared is None or compared[0] == BASELINE:
        return formatting.lost_and_gained(effect.lost, effect.gained, judged)
    what = ""
    if formatting.is_outcome(judged):
        what = " correct" if judged == "CORRECT" else f" {formatting.part(judged)}"
    first, second = compared
    return (
        f"{formatting.count(effect.lost)}{what} under {first} only, {formatting.count(effect.gained)} under "
        f"{second} only"
    )


def as_sentence(text: str) -> str:
    """Return a text with a capital letter and a full stop."""
    text = text.strip()
    return text and text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _deciding_test(details: Mapping[str, Any]) -> str:
    """Say which of several tests that must all reject decided, and what the others found; empty for one test."""
    tests = dict(details.get("tests") or {})
    if len(tests) < 2:
        return ""
    decided = details["decided_by"]
    others = "; ".join(f"{name}: {formatting.p_value(p)}" for name, p in tests.items() if name != decided)
    return f"{len(tests)} tests must all reject, and the largest p counts: {decided} (the others: {others})."


def _outlook_together(power: float | None, needed: int | None, n: int, tests: int) -> str:
    """Say how often all tests of a claim reject together, and how many problems they need."""
    if power is None:
        return f"How often {'they reject together' if tests > 1 else 'it rejects'} was not simulated."
    who = "all of them" if tests > 1 else "the test"
    found = f"Were everything as seen, {formatting.percent(power, 0)} of samples of this size would make {who} reject"
    if needed is None:
        return f"{found}; no number of problems that is at hand would settle it."
    if needed <= n:
        return f"{found}; a sample of the same size again should settle it."
    return f"{found}; about {formatting.counted(needed, 'problem')} would settle it."


def _not_enough_problems(effect: Effect) -> str:
    """Say which compared groups are too small; empty when none is."""
    small = [f"{formatting.count(size)} ({group_words(name)})" for name, size in small_groups(effect).items()]
    return f"Under {SMALLEST_GROUP} problems nothing is decided: there are {formatting.listed(small)}." if small else ""


def _not_decided(effect: Effect) -> str:
    """Say why no verdict may rest on the effect; empty when one may."""
    return f"Not decided: {effect.undecided}." if effect.undecided else ""


def _left_open(claim: Claim, effect: Effect, alpha: float) -> str:
    """Say what keeps an effect from deciding: p, the interval, both, or a stricter level for one part of several."""
    unit = unit_of(claim, effect)
    if fails_throughout(effect, (effect.low, effect.high)):
        if SHARED in effect.details:
            return f"The interval {_false(effect, unit)}, but that of another cell does not."
        return f"The interval {_false(effect, unit)}, but one part of several refutes at a stricter level only."
    if effect.p_value <= alpha:
        return f"p is at most α, but the interval {_across(effect, unit)}; SUPPORTED needs both."
    if decided := _deciding_test(effect.details):
        return decided
    if holds_throughout(effect):
        decide = "for this kind p alone decides" if claim.kind.rules.by_p_alone else "SUPPORTED needs both"
        return f"The interval {_claimed(effect, unit)}, but p is above α; {decide}."
    if effect.alternative == "two-sided":
        return "This shows neither a difference nor that there is none."
    if effect.alternative == "equivalence":
        return f"The interval is neither within nor outside ±{_within(effect, unit)}."
    return f"The interval contains {_edge(effect, unit)}: the data fit the claim and its opposite."


def _claimed(effect: Effect, unit: str) -> str:
    """Say where an interval lies that lies wholly where the claim holds."""
    match effect.alternative:
        case "equivalence":
            return f"lies within ±{_within(effect, unit)}"
        case "greater":
            return f"lies above {_edge(effect, unit)}"
        case "less":
            return f"lies below {_edge(effect, unit)}"
        case "two-sided":
            return f"does not contain {_edge(effect, unit)}"
        case other:
            raise StatisticsError(f"There are no words for an effect with the alternative {other!r}.")


def _false(effect: Effect, unit: str) -> str:
    """Say where an interval lies that lies wholly where the claim is false."""
    match effect.alternative:
        case "equivalence":
            return f"lies outside ±{_within(effect, unit)}"
        case "greater":
            return f"lies below {_edge(effect, unit)}"
        case "less":
            return f"lies above {_edge(effect, unit)}"
        case other:
            raise StatisticsError(f"Nothing refutes an effect with the alternative {other!r}, so nothing says where.")


def _across(effect: Effect, unit: str) -> str:
    """Say that an interval does not lie where the claim holds."""
    return {
        "equivalence": f"does not lie within ±{_within(effect, unit)}",
        "greater": f"does not lie above {_edge(effect, unit)}",
        "less": f"does not lie below {_edge(effect, unit)}",
        "two-sided": f"contains {_edge(effect, unit)}",
    }[effect.alternative]


def _refuting_interval(effect: Effect, unit: str) -> str:
    """Name the interval that refutes: of a claim of several parts that of the part that lies furthest off."""
    if effect.refuting is None:
        return "The interval"
    worst = effect.details.get("worst")
    part = f" ({formatting.part(worst)})" if worst else ""
    if SHARED in effect.details:
        part = f" ({worst}), the cell that comes closest to the claim," if worst else ""
        return f"The interval {formatting.interval(*effect.refuting, unit, _landmarks(effect))}{part}"
    return f"The interval {formatting.interval(*effect.refuting, unit, _landmarks(effect))} of one part{part}"


def _landmarks(effect: Effect) -> tuple[float, ...]:
    """Return the values that a rounded number must not fall onto."""
    return (effect.boundary, -effect.boundary, effect.margin, -effect.margin)


def _edge(effect: Effect, unit: str) -> str:
    """Write where the null hypothesis ends, on the axis of the effect and so with its sign; 0 needs no unit."""
    if effect.boundary and unit == formatting.POINTS:
        return formatting.boundary(effect.boundary)
    return formatting.quantity(effect.boundary, unit) if effect.boundary else "0"


def _within(effect: Effect, unit: str) -> str:
    """Write a margin, which has no sign."""
    return _edge(effect, unit).lstrip("+")


def _size(value: float, unit: str) -> str:
    """Write a size, which has no sign; 0 needs no unit."""
    return formatting.quantity(abs(value), unit).lstrip("+") if value else "0"
