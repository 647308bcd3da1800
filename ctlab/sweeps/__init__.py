"""Many conditions of one shape as one run: every position, layer, head and reader, judged together."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.sweeps.cells import AXES, Cell, Grid
    from ctlab.sweeps.conclusions import SweepEffects, sweep_effects
    from ctlab.sweeps.outcomes import Feature, SweepOutcomes
    from ctlab.sweeps.sweep_certificate import SweepCertificate
    from ctlab.sweeps.sweep_plan import SweepPlan
    from ctlab.sweeps.swept import Sweep

__all__ = [
    "AXES",
    "Cell",
    "Feature",
    "Grid",
    "Sweep",
    "SweepCertificate",
    "SweepEffects",
    "SweepOutcomes",
    "SweepPlan",
    "sweep_effects",
]

_HOMES = {
    "AXES": "cells",
    "Cell": "cells",
    "Feature": "outcomes",
    "Grid": "cells",
    "Sweep": "swept",
    "SweepCertificate": "sweep_certificate",
    "SweepEffects": "conclusions",
    "SweepOutcomes": "outcomes",
    "SweepPlan": "sweep_plan",
    "sweep_effects": "conclusions",
}

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, _HOMES)
