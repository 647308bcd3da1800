"""Many conditions of one shape as one run: every position, layer, head and reader, judged together."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.sweeps.cells import AXES, Cell, Grid
    from ctlab.sweeps.outcomes import Feature, SweepOutcomes

__all__ = ["AXES", "Cell", "Feature", "Grid", "SweepOutcomes"]

_HOMES = {
    "AXES": "cells",
    "Cell": "cells",
    "Feature": "outcomes",
    "Grid": "cells",
    "SweepOutcomes": "outcomes",
}

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, _HOMES)
