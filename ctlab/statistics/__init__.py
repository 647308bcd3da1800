"""How sure we are: pure functions from counts or aligned outcomes to an `Effect`.

Nothing is imported before it is used, so that reading a claim or a verdict costs no SciPy.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.records.effect import Effect

if TYPE_CHECKING:
    from ctlab.statistics.cells.idle_thoughts import idle_thoughts
    from ctlab.statistics.cells.needed_where import needed_where, read_where
    from ctlab.statistics.cells.some_mean import some_measured_mean
    from ctlab.statistics.contrasts.additivity import additivity
    from ctlab.statistics.contrasts.factorial import main_effect
    from ctlab.statistics.contrasts.ratio import ratio
    from ctlab.statistics.error_kinds.error_mix import error_mix
    from ctlab.statistics.error_kinds.error_parts import error_composition, error_labels
    from ctlab.statistics.error_kinds.stuart_maxwell import stuart_maxwell
    from ctlab.statistics.joint.cochran_q import cochran_q
    from ctlab.statistics.joint.intersection_union import every_outcome_equivalent, ordered_trend
    from ctlab.statistics.many.most import most_in_sweep
    from ctlab.statistics.means.means import every_measured_mean, measured_mean, measured_trend
    from ctlab.statistics.means.selectivity import selectivity
    from ctlab.statistics.moderators.auc import auc
    from ctlab.statistics.moderators.correlation import correlation
    from ctlab.statistics.moderators.feature import feature_values
    from ctlab.statistics.moderators.interaction import interaction
    from ctlab.statistics.moderators.rank_correlation import impact_correlation, rank_correlation
    from ctlab.statistics.paired.clusters import clustered_difference
    from ctlab.statistics.paired.difference import equivalence, paired_difference
    from ctlab.statistics.paired.over_seeds import over_seeds
    from ctlab.statistics.paired.rates import at_least, change, rate_difference, rate_equivalence, stronger

HOMES = {
    "additivity": "contrasts.additivity",
    "at_least": "paired.rates",
    "auc": "moderators.auc",
    "change": "paired.rates",
    "clustered_difference": "paired.clusters",
    "cochran_q": "joint.cochran_q",
    "correlation": "moderators.correlation",
    "equivalence": "paired.difference",
    "error_composition": "error_kinds.error_parts",
    "error_labels": "error_kinds.error_parts",
    "error_mix": "error_kinds.error_mix",
    "every_measured_mean": "means.means",
    "every_outcome_equivalent": "joint.intersection_union",
    "feature_values": "moderators.feature",
    "idle_thoughts": "cells.idle_thoughts",
    "impact_correlation": "moderators.rank_correlation",
    "interaction": "moderators.interaction",
    "main_effect": "contrasts.factorial",
    "measured_mean": "means.means",
    "measured_trend": "means.means",
    "most_in_sweep": "many.most",
    "needed_where": "cells.needed_where",
    "ordered_trend": "joint.intersection_union",
    "over_seeds": "paired.over_seeds",
    "paired_difference": "paired.difference",
    "rank_correlation": "moderators.rank_correlation",
    "rate_difference": "paired.rates",
    "rate_equivalence": "paired.rates",
    "ratio": "contrasts.ratio",
    "read_where": "cells.needed_where",
    "selectivity": "means.selectivity",
    "some_measured_mean": "cells.some_mean",
    "stronger": "paired.rates",
    "stuart_maxwell": "error_kinds.stuart_maxwell",
}
__all__ = [
    "Effect",
    "additivity",
    "at_least",
    "auc",
    "change",
    "clustered_difference",
    "cochran_q",
    "correlation",
    "equivalence",
    "error_composition",
    "error_labels",
    "error_mix",
    "every_measured_mean",
    "every_outcome_equivalent",
    "feature_values",
    "idle_thoughts",
    "impact_correlation",
    "interaction",
    "main_effect",
    "measured_mean",
    "measured_trend",
    "most_in_sweep",
    "needed_where",
    "ordered_trend",
    "over_seeds",
    "paired_difference",
    "rank_correlation",
    "rate_difference",
    "rate_equivalence",
    "ratio",
    "read_where",
    "selectivity",
    "some_measured_mean",
    "stronger",
    "stuart_maxwell",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, HOMES)
