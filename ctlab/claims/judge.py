"""From an effect to a verdict: one pure function, the same for every claim."""

from collections.abc import Mapping

from ctlab import formatting
from ctlab.claims import reasons
from ctlab.claims.claim import Claim
from ctlab.claims.control_checks import check_controls
from ctlab.claims.decision import small_groups
from ctlab.claims.evidence import check_counts, contradictions, evidence_flags
from ctlab.claims.examples import find_examples
from ctlab.claims.room import with_room
from ctlab.errors import ClaimError
from ctlab.records.control import ControlResult, ControlState
from ctlab.records.effect import Effect
from ctlab.records.judgement import Judgement, Verdict
from ctlab.statistics.pairing import AnsweredRun

_ROUNDING = 1e-9
"""What is left between two ways of computing one level, such as 1 − 2α: a few 1e-16; no two levels are that close."""


def judge(claim: Claim, effect: Effect, *, alpha: float, runs: Mapping[str, AnsweredRun] | None = None) -> Judgement:
    """Judge a claim by the effect that was measured and the runs it was measured on.

    Parameters
    ----------
    claim : Claim
        What was claimed.
    effect : Effect
        What was measured, with an interval at the level that `alpha` asks for.
    alpha : float
        Level of the claim: the family's α divided by the number of claims registered in the family.
    runs : mapping of str to run, optional
        Runs by condition name, controls included: certificates and controls are read off them.

    Returns
    -------
    Judgement
        VOID when a certificate or control contradicts what it must show; INCONCLUSIVE when fewer than 50 problems
        were compared, or a rate has no room to move as claimed; else what the decision table says.

    Raises
    ------
    ClaimError
        When the effect answers another question than the claim asks: another side, margin or level; when its lost
        and gained problems are not those of the runs.
    """
    check_fits(claim, effect, alpha)
    runs = runs or {}
    check_counts(claim, effect, runs)
    effect = with_room(claim, effect, runs)
    controls = check_controls(claim, runs, effect)
    broken = contradictions(claim, runs, controls)
    verdict = Verdict.VOID if broken else decide(claim, effect, alpha)
    rules = claim.kind.rules
    why = reasons.why(claim, effect, verdict, alpha, broken)
    if verdict != Verdict.VOID:
        why = " ".join(filter(None, (why, rules.remarks(claim, effect, supported=verdict == Verdict.SUPPORTED))))
    outlook = reasons.outlook(claim, effect, verdict, alpha)
    compared = rules.compared(claim, effect)
    return Judgement(
        claim_id=claim.id,
        verdict=verdict,
        effect=effect,
        alpha=alpha,
        reason=reasons.reason(claim, effect, verdict, alpha, why, outlook),
        why=why,
        outlook=outlook,
        null=rules.null(claim, effect),
        compared=compared,
        counts=reasons.counts(claim, effect, compared),
        noun=rules.noun(claim, effect),
        flags=evidence_flags(claim, runs) + _left_out(effect) + _undecided_controls(controls),
        controls=controls,
        examples=find_examples(claim, runs, effect),
    )


def check_fits(claim: Claim, effect: Effect, alpha: float) -> None:
    """Raise unless the effect was measured for this claim: on its side, at its margin, at its level."""
    side = claim.kind.rules.alternative(claim)
    if effect.alternative != side:
        raise ClaimError(
            f"Claim {claim.id!r} says {claim.direction}, which is tested as {side!r}, and the effect was tested as "
            f"{effect.alternative!r}; give the statistic the claim, so that it takes side, margin and level from it."
        )
    if effect.margin != claim.margin:
        raise ClaimError(
            f"Claim {claim.id!r} has the margin {claim.margin:g} and the effect was tested at {effect.margin:g}; "
            "give the statistic the claim, so that it takes side, margin and level from it."
        )
    fitted = effect.details.get("adjusted_for")
    if fitted is not None and tuple(fitted) != claim.adjust:
        raise ClaimError(
            f"Claim {claim.id!r} adjusts for {', '.join(claim.adjust) or 'nothing'}, and the model that was fitted for "
            f"{', '.join(fitted) or 'nothing'}: estimate, interval and p are to the last digit what they are without "
            "it, although both features depend on each other; hand the model what the claim adjusts for."
        )
    needed = claim.kind.rules.level(claim, alpha)
    if effect.level < needed - _ROUNDING:
        raise ClaimError(
            f"Claim {claim.id!r} is judged at α = {alpha:.4g}, which takes an interval of level {needed:.4g}, and the "
            f"effect's has {effect.level:.4g}; give the statistic the claim, so that it takes its level from it."
        )


def decide(claim: Claim, effect: Effect, alpha: float) -> Verdict:
    """Return what the decision table says of an effect whose evidence is in order."""
    if small_groups(effect) or effect.undecided:
        return Verdict.INCONCLUSIVE
    rules = claim.kind.rules
    if rules.supports(effect, alpha):
        return Verdict.SUPPORTED
    return Verdict.REFUTED if rules.refutes(effect) else Verdict.INCONCLUSIVE


def _left_out(effect: Effect) -> tuple[str, ...]:
    """Return a flag when problems without the claim's feature were left out; empty when none was."""
    count = effect.details.get("left_out", 0)
    if not count:
        return ()
    feature = str(effect.details["feature"]).partition(" >= ")[0]
    words = "has no {}" if count == 1 else "have no {}"
    problems = formatting.counted(effect.n + count, "problem")
    return (f"left out: {formatting.count(count)} of {problems} {words.format(feature)}",)


def _undecided_controls(controls: tuple[ControlResult, ...]) -> tuple[str, ...]:
    """Return a flag for each control that cannot tell."""
    return tuple(
        f"control {result.control.condition}: {result.detail}"
        for result in controls
        if result.state == ControlState.CANNOT_TELL
    )
