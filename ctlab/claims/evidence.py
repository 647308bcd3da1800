"""What the runs behind a claim prove or contradict: certificates, effective edges, recorded answers."""

from collections.abc import Mapping, Sequence

from ctlab.claims.claim import Claim
from ctlab.records.control import ControlResult, ControlState, Shows
from ctlab.statistics.pairing import AnsweredRun


def recorded(run: AnsweredRun) -> bool:
    """Return whether the answers were recorded elsewhere, so that nothing certifies them."""
    return run.certificate is None or not run.certificate.available


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
        elif name != "baseline" and name not in no_ops and not run.certificate.treats:
            found.append(f"{name} weakened no attention edge and replaced no thought, so it is no treatment")
    found.extend(
        f"control {result.control.condition} contradicts what it must show: {result.detail}"
        for result in controls
        if result.state == ControlState.CONTRADICTS
    )
    return tuple(found)


def evidence_flags(claim: Claim, runs: Mapping[str, AnsweredRun]) -> tuple[str, ...]:
    """Return what a reader must know of the runs: recorded answers, conditions that are one and the same."""
    flags = []
    no_ops = {control.condition for control in claim.controls if control.shows == Shows.NO_OP}
    for name in claim.all_conditions:
        run = runs.get(name)
        if run is None:
            continue
        if recorded(run):
            flags.append(f"recorded: {name} has no certificate")
        elif run.certificate.identical_to and name not in no_ops:
            flags.append(f"{name} weakens and replaces the same as {run.certificate.identical_to}")
    return tuple(flags)
