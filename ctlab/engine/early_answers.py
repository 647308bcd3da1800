"""Answers after fewer thoughts than the model feeds: end stands where the next thought would, the answer follows it.

Thoughts are causal, those of a schedule with passes too: what CT0 … CT(k-1) are does not depend on how many come after
them. So an early answer's thoughts are those of any condition that does the same up to CT(k-1) and feeds more, and its
rows part from that condition's only before end. The cache then holds the keys of all thoughts; those that are left out
have factor 0, and the positions of end and the answer are counted as if they were not there.

Where nothing goes on where an early answer stops, its rows go through the thoughts that it leaves out, to no end: no
more work than the same condition with all of its thoughts, and the steps of a batch stay one for all of its rows.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ctlab.engine.layout import Layout, Segment
from ctlab.errors import ConditionError
from ctlab.interventions import Condition

Factors = npt.NDArray[np.float64]


def fed_of(condition: Condition, layout: Layout) -> int:
    """How many thoughts a condition feeds, refusing more than the model has."""
    fed = condition.fed(layout.thoughts)
    if fed > layout.thoughts:
        feeds = f"feeds {layout.thoughts}" if layout.thoughts else "has no thoughts"
        raise ConditionError(f"it feeds {fed} thoughts ('num_thoughts'), and this model {feeds}; name fewer")
    if fed < layout.thoughts and not layout.end:
        raise ConditionError(
            "its answer is to start after fewer thoughts ('num_thoughts'), and this model has no end marker that would "
            "tell it to; hide thoughts from the answer instead"
        )
    return fed


def refuse_all_fed(condition: Condition, layout: Layout) -> None:
    """Refuse a condition that says of nothing but how many thoughts are fed, and names as many as are fed anyway."""
    if condition.num_thoughts == layout.thoughts and not condition.interventions:
        raise ConditionError(
            f"condition {condition.name!r} feeds {layout.thoughts} thoughts ('num_thoughts'), as this model does "
            f'anyway: that is the baseline; name it, feed fewer, or declare it a no-op control ("no_op": true)'
        )


def computed_of(fed: int, step: Segment | None, rows: int) -> int:
    """How many of a step's ``rows`` a condition that feeds ``fed`` thoughts needs: the first ones."""
    if step is None or not step.thoughts:
        return rows
    own = fed - step.thoughts.start
    # A step may compute more than thoughts: where a model stops by itself, end and the answer as well.
    return rows if own >= len(step.thoughts) else max(own, 0)


def head(rows: Factors, ways: tuple[Any, ...], count: int) -> tuple[bytes, tuple[Any, ...]]:
    """What decides the first ``count`` of a step's rows (layers, heads, rows, key kinds), ``ways`` its thoughts'."""
    return np.ascontiguousarray(rows[:, :, :count]).tobytes(), ways[:count]
