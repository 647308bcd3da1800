"""What is measured on the way: attention, hidden states, what thoughts decode to. Importing it imports no torch."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.models.openmp import wait_politely

if TYPE_CHECKING:
    from ctlab.probes.direction_file import write_direction
    from ctlab.probes.measuring import measure, measured
    from ctlab.probes.scored_answers import scored
    from ctlab.probes.state_slices import read_states

_HOMES = {
    "measure": "measuring",
    "measured": "measuring",
    "read_states": "state_slices",
    "write_direction": "direction_file",
    "scored": "scored_answers",
}
__all__ = [
    "measure",
    "measured",
    "read_states",
    "scored",
    "write_direction",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES, wait_politely)
