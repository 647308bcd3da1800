"""Why a verdict: sentences made from the numbers, points never mixed with percent."""

from collections.abc import Sequence

from ctlab.claims.claim import Claim
from ctlab.claims.judgement import Verdict
from ctlab.statistics.effect import Effect


def reason_for(claim: Claim, effect: Effect, verdict: Verdict, alpha: float, broken: Sequence[str]) -> str:
    """Return why a claim got its verdict, in one or two sentences."""
    if verdict == Verdict.VOID:
        return f"Nothing can be concluded: {'; '.join(broken)}."
    seen = f"{in_words(effect)}, p = {p_in_words(effect.p_value)} against α = {alpha:.4g}"
    return f"{seen}."


def in_words(effect: Effect) -> str:
    """Return an effect with its interval, its level and n."""
    scale, unit = (100.0, " points") if effect.unit == "points" else (1.0, f" {effect.unit}")
    digits = 1 if effect.unit == "points" else 2
    low, high = scale * effect.low, scale * effect.high
    return (
        f"{scale * effect.estimate:+.{digits}f}{unit} "
        f"({100 * effect.level:.4g} % interval {low:+.{digits}f} to {high:+.{digits}f}, n = {effect.n})"
    )


def p_in_words(p_value: float) -> str:
    """Return a p-value with two significant digits, or that it is under 0.0001."""
    return "under 0.0001" if p_value < 0.0001 else f"{p_value:.2g}"
