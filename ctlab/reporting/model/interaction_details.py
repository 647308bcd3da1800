"""What stands beside the slope of an interaction: its lack of fit, and other slopes of the same problems."""

from ctlab.reporting.model.record import Count, Level, Probability, Record


class LackOfFit(Record):
    """How far a loss is from a straight line over the levels of a feature."""

    chi2: float
    """χ² of what the line leaves."""
    df: Count
    """Its degrees of freedom."""
    p: Probability
    """Its p-value."""


class OtherSlope(Record):
    """A slope beside the one that is judged: on the other scale, or without a level."""

    unit: str = ""
    """Its unit; that of the effect where it is not given."""
    group: str = ""
    """Level that is left out; empty where none is."""
    n: Count | None = None
    """Problems that are left without it."""
    estimate: float | None
    """The slope; null where there is none."""
    low: float | None
    """Lower end."""
    high: float | None
    """Upper end."""
    level: Level
    """Level of the interval."""
    p_value: Probability
    """p of the claimed side."""
    undecided: str = ""
    """Why nothing may rest on it."""
