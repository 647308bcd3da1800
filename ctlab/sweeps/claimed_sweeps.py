"""What the sweeps of claims would take, for the plan of a suite."""

from ctlab import formatting
from ctlab.errors import CtlabError
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.progress import duration
from ctlab.sweeps.sweeping import planned_sweep


def claimed_lines(claims: ClaimRun) -> list[str]:
    """Say of the sweep of each selected claim what of it is missing; no weight is loaded."""
    return [
        f"beside these, the sweep of {claim.id} ({claim.sweep.words}): {_taken(claims, claim.sweep.to_json())}"
        for claim in claims.selected
        if claim.sweep is not None
    ]


def _taken(claims: ClaimRun, axes: dict[str, object]) -> str:
    try:
        planned = planned_sweep(claims, **axes)  # type: ignore[arg-type]  # names of axes, held by SweptAxes
    except CtlabError as error:
        return str(error)
    cells = formatting.counted(len(planned.grid), "cell")
    if not planned.missing:
        return f"{cells}, nothing to generate"
    time = "" if planned.seconds is None else f", about {duration(planned.seconds)}"
    of = "" if planned.missing == planned.answers else f" of {planned.answers:,}"
    return f"{cells}, {planned.missing:,}{of} answers to generate{time}"
