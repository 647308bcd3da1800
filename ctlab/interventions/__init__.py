"""What is disturbed: interventions on attention edges, patches of thoughts, and conditions; pure data."""

from ctlab.interventions.condition import BASELINE, Condition
from ctlab.interventions.edges import Intervention
from ctlab.interventions.patch import Patch

Replacement = Patch
"""The name that `Patch` had first."""

__all__ = ["BASELINE", "Condition", "Intervention", "Patch", "Replacement"]
