"""Chance rates: how often an outcome is given to answers that have nothing to do with the problem."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceRate:
    """One outcome's rate among wrong answers that contain a number, beside its chance rate."""

    rate: float
    """Share of wrong answers with the outcome, a proportion."""
    chance: float
    """Expected share when each answer is replaced by another problem's wrong answer of the same condition."""
    corrected: float
    """(rate - chance) / (1 - chance)."""
    low: float
    """Lower end of the corrected rate's 95 % bootstrap interval over problems."""
    high: float
    """Upper end of that interval."""
    n: int
    """Wrong answers that contain a number."""
