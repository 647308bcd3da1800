"""What the runs behind a claim prove or contradict: certificates, effective edges, recorded answers."""

from collections.abc import Mapping, Sequence

from ctlab import formatting
from ctlab.claims.claim import Claim
from ctlab.claims.named_thoughts import other_thoughts
from ctlab.claims.reasons import BASELINE
from ctlab.errors import ClaimError
from ctlab.records.control import ControlResult, ControlState, Shows
from ctlab.records.effect import Effect
from ctlab.records.row_audit import CHECK as ROWS
from ctlab.statistics.pairing import AnsweredRun, having, left_alone, lost_and_gained
from ctlab.statistics.requested import EVERY_OUTCOME

_NAMED = 4
"""Conditions that a flag counts one by one: more of them make a line that nobody reads."""


def recorded(run: AnsweredRun) -> bool:
    """Return whether the answers were recorded elsewhere, so that nothing certifies them."""
    return run.certificate is None or not run.certificate.available


def copied(reference: AnsweredRun, run: AnsweredRun) -> int:
    """Count answers of a run that are those of the reference's own rows: a copy keeps the row that it was made in."""
    if run is reference:
        return len(run.ids)
    pairs = zip(reference.generations, run.generations, strict=False)
    return sum(1 for one, other in pairs if one.row and one.row == other.row)


def contradictions(claim: Claim, runs: Mapping[str, AnsweredRun], controls: Sequence[ControlResult]) -> tuple[str, ...]:
    """Return every reason why a claim is VOID, in words; empty when the evidence is in order."""
    no_ops = {control.condition for control in claim.controls if control.shows == Shows.NO_OP}
    # A declared no-op also serves as the condition of which a claim must not hold.
    still = {control.condition for control in claim.controls if control.shows == Shows.NOT_SO}
    no_ops |= {name for name in still if name in runs and runs[name].condition.no_op}
    found = []
    for name in claim.all_conditions:
        run = runs.get(name)
        if run is None or recorded(run):
            continue
        if not run.certificate.passed:
            failed = "; ".join(f"{check.name} ({check.detail})" for check in run.certificate.checks if not check.passed)
            found.append(f"the certificate of {name} failed: {failed}")
        elif not _untreated(run) and name not in no_ops and not run.certificate.treats:
            found.append(f"{name} weakened no attention edge and replaced no thought, so it is no treatment")
        first = _undisturbed(run, runs)
        if name not in (first, *no_ops) and first in runs and (copies := copied(runs[first], run)):
            found.append(f"{name} has no rows of its own: {copies} of {len(run.ids)} answers are {first}'s")
    found.extend(_labelled_otherwise(claim, runs))
    found.extend(
        f"control {result.control.condition} contradicts what it must show: {result.detail}"
        for result in controls
        if result.state == ControlState.CONTRADICTS
    )
    return tuple(found)


def _untreated(run: AnsweredRun) -> bool:
    """Whether nothing was to be disturbed: the baseline, or what another model does undisturbed."""
    return run.condition.name == BASELINE or (bool(run.condition.model) and run.condition.undisturbed)


def _undisturbed(run: AnsweredRun, runs: Mapping[str, AnsweredRun]) -> str:
    """Name the run of what the same model does undisturbed: rows are numbered alike in the batches of every model."""
    if not run.condition.model:
        return BASELINE
    own = (name for name, each in runs.items() if each.condition.model == run.condition.model and _untreated(each))
    return next(own, "")


def _labelled_otherwise(claim: Claim, runs: Mapping[str, AnsweredRun]) -> list[str]:
    """Say which runs were labelled by other forms than the reference: their rates differ by the ruler, then."""
    found, given = [], [name for name in claim.all_conditions if name in runs]
    for name in given:
        if wrong := getattr(runs[name], "mislabelled", 0):
            found.append(f"{wrong} labels of {name} follow other forms of answers than those that it names")
        # Of each model they are the forms of its own undisturbed answers: these differ as models do.
        like = next(each for each in given if runs[each].condition.model == runs[name].condition.model)
        first, forms = (getattr(runs[each], "forms", None) for each in (like, name))
        # Where steps are written there is no form to hold them to, and whether an answer is right asks for none.
        ways = {getattr(runs[each].condition, "thinking", "latent") for each in (like, name)}
        if claim.outcome == "CORRECT" and len(ways) > 1:
            continue
        if first is not None and forms is not None and first != forms:
            found.append(
                f"{like} and {name} were labelled by different forms of answers ({len(first - forms)} are forms of "
                f"the one alone, {len(forms - first)} of the other), so that their labels cannot be compared"
            )
    return found


def check_counts(claim: Claim, effect: Effect, runs: Mapping[str, AnsweredRun]) -> None:
    """Raise unless an effect's lost and gained problems are those of the claim's outcome in the runs it is judged with.

    Raises
    ------
    ClaimError
        When they differ: the effect was measured on another outcome, or on other runs.
    """
    compared = claim.kind.rules.compared(claim, effect)
    if effect.lost is None or effect.gained is None or compared is None or not runs.keys() >= set(compared):
        return
    outcome = outcome_of(claim, effect)
    if outcome is None:
        return
    before, after = (having(runs[name], outcome) for name in compared)
    counted = lost_and_gained(before, after)
    if counted != (effect.lost, effect.gained):
        raise ClaimError(
            f"Claim {claim.id!r} is about {formatting.part(outcome)} under {compared[0]} and {compared[1]}, where "
            f"{counted[0]} are lost and {counted[1]} gained, and the effect counts {effect.lost} and {effect.gained}; "
            "compute it of that outcome and from those two runs, in that order."
        )


def outcome_of(claim: Claim, effect: Effect | None) -> str | None:
    """Return the outcome that an effect's lost and gained problems are about; None where that is not known.

    Of a claim about every outcome they are about the one that decides.
    """
    if claim.outcome != EVERY_OUTCOME:
        return claim.outcome
    weakest = None if effect is None else effect.details.get("weakest")
    return weakest if formatting.is_outcome(weakest) else None


def evidence_flags(claim: Claim, runs: Mapping[str, AnsweredRun]) -> tuple[str, ...]:
    """Return what a reader must know of the evidence; each flag has a short name before its colon."""
    no_ops = {control.condition for control in claim.controls if control.shows == Shows.NO_OP}
    flags = [] if claim.controls else ["no controls: nothing shows that a harmless change would not do the same"]
    flags += other_thoughts(claim, {name: run.condition for name, run in runs.items()})
    flags += _left_alone(claim, runs)
    for name in claim.all_conditions:
        run = runs.get(name)
        if run is None:
            continue
        flags += _unlabelled(name, run)
        if recorded(run):
            if not run.condition.model:
                flags.append(f"recorded: {name} has no certificate; its file's name is all that says what was hidden")
            continue
        if all(check.name != ROWS for check in run.certificate.checks):
            flags.append(f"not audited: no row of the batches that answered under {name} was held to a recompute")
        if run.certificate.identical_to and name not in no_ops:
            flags.append(f"same: {name} does to the model exactly what {run.certificate.identical_to} does")
        if name in claim.conditions[1:] and name not in no_ops and (moved := _idle(claim.conditions[0], name, runs)):
            flags.append(moved)
    return (*flags, *_answered_elsewhere(claim, runs))


def _answered_elsewhere(claim: Claim, runs: Mapping[str, AnsweredRun]) -> list[str]:
    """Say in one flag whose recorded answers are compared: that they are theirs rests on who published them."""
    runs_here = [runs[name] for name in claim.all_conditions if name in runs and recorded(runs[name])]
    models = list(dict.fromkeys(run.condition.model for run in runs_here if run.condition.model))
    if not models:
        return []
    return [f"recorded: that these are the answers of {formatting.listed(models)} rests on who published them"]


def _left_alone(claim: Claim, runs: Mapping[str, AnsweredRun]) -> list[str]:
    """Count the problems to which nothing was done, in one flag whatever the number of conditions."""
    without = {name: left_alone(runs[name]) for name in claim.all_conditions if name in runs}
    numbers = sorted(number for number in without.values() if number)
    if not numbers:
        return []
    if len(numbers) > _NAMED:
        told = (
            f"{formatting.count(numbers[0])} to {formatting.count(numbers[-1])} under each of {len(numbers)} conditions"
        )
    else:
        told = formatting.listed([f"{formatting.count(n)} under {name}" for name, n in without.items() if n])
    return [f"left alone: problems for which no other problem can lend its thought are not judged: {told}"]


def _unlabelled(name: str, run: AnsweredRun) -> tuple[str, ...]:
    """Say how many answers could not be labelled, and what went wrong first; empty where all could, as a rule."""
    if not (failures := run.unlabelled):
        return ()
    n = formatting.counted(len(run.ids), "answer")
    return (
        f"unlabelled: {formatting.count(len(failures))} of {n} under {name} could not be read and count as "
        f"UNEXPLAINED ({failures[0]})",
    )


def _idle(reference: str, name: str, runs: Mapping[str, AnsweredRun]) -> str:
    """Say that a condition changed no answer, and how far it moved the logits; empty when it changed one.

    An idle thought is a finding; that the model computed something else at all, its certificate proves.
    """
    if reference not in runs:
        return ""
    pairs = zip(runs[reference].generations, runs[name].generations, strict=False)
    if any((one.token_ids, one.text) != (other.token_ids, other.text) for one, other in pairs):
        return ""
    moved = next((check.detail for check in runs[name].certificate.checks if check.name == "bites"), "")
    same = f"idle: every answer under {name} is the same as under {reference}"
    return f"{same}, although the model does compute something else: {moved}" if moved else same
