"""Several means of which every one lies beyond a margin."""

from dataclasses import dataclass

from ctlab.claims.kinds.mean import Mean


@dataclass(frozen=True, slots=True)
class EveryMean(Mean):
    """As a mean, of each part: a reader, a thought."""

    name = "every mean"
    statistics = ("every_measured_mean",)
    promised = "approximate: of each part"
