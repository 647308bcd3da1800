"""Sentences about claims: what became of them, what was observed, and why, as stored when they were judged.

A claim's own statement appears in quotation marks, always behind a word that says what became of it, so that a claim
that is not SUPPORTED cannot be read as if it held. Observed numbers are named, not asserted: never "rose" or "fell".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.model.claim_row import ClaimRow, Status

ANSWERED_ELSEWHERE = "recorded: that these are the answers of"
"""Begins the flag of recorded answers that stand for models, and not for what was hidden."""
_OPENINGS = {
    Verdict.SUPPORTED: "Supported{given}: {claim}",
    Verdict.REFUTED: "Refuted{given}, it does not hold here: {claim}",
    Verdict.INCONCLUSIVE: "Undecided{given}, these data neither support nor refute it: {claim}",
    Verdict.VOID: "Void{given}, nothing can be said about it from this run: {claim}",
}
_NO_VERDICT: dict[Status, str] = {
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
    tip: str = ""
    """What the label means, for those who do not know; the glossary says it too."""


def verdict_word(claim: ClaimRow) -> str:
    """The verdict, or in lower case why there is none."""
    return str(claim.verdict) if claim.verdict is not None else claim.status.replace("_", " ")


def quoted(claim: ClaimRow) -> str:
    """A claim's statement in quotation marks, without its full stop."""
    return f"“{claim.statement.strip().rstrip('.')}”"


def opening(claim: ClaimRow) -> str:
    """What became of a claim, with the claim in quotation marks."""
    form = _OPENINGS[claim.verdict] if claim.verdict is not None else _NO_VERDICT[claim.status]
    opened = form.format(claim=quoted(claim), given=_given(claim)) + "."
    return " ".join(filter(None, [opened, positive_control(claim)]))


def _given(claim: ClaimRow) -> str:
    """Say what a verdict on recorded answers supposes: no certificate shows what was hidden, only a file's name."""
    if any(flag.startswith(ANSWERED_ELSEWHERE) for flag in claim.flags):
        return " (if the files hold what these models answered)"
    if not any(flag.startswith("recorded") for flag in claim.flags):
        return ""
    return f" (if the files of answers were made under {formatting.listed(claim.conditions)})"


def flagged(claim: ClaimRow) -> str:
    """Everything that a reader must know beside the verdict, as one sentence; empty where there is nothing."""
    return f"Flagged: {'; '.join(claim.flags)}." if claim.flags else ""


def positive_control(claim: ClaimRow) -> str:
    """Say that a claim tests the method and not the model; empty where it does not."""
    why = claim.positive_control.strip().rstrip(".")
    return f"This is a positive control, not a finding: {why}." if why else ""


def observed(claim: ClaimRow) -> str:
    """What was observed, with interval, n and the discordant pairs; empty where nothing was measured."""
    effect = claim.effect
    if effect is None:
        return ""
    noun, n = claim.noun or formatting.effect_noun(effect.unit), f"n = {formatting.count(effect.n)}"
    if (measured := effect.measured) is None:
        return f"Observed {noun}: {formatting.NO_ESTIMATE} ({n})."
    unit, marks = claim.unit, effect.landmarks
    interval = formatting.interval(measured.low, measured.high, unit, marks)
    facts = [f"{formatting.level(effect.level)} interval {interval}", n, claim.counts]
    estimate = formatting.quantity(measured.estimate, unit, marks)
    return f"Observed {noun}: {estimate} ({'; '.join(filter(None, facts))})."


def test_result(claim: ClaimRow) -> str:
    """The p-value against the claim's share of α; empty where nothing was measured."""
    effect = claim.effect
    if effect is None or effect.measured is None:
        return ""
    p = effect.p_value
    return f"{formatting.p_against_alpha(p, claim.alpha)}." if claim.alpha else f"{formatting.p_value(p)}."


def finding(claim: ClaimRow) -> str:
    """What became of the claim and why, without the numbers, which stand beside it."""
    return " ".join(filter(None, [opening(claim), claim.because, flagged(claim)]))


def sentence(claim: ClaimRow) -> str:
    """The whole finding: what became of the claim, what was observed, why, and how far an open question reaches.

    A report from before ``why`` was stored has its reason instead, which says itself what was observed.
    """
    if claim.verdict in (None, Verdict.VOID):
        facts = [claim.because, observed(claim), test_result(claim)]
    elif claim.why or not claim.reason:
        facts = [observed(claim), test_result(claim), claim.because]
    else:
        facts = [claim.because]
    return " ".join(filter(None, [opening(claim), *facts, flagged(claim)]))


def acceptance(claim: ClaimRow) -> Evidence | None:
    """Whether the verdict is the one accepted so far; None where none was accepted."""
    accepted, verdict = claim.accepted, claim.verdict
    if accepted is None or verdict is None:
        return None
    if accepted == verdict:
        return Evidence(label="Accepted before", text=f"{accepted}, unchanged", tone="good")
    return Evidence(label="Accepted before", text=f"{accepted}: the verdict has changed to {verdict}", tone="bad")


def not_run_last(claims: Sequence[ClaimRow]) -> list[ClaimRow]:
    """As registered, what was not run at the end: of a selection it would stand before verdicts, page after page."""
    return sorted(claims, key=lambda claim: claim.status == "not_run")


def tally(claims: Sequence[ClaimRow]) -> list[tuple[str, int]]:
    """How many claims each verdict (or reason for none) has, verdicts first."""
    order = [*formatting.VERDICT_MARKS, "error", "skipped", "not run"]
    words = [verdict_word(claim) for claim in claims]
    return [(word, words.count(word)) for word in order if word in words]
