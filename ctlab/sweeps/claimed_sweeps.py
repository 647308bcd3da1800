"""What the sweeps of claims would take, for the plan of a suite."""

from ctlab import formatting
from ctlab.errors import CtlabError
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.progress import duration
from ctlab.lab.share_out import queued_lines
from ctlab.records.swept_axes import SweptAxes
from ctlab.sweeps.sweeping import planned_sweep


def claimed_lines(claims: ClaimRun) -> list[str]:
    """Say of the sweeps of the selected claims what of their cells is missing; no weight is loaded.

    The baseline is counted with the other conditions.
    """
    asked: dict[SweptAxes, list[str]] = {}
    for claim in claims.selected:
        if claim.sweep is not None:
            asked.setdefault(claim.sweep, []).append(claim.id)
    return [line for sweep, ids in asked.items() for line in _lines(claims, sweep, formatting.listed(ids))]


def _lines(claims: ClaimRun, sweep: SweptAxes, of: str) -> list[str]:
    begin = f"beside these, the sweep of {of} ({sweep.words}): "
    try:
        planned = planned_sweep(claims, **sweep.to_json())
    except CtlabError as error:
        return [f"{begin}{error}"]
    job, answers = planned.job, planned.answers - planned.problems
    missing = planned.missing - job.missing_of_baseline()
    cells = formatting.counted(len(planned.grid), "cell")
    if not missing:
        return [f"{begin}{cells}, all of whose answers are there"]
    time = "" if planned.seconds is None else f", about {duration(planned.seconds)}"
    of_all = "" if missing == answers else f" of {answers:,}"
    queued = queued_lines(job.maker, [condition.name for condition in job.conditions])
    return [f"{begin}{cells}, {missing:,}{of_all} answers to generate{time}", *queued]
