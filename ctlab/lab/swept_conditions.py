"""Which conditions are cells of a claim's sweep: their answers tell of the claim, and it names none of them."""

from typing import Any

from ctlab.interventions import Condition, Intervention
from ctlab.interventions.edges import KEY_WORDS, READER_WORDS, thought_index
from ctlab.records.swept_axes import ALL, SweptAxes


def is_cell(sweep: SweptAxes, condition: Condition) -> bool:
    """Whether a condition hides one position from one reader, where the sweep's axes have both."""
    edges = condition.interventions[0] if len(condition.interventions) == 1 else None
    return (
        isinstance(edges, Intervention)
        and edges.keep == 0.0
        and _named(sweep.positions, edges.keys, KEY_WORDS, "thoughts")
        and _named(sweep.readers, edges.readers, READER_WORDS, "later")
        and _numbered(sweep.layers, edges.layers)
        and _numbered(sweep.heads, edges.heads)
    )


def _named(axis: Any, hidden: str | tuple[str, ...], words: tuple[str, ...], unswept: str) -> bool:
    found = (hidden,) if isinstance(hidden, str) else hidden
    if len(found) != 1 or (isinstance(hidden, str) and hidden not in words):
        return False
    if axis == ALL:
        return thought_index(found[0]) is not None
    return found[0] in axis if axis else found[0] == unswept


def _numbered(axis: Any, places: tuple[int, ...] | None) -> bool:
    if not axis:
        return places is None
    return places is not None and len(places) == 1 and (axis == ALL or places[0] in axis)
