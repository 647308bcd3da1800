"""What is disturbed: interventions on attention edges, patches of thoughts, and conditions; pure data."""

from typing import TYPE_CHECKING

from ctlab.interventions.condition import BASELINE, Condition
from ctlab.interventions.edges import Intervention
from ctlab.interventions.edit import Edit
from ctlab.interventions.handed_over import given_condition, given_conditions
from ctlab.interventions.patch import Patch
from ctlab.interventions.usual import early_answers, usual_conditions
from ctlab.lazy import exports

__all__ = [
    "BASELINE",
    "Condition",
    "Edit",
    "Intervention",
    "Patch",
    "early_answers",
    "given_condition",
    "given_conditions",
    "usual_conditions",
]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})
