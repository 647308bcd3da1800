"""What a notebook draws of runs and judgements: matplotlib's axes in and out, numbers and shapes those of a report.

Each function takes ``ax`` and returns the axes that it drew into; without ``ax`` it makes a figure of a fitting size.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.plot.dose_axes import dose
    from ctlab.plot.forest_axes import forest
    from ctlab.plot.heat_axes import heat_map
    from ctlab.plot.needed_axes import thoughts_by_stratum
    from ctlab.plot.sweep_axes import sweep_map

_HOMES = {
    "dose": "dose_axes",
    "forest": "forest_axes",
    "heat_map": "heat_axes",
    "sweep_map": "sweep_axes",
    "thoughts_by_stratum": "needed_axes",
}
__all__ = ["dose", "forest", "heat_map", "sweep_map", "thoughts_by_stratum"]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES)
