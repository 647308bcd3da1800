"""From an effect to a verdict, by the decision and in the words of claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from ctlab import formatting
from ctlab.claims import reasons
from ctlab.claims.claim import Claim, Direction
from ctlab.claims.judge import decide
from ctlab.claims.power import goes_against
from ctlab.claims.room import with_room
from ctlab.judging.paired_scores import PairedScores, effect_of
from ctlab.judging.question import Question
from ctlab.records.effect import Effect
from ctlab.records.judgement import Verdict
from ctlab.statistics.power.paired_power import POWER, problems_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the scores say of a question."""

    verdict: Verdict
    """The verdict."""
    effect: Effect
    """What was measured, at the level that decides."""
    alpha: float
    """The level."""
    why: str
    """What decided."""


def decided(question: Question, scores: PairedScores, alpha: float) -> Decision:
    """Judge a question at a level."""
    claim = _claim(question, question.direction)
    # "Not worse" is false where the rate falls: it must be able to.
    moves = Direction.DECREASE if question.alternative == "greater" else Direction.INCREASE
    start = _claim(question, moves) if question.tolerant else claim
    effect = with_room(start, effect_of(question, scores, alpha), _runs(question, scores))
    verdict = decide(claim, effect, alpha)
    return Decision(
        verdict=verdict,
        effect=effect,
        alpha=alpha,
        why=reasons.why(claim, effect, verdict, alpha),
    )


def void(question: Question, scores: PairedScores, alpha: float, broken: Sequence[str]) -> Decision:
    """Conclude nothing, and say why; what was measured stays to be seen."""
    return Decision(
        verdict=Verdict.VOID, effect=effect_of(question, scores, alpha), alpha=alpha, why=reasons.void(broken)
    )


def _claim(question: Question, direction: Direction) -> Claim:
    """Put the question as claims are put, for the rules and the words that they have."""
    return Claim(
        id="judge",
        family="unregistered",
        statement=question.statement,
        direction=direction,
        margin=question.margin,
        conditions=(question.first, question.second),
    )


def _runs(question: Question, scores: PairedScores) -> dict[str, Any]:
    """Return both files as far as room is looked for in them: which problems are mostly right."""

    def run(values: Sequence[float]) -> SimpleNamespace:
        right = tuple(value >= 0.5 for value in values)
        return SimpleNamespace(ids=range(len(values)), has=lambda outcome: right)

    return {question.first: run(scores.before), question.second: run(scores.after)}


def outlook(question: Question, decision: Decision) -> str:
    """Say what the sample could have found and what would settle the question; empty where it is settled.

    It takes as long as everything else together, so that it is asked for only where it is shown. Of means within a
    margin the standard error says it.
    """
    claim, effect, verdict, alpha = (
        _claim(question, question.direction),
        decision.effect,
        decision.verdict,
        decision.alpha,
    )
    if effect.lost is not None or effect.alternative != "equivalence":
        return reasons.outlook(claim, effect, verdict, alpha)
    if not reasons.outlook(claim, effect, verdict, alpha):
        return ""
    spread = effect.n * (effect.high - effect.low) ** 2 / 4.0 / _z(effect.level) ** 2
    needed = problems_needed(abs(abs(effect.estimate) - effect.boundary), spread, alpha=alpha)
    if needed is None:
        return "At this estimate no number of problems would settle it."
    against = " against the question" if goes_against(effect) else ""
    return (
        f"With {formatting.percent(POWER, 0)} power about {formatting.counted(max(needed, effect.n), 'problem')} would "
        f"settle it{against} if the effect is as large as seen."
    )


def _z(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf((1.0 + level) / 2.0)
