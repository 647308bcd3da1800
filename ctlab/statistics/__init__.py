"""How sure we are: pure functions from counts or aligned outcomes to an `Effect`.

Nothing is imported before it is used, so that reading a claim or a verdict costs no SciPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctlab.statistics.alike import every_outcome_equivalent
    from ctlab.statistics.attention_flow import hub_excess, question_excess, redistribution
    from ctlab.statistics.clusters import clustered_difference
    from ctlab.statistics.contrasts import additivity
    from ctlab.statistics.correlations import correlation
    from ctlab.statistics.effect import Effect
    from ctlab.statistics.feature import feature_values
    from ctlab.statistics.fieller import ratio
    from ctlab.statistics.homogeneity import stuart_maxwell
    from ctlab.statistics.interactions import interaction
    from ctlab.statistics.means import every_measured_mean, measured_mean, measured_trend
    from ctlab.statistics.mix import error_mix
    from ctlab.statistics.paired import equivalence, paired_difference
    from ctlab.statistics.positions import cochran_q
    from ctlab.statistics.ranks import auc
    from ctlab.statistics.rates import at_least, change, rate_difference, rate_equivalence, stronger
    from ctlab.statistics.reasoning_paths import cascade, divergence_and_breaking, first_parting, later_distances
    from ctlab.statistics.trend import ordered_trend

_HOMES = {
    "Effect": "effect",
    "additivity": "contrasts",
    "at_least": "rates",
    "auc": "ranks",
    "cascade": "reasoning_paths",
    "change": "rates",
    "clustered_difference": "clusters",
    "cochran_q": "positions",
    "correlation": "correlations",
    "divergence_and_breaking": "reasoning_paths",
    "equivalence": "paired",
    "error_mix": "mix",
    "every_measured_mean": "means",
    "every_outcome_equivalent": "alike",
    "feature_values": "feature",
    "first_parting": "reasoning_paths",
    "hub_excess": "attention_flow",
    "interaction": "interactions",
    "later_distances": "reasoning_paths",
    "measured_mean": "means",
    "measured_trend": "means",
    "ordered_trend": "trend",
    "paired_difference": "paired",
    "question_excess": "attention_flow",
    "rate_difference": "rates",
    "rate_equivalence": "rates",
    "ratio": "fieller",
    "redistribution": "attention_flow",
    "stronger": "rates",
    "stuart_maxwell": "homogeneity",
}
__all__ = [
    "Effect",
    "additivity",
    "at_least",
    "auc",
    "cascade",
    "change",
    "clustered_difference",
    "cochran_q",
    "correlation",
    "divergence_and_breaking",
    "equivalence",
    "error_mix",
    "every_measured_mean",
    "every_outcome_equivalent",
    "feature_values",
    "first_parting",
    "hub_excess",
    "interaction",
    "later_distances",
    "measured_mean",
    "measured_trend",
    "ordered_trend",
    "paired_difference",
    "question_excess",
    "rate_difference",
    "rate_equivalence",
    "ratio",
    "redistribution",
    "stronger",
    "stuart_maxwell",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.statistics' has no attribute {name!r}")
    return getattr(import_module(f"ctlab.statistics.{_HOMES[name]}"), name)
