"""A learned probe that is right more often than probes of shuffled labels, on problems that it was not fitted on."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData
from ctlab.claims.kinds.mean import Mean
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class Selectivity(Mean):
    """As a mean, of right or wrong less the share of shuffled labellings of which the probe is right."""

    name = "selectivity"
    statistics = ("selectivity",)
    adjusts = False
    plans_with = ()
    directions = (Direction.INCREASE,)
    margin_is_proportion = True
    estimate = "held-out accuracy beyond shuffled labels"

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(
            unit=claim.scale, note="not known beforehand: how many problems have the label and are held out shows then"
        )

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return both accuracies, what naming one label always would reach, and how many labellings do as well."""
        probe = effect.details.get("probe")
        if not probe:
            return ""
        own, control, most = (formatting.percent(probe[name]) for name in ("accuracy", "control", "most_common"))
        return (
            f"From {probe['thought']} at level {probe['level']} the probe names the {probe['label']}, in {own} of the "
            f"problems, and probes of shuffled labels theirs in {control}; always naming the most common label is "
            f"right in {most}. Of {probe['labellings']} shuffled labellings, {probe['reached']} have a probe that is "
            f"right as often."
        )
