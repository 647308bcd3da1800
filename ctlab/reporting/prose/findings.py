"""A claim in one line, for those who read all of them: what became of it, what was claimed, the number.

Only a SUPPORTED claim that was registered as it stands is written as a statement; every other one is quoted behind what
became of it.
"""

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.prose import sentences


def finding(claim: ClaimRow, n: int = 0) -> str:
    """One line; ``n`` is the number of problems of the whole run, said where the claim's own differs."""
    stated = claim.verdict == Verdict.SUPPORTED and not claim.exploratory
    claimed = claim.statement.strip().rstrip(".") if stated else sentences.quoted(claim)
    word = sentences.verdict_word(claim)
    if claim.exploratory and claim.verdict is not None:
        word += ", exploratory"
    parts = [f"{word}: {claimed}"]
    if claim.effect is not None:
        parts.append(_number(claim, claim.effect, n))
    if claim.verdict in (None, Verdict.VOID):
        parts.append(f"– {claim.because}" if claim.because else "")
    text = " ".join(filter(None, parts)).rstrip(".") + "."
    flags = [flag for flag in claim.flags if claim.verdict != Verdict.VOID or flag not in claim.because]
    extra = [sentences.positive_control(claim), f"Flagged: {'; '.join(flags)}." if flags else ""]
    return " ".join(filter(None, [text, *extra]))


def _number(claim: ClaimRow, effect: EffectRow, n: int) -> str:
    """An effect in brackets, with its interval and, where a part of the claim decides, which."""
    size = f", n = {formatting.count(effect.n)}" if effect.n != n else ""
    if (measured := effect.measured) is None:
        return f"({formatting.NO_ESTIMATE}{size})"
    unit, marks = claim.unit, effect.landmarks
    ends = formatting.interval(measured.low, measured.high, unit, marks, unit_shown=False)
    estimate = (
        f"{formatting.WHAT_A_NUMBER_IS.get(effect.unit, '')}{formatting.quantity(measured.estimate, unit, marks)}"
    )
    where = f", {decides} decides" if (decides := _decides(claim.noun)) else ""
    interval = f"{formatting.level(effect.level)} {ends}"
    facts = [f"{estimate}{where}", interval, formatting.p_value(effect.p_value), claim.counts]
    return f"({'; '.join(filter(None, facts))}{size})"


def _decides(noun: str) -> str:
    """Which part of a claim decides, as the noun of its estimate names it; empty where it is of one piece."""
    about, _, outcome = noun.partition(", the outcome that decides")[0].partition("the rate of ")
    if noun.endswith("the outcome that decides"):
        return outcome or about
    return noun.partition(" decides, ")[2]
