"""What is said of a name that no outcome has; apart, so that claims are held to names without reading any answer."""

from ctlab.outcomes.outcome import Outcome
from ctlab.records.own_functions import Own, nearest


def unknown_outcome(name: str, own: Own) -> str:
    """Say that there is no outcome of a name, which one is near, and which there are."""
    known = [*map(str, Outcome), *own.outcomes]
    near = nearest(name, known)
    return (
        f"There is no outcome {name!r}{near}{' The' if near else '; the'} outcomes are {', '.join(known)}, and those "
        "that you bring (a suite by the hook pytest_ctlab_outcomes, a notebook by Lab(outcomes=…))."
    )
