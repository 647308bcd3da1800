"""What the sensitivity tables ask of the statistics: two-sided and at 95 %, since they describe and judge nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.outcomes import Run
from ctlab.records.effect import Effect
from ctlab.reporting.model.sensitivity_table import Described, Interaction

_SCALES = {"max_number": ("log10 max_number", "log-odds per factor of ten")}
"""Features whose interaction is modelled on another scale than their own, with the unit of the result."""

_UNITS = {
    "n_operations": "log-odds per operation",
    "n_tokens": "log-odds per token",
    "n_operation_types": "log-odds per kind",
    "n_options": "log-odds per option",
    "n_hops": "log-odds per step",
    "n_edges": "log-odds per edge",
    "n_nodes": "log-odds per node",
    "n_distractors": "log-odds per edge",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The question that a description asks: any difference, no margin."""

    direction: str = "change"
    """Neither side is claimed."""
    margin: float = 0.0
    """No smallest effect."""
    alpha: float = 0.05
    """Unadjusted."""


def interaction_of(baseline: Run, treated: Run, feature: str) -> Interaction:
    """Model how the cost of a condition grows with a feature; the same model that claims are judged by."""
    from ctlab.statistics import feature_values, interaction

    modelled, unit = _SCALES.get(feature, (feature, _UNITS.get(feature, "log-odds")))
    if all(value is None for value in feature_values(baseline, feature)[0]):
        return Interaction.model_validate(
            {**not_defined("no problem has this feature", 0).to_json(), "feature": modelled}
        )
    effect = interaction(modelled, baseline, treated, Description())
    form = described(effect).to_json() | {"feature": modelled, "unit": unit, "method": effect.method}
    points = effect.details["other_scale"]
    kept = {name: points[name] for name in ("estimate", "low", "high", "level")}
    return Interaction.model_validate({**form, "points": None if points["estimate"] is None else kept})


def auc_of(broken: Sequence[float], unchanged: Sequence[float]) -> Described | None:
    """Probability that a broken problem has more of a feature than an unchanged one; None without both kinds."""
    if not broken or not unchanged:
        return None
    from ctlab.statistics import auc

    groups = [True] * len(broken) + [False] * len(unchanged)
    return described(auc([*broken, *unchanged], groups, Description()))


def described(effect: Effect) -> Described:
    """Keep of an effect what a table shows; no estimate where the statistics found none."""
    if effect.undecided:
        return not_defined(effect.undecided, effect.n)
    return Described(
        estimate=effect.estimate,
        low=effect.low,
        high=effect.high,
        level=effect.level,
        p_value=effect.p_value,
        n=effect.n,
    )


def not_defined(why: str, n: int) -> Described:
    """Say why there is no number."""
    return Described(estimate=None, reason=why, n=n)
