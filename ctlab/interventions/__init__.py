"""What is disturbed: interventions on attention edges, patches of thoughts, and conditions; pure data."""

from typing import TYPE_CHECKING

from ctlab.interventions.condition import BASELINE, Condition
from ctlab.interventions.edges import Intervention
from ctlab.interventions.patches import Replacement
from ctlab.lazy import exports

__all__ = ["BASELINE", "Condition", "Intervention", "Replacement"]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})
