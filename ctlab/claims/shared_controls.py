"""Controls that a family's claims share: a claim that names none has its family's."""

from collections.abc import Sequence
from dataclasses import replace

from ctlab.records.control import Control

EACH_TREATED = "*"
"""In a family's controls, in place of a condition's name: each that a claim compares with its reference."""


def expanded(controls: Sequence[Control], conditions: Sequence[str]) -> tuple[Control, ...]:
    """Return a family's controls for a claim that compares these conditions, the reference first."""
    return tuple(
        replace(control, condition=name)
        for control in controls
        for name in (conditions[1:] if control.condition == EACH_TREATED else (control.condition,))
    )
