"""Tables of means as JSON: every cell with its interval, rounded where no reader could see the difference."""

from typing import TYPE_CHECKING

from ctlab.reporting.model.record import Form
from ctlab.statistics.means.descriptives import describe

if TYPE_CHECKING:
    import numpy as np
    from pydantic import JsonValue

LEVEL = 0.95
"""Level of every interval in a table of descriptions; unadjusted."""

_PLACES = 6  # a millionth of the attention of a reader


def cells(values: "np.ndarray") -> Form:
    """Describe one table a problem, shape (n, ...), by mean, low and high of every cell; null where there is none."""
    described = describe(values, alpha=round(1.0 - LEVEL, 10))
    return {name: as_lists(getattr(described, name)) for name in ("mean", "low", "high")}


def as_lists(array: "np.ndarray") -> "JsonValue":
    """Turn an array into nested lists of JSON builtins; NaN becomes null."""
    if array.ndim:
        return [as_lists(row) for row in array]
    value: JsonValue = array.item()
    if isinstance(value, float):
        # + 0.0 turns a negative zero into a zero.
        return None if value != value else round(value, _PLACES) + 0.0
    return value
