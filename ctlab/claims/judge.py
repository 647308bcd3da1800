"""From an effect to a verdict: one pure function, the same for every claim."""

from collections.abc import Mapping

from ctlab.claims.claim import Claim, Kind
from ctlab.claims.control import ControlResult, ControlState
from ctlab.claims.controls import check_controls
from ctlab.claims.evidence import contradictions, evidence_flags
from ctlab.claims.examples import find_examples
from ctlab.claims.judgement import Judgement, Verdict
from ctlab.claims.wording import reason_for
from ctlab.statistics.effect import Effect
from ctlab.statistics.pairing import AnsweredRun

SMALLEST_GROUP = 50
"""Problems below which nothing is decided, in the whole sample and in every subgroup that is compared."""


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
        were compared; else what the decision table says.
    """
    runs = runs or {}
    controls = check_controls(claim, runs)
    broken = contradictions(claim, runs, controls)
    verdict = Verdict.VOID if broken else decide(claim, effect, alpha)
    return Judgement(
        claim_id=claim.id,
        verdict=verdict,
        effect=effect,
        alpha=alpha,
        reason=reason_for(claim, effect, verdict, alpha, broken, too_small(effect)),
        flags=evidence_flags(claim, runs) + _undecided_controls(controls),
        controls=controls,
        examples=find_examples(claim, runs),
    )


def decide(claim: Claim, effect: Effect, alpha: float) -> Verdict:
    """Return what the decision table says of an effect whose evidence is in order."""
    if too_small(effect) or effect.undecided:
        return Verdict.INCONCLUSIVE
    if supports(claim, effect, alpha):
        return Verdict.SUPPORTED
    return Verdict.REFUTED if refutes(effect) else Verdict.INCONCLUSIVE


def too_small(effect: Effect) -> str:
    """Name the sample or the compared subgroup that has under 50 problems, empty when none has."""
    name, size = min((("all problems", effect.n), *effect.groups.items()), key=lambda group: group[1])
    return f"{size} problems in the group {name!r}" if size < SMALLEST_GROUP else ""


def supports(claim: Claim, effect: Effect, alpha: float) -> bool:
    """Return whether the null hypothesis is rejected and the interval says the same."""
    if effect.p_value > alpha:
        return False
    if effect.alternative == "equivalence":
        return -effect.boundary < effect.low and effect.high < effect.boundary
    if effect.alternative == "greater":
        return effect.low > effect.boundary
    if effect.alternative == "less":
        return effect.high < effect.boundary
    # These two test a whole vector at once; their interval describes its size, and size is never below 0.
    if claim.kind in (Kind.ERROR_MIX, Kind.NOT_ALL_EQUAL):
        return True
    return not effect.low <= effect.boundary <= effect.high


def refutes(effect: Effect) -> bool:
    """Return whether the interval lies wholly where the claim is false; a two-sided claim is never refuted."""
    low, high = effect.refuting or (effect.low, effect.high)
    if effect.alternative == "equivalence":
        return low > effect.boundary or high < -effect.boundary
    if effect.alternative == "greater":
        return high < effect.boundary
    if effect.alternative == "less":
        return low > effect.boundary
    return False


def _undecided_controls(controls: tuple[ControlResult, ...]) -> tuple[str, ...]:
    """Return a flag for each control that cannot tell."""
    return tuple(
        f"control {result.control.condition}: {result.detail}"
        for result in controls
        if result.state == ControlState.CANNOT_TELL
    )
