"""A measurement that rises from the first position to the last, along each problem's own line."""

from dataclasses import dataclass

from ctlab.claims.kinds.mean import Mean


@dataclass(frozen=True, slots=True)
class Line(Mean):
    """As a mean, of the rises of the problems' own lines."""

    name = "line"
    statistics = ("measured_trend",)
    estimate = "mean rise from the first position to the last"
