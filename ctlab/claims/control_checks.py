"""Checking controls: whether each shows what it must, contradicts it, or cannot tell."""

from collections.abc import Mapping

from ctlab import formatting
from ctlab.claims.claim import Claim
from ctlab.claims.evidence import copied, recorded
from ctlab.claims.reasons import in_words, unit_of
from ctlab.records import Certificate
from ctlab.records.control import Control, ControlResult, ControlState, Shows
from ctlab.records.effect import Effect
from ctlab.statistics.at_level import CONTROL_ALPHA
from ctlab.statistics.paired.difference import equivalence
from ctlab.statistics.pairing import AnsweredRun, check_runs, having, lost_and_gained
from ctlab.statistics.requested import EVERY_OUTCOME


def check_controls(
    claim: Claim, runs: Mapping[str, AnsweredRun], effect: Effect | None = None
) -> tuple[ControlResult, ...]:
    """Return what each control of a claim did show, in the claim's order; `effect` is what the claim is judged by."""
    if not runs:
        return ()
    return tuple(_check(control, claim, runs, effect) for control in claim.controls)


def _check(control: Control, claim: Claim, runs: Mapping[str, AnsweredRun], effect: Effect | None) -> ControlResult:
    """Return what one control did show."""
    missing = [name for name in control.conditions if name not in runs]
    if missing:
        state, detail = ControlState.CANNOT_TELL, f"{missing[0]} was not run"
    elif control.shows == Shows.BITES:
        state, detail = _bites(runs[control.condition])
    elif control.shows == Shows.NOT_SO:
        state, detail = _not_so(claim, effect)
    elif control.shows == Shows.NO_OP:
        state, detail = _no_op(runs[control.reference], runs[control.condition])
    else:
        state, detail = _negligible(control, claim, runs[control.reference], runs[control.condition])
    return ControlResult(control=control, state=state, detail=detail)


def _bites(run: AnsweredRun) -> tuple[ControlState, str]:
    """Check that edges were weakened, thoughts replaced or left out, and that what the model computes changed."""
    name = run.condition.name
    if recorded(run):
        return ControlState.CANNOT_TELL, f"the answers of {name} were recorded, so nothing shows that it bites"
    certificate = run.certificate
    if run.condition.model and run.condition.undisturbed:
        return ControlState.CANNOT_TELL, f"{name} is what {run.condition.model} does undisturbed, which has no bite"
    if not certificate.treats:
        return ControlState.CONTRADICTS, f"{name} weakened no attention edge, and replaced and left out no thought"
    moves = [check for check in certificate.checks if check.name == "bites"]
    if not moves:
        return ControlState.CANNOT_TELL, f"the certificate of {name} does not say whether its logits moved"
    if not moves[0].passed:
        return ControlState.CONTRADICTS, f"{name} left the logits where they were: {moves[0].detail}"
    return ControlState.HOLDS, f"{name} {_treatment(certificate)}; {moves[0].detail}"


def _treatment(certificate: Certificate) -> str:
    """Say what was weakened, replaced and left out, counted as the certificate is shown: a problem of its sample."""
    edges, thoughts, size = certificate.edges_weakened, certificate.thoughts_replaced, certificate.problems or 1
    parts = [f"weakened {formatting.a_problem(edges, size, 'edge')}"] if edges else []
    if thoughts:
        parts.append(f"replaced {formatting.a_problem(thoughts, size, 'thought')}")
    if left_out := certificate.thoughts_left_out:
        parts.append(f"left out {formatting.a_problem(left_out, size, 'thought')}")
    if steps := certificate.steps_replaced:
        return formatting.listed([*parts, f"put other steps in place in {steps} of {size} problems"])
    return f"{formatting.listed(parts)} a problem"


def _no_op(reference: AnsweredRun, run: AnsweredRun) -> tuple[ControlState, str]:
    """Check that every answer is identical, token by token, and was made in a row of its own."""
    n, name = check_runs(reference, run), reference.condition.name
    if copies := copied(reference, run):
        return (
            ControlState.CONTRADICTS,
            f"it has no rows of its own: {copies} of {n} answers are those of {name}'s rows, and what is compared with "
            "itself cannot differ",
        )
    pairs = zip(reference.generations, run.generations, strict=True)
    changed = sum(1 for one, other in pairs if (one.token_ids, one.text) != (other.token_ids, other.text))
    if changed:
        return ControlState.CONTRADICTS, f"{changed} of {n} answers differ from {name}'s"
    if not recorded(run) and not all(generation.row for generation in run.generations):
        return ControlState.CANNOT_TELL, f"all {n} answers are {name}'s, and nothing says which rows made them"
    return ControlState.HOLDS, f"all {n} answers are identical to {name}'s"


def _negligible(control: Control, claim: Claim, reference: AnsweredRun, run: AnsweredRun) -> tuple[ControlState, str]:
    """Check that the rate of the claim's outcome, or of every one of them, moved by no more than the margin.

    Of several outcomes the one that moved most is named. One alone contradicts, at the level that is shared by all of
    them; that all are negligible is shown where each is, which needs no sharing (intersection-union).
    """
    n = check_runs(reference, run)
    outcomes = _outcomes(reference, run) if claim.outcome == EVERY_OUTCOME else (claim.outcome,)
    found = [_moved(control, outcome, reference, run, n, CONTROL_ALPHA / len(outcomes)) for outcome in outcomes]
    worst = max(found, key=lambda each: (_SEVERITY[each[0]], abs(each[1].estimate)))
    margin = formatting.points(control.margin).lstrip("+")
    of = formatting.part(worst[2]) + (", the outcome that moved most" if len(outcomes) > 1 else "")
    return worst[0], f"{in_words(worst[1])} of {of}, against a margin of ±{margin}"


_SEVERITY = {ControlState.HOLDS: 0, ControlState.CANNOT_TELL: 1, ControlState.CONTRADICTS: 2}


def _outcomes(reference: AnsweredRun, run: AnsweredRun) -> tuple[str, ...]:
    """Return the outcomes that occur under either condition; one that nobody has cannot have moved."""
    return tuple(str(each) for each in reference.outcomes if any(reference.has(each)) or any(run.has(each))) or (
        "CORRECT",
    )


def _moved(
    control: Control, outcome: str, reference: AnsweredRun, run: AnsweredRun, n: int, shared: float
) -> tuple[ControlState, Effect, str]:
    """Return whether one outcome's rate moved beyond the margin, the effect, and the outcome."""
    lost, gained = lost_and_gained(having(reference, outcome), having(run, outcome))
    effect = equivalence(lost, gained, n, margin=control.margin, alpha=CONTROL_ALPHA)
    against = equivalence(lost, gained, n, margin=control.margin, alpha=shared)
    if against.low > control.margin or against.high < -control.margin:
        return ControlState.CONTRADICTS, effect, outcome
    within = -control.margin < effect.low and effect.high < control.margin
    return (ControlState.HOLDS if within else ControlState.CANNOT_TELL), effect, outcome


def _not_so(claim: Claim, effect: Effect | None) -> tuple[ControlState, str]:
    """Check that the claim, measured where it must not hold, does not hold there."""
    measured = None if effect is None else effect.details.get("control")
    if measured is None:
        return ControlState.CANNOT_TELL, "it was not measured; give the statistic its numbers as `control`"
    control = Effect.from_json(measured)
    detail = f"{in_words(control, unit_of(claim, control))}, where the claim must not hold"
    rules = claim.kind.rules
    if rules.supports(control, CONTROL_ALPHA):
        return ControlState.CONTRADICTS, detail
    return (ControlState.HOLDS if rules.refutes(control) else ControlState.CANNOT_TELL), detail
