"""Sentences about claims, generated from the numbers.

A claim's own statement appears in quotation marks, always behind a word that says what became of it, so that a claim
that is not SUPPORTED cannot be read as if it held. Observed numbers are named, not asserted: never "rose" or "fell".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.compared import compared, discordant
from ctlab.reporting.prose.reason_words import landmarks, reach, unit_of, why

_OPENINGS = {
    "SUPPORTED": "Supported: {claim}",
    "REFUTED": "Refuted, it does not hold here: {claim}",
    "INCONCLUSIVE": "Undecided, these data neither support nor refute it: {claim}",
    "VOID": "Void, nothing can be said about it from this run: {claim}",
}
_NO_VERDICT = {
    "not_run": "Not run, so nothing is known about it: {claim}",
    "skipped": "Skipped, so nothing is known about it: {claim}",
    "error": "Stopped with an error, which is no verdict: {claim}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One line of the answer to "how do you know?"."""

    label: str
    """What it is."""
    text: str
    """The numbers, with units."""
    tone: str = ""
    """``good``, ``bad`` or nothing; never the only carrier of a meaning."""


def verdict_word(claim: Mapping[str, Any]) -> str:
    """The verdict, or in lower case why there is none."""
    return str(
        claim.get("verdict") or {"not_run": "not run"}.get(claim.get("status", ""), claim.get("status", "not run"))
    )


def quoted(claim: Mapping[str, Any]) -> str:
    """A claim's statement in quotation marks, without its full stop."""
    return f"“{claim['statement'].strip().rstrip('.')}”"


def opening(claim: Mapping[str, Any]) -> str:
    """What became of a claim, with the claim in quotation marks."""
    form = _OPENINGS.get(claim.get("verdict") or "") or _NO_VERDICT.get(claim.get("status", ""), _NO_VERDICT["not_run"])
    return form.format(claim=quoted(claim)) + "."


def observed(claim: Mapping[str, Any]) -> str:
    """What was seen, with interval, n and the discordant pairs; empty where nothing was measured."""
    effect = claim.get("effect")
    if not effect:
        return ""
    if effect["estimate"] is None:
        return f"Observed {_what(claim)}: {formatting.NO_ESTIMATE} (n = {formatting.count(effect['n'])})."
    unit, marks = unit_of(claim), landmarks(effect)
    parts = [
        f"{formatting.level(effect['level'])} interval {formatting.interval(effect['low'], effect['high'], unit, marks)}",
        f"n = {formatting.count(effect['n'])}",
    ]
    if pairs := discordant(claim):
        parts.append(pairs)
    return f"Observed {_what(claim)}: {formatting.quantity(effect['estimate'], unit, marks)} ({'; '.join(parts)})."


_MEASURED = {
    "mean": "mean over problems",
    "every mean": "mean over problems",
    "line": "mean rise from the first position to the last",
}
"""Kinds of claim about a measurement: what their estimate is, whatever its unit."""


def _what(claim: Mapping[str, Any]) -> str:
    """What the estimate is, by kind of claim."""
    effect, judged, kind = claim["effect"], claim.get("outcome"), claim.get("kind")
    weakest = (effect.get("details") or {}).get("weakest")
    noun = formatting.effect_noun(effect.get("unit", formatting.POINTS))
    if measured := _MEASURED.get(str(kind)):
        return f"{measured}{f' where it decides, {weakest}' if weakest else ''}"
    if effect.get("unit", formatting.POINTS) != formatting.POINTS:
        return "AUC" if kind == "auc" else noun
    if weakest in formatting.OUTCOME_WORDS:
        return f"{noun} in the rate of “{formatting.outcome(weakest)}”, the outcome that decides"
    named = f" in the rate of “{formatting.outcome(judged)}”" if judged in formatting.OUTCOME_WORDS else ""
    if kind == "ordered trend" and weakest:
        return f"{noun}{named} at the step that decides, {weakest}"
    two = compared(claim)
    pair = f" ({two[1]} against {two[0]})" if two else ""
    return {
        "more than": f"{noun} between the two losses{f' ({two[0]} minus {two[1]})' if two else ''}{named}",
        "additivity": f"sum of the two losses minus the loss together{named}",
        "not all equal": f"largest {noun} between two of the conditions{pair}{named}",
    }.get(str(kind), f"{noun}{named}")


def test_result(claim: Mapping[str, Any]) -> str:
    """The p-value against the claim's share of α; empty where nothing was measured."""
    effect, alpha = claim.get("effect"), claim.get("alpha")
    if not effect or effect.get("estimate") is None:
        return ""
    p = effect["p_value"]
    return f"{formatting.p_against_alpha(p, alpha)}." if alpha else f"{formatting.p_value(p)}."


def sentence(claim: Mapping[str, Any]) -> str:
    """The whole finding: what became of the claim, what was seen, why, and how far an open question reaches."""
    judged = claim.get("verdict") not in (None, "VOID")
    reason = why(claim)
    parts = [
        opening(claim),
        "" if judged else reason,
        observed(claim),
        test_result(claim),
        reason if judged else "",
        reach(claim),
    ]
    return " ".join(part for part in parts if part)


def acceptance(claim: Mapping[str, Any]) -> Evidence | None:
    """Whether the verdict is the one accepted so far; None where none was accepted."""
    accepted, verdict = claim.get("accepted"), claim.get("verdict")
    if not accepted or not verdict:
        return None
    if accepted == verdict:
        return Evidence(label="Accepted before", text=f"{accepted}, unchanged", tone="good")
    return Evidence(label="Accepted before", text=f"{accepted}: the verdict has changed to {verdict}", tone="bad")


def tally(claims: list[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """How many claims each verdict (or reason for none) has, verdicts first."""
    order = [*formatting.VERDICT_MARKS, "error", "skipped", "not run"]
    words = [verdict_word(claim) for claim in claims]
    return [(word, words.count(word)) for word in order if word in words]
