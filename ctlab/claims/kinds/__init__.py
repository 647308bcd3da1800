"""Every kind of claim, one file each: what people type, and the class that knows all about it."""

from enum import StrEnum

from ctlab.claims.kinds.additivity import Additivity
from ctlab.claims.kinds.auc import Auc
from ctlab.claims.kinds.base import ClaimKind
from ctlab.claims.kinds.correlation import Correlation
from ctlab.claims.kinds.difference import Difference
from ctlab.claims.kinds.distance import Distance
from ctlab.claims.kinds.equivalence import Equivalence
from ctlab.claims.kinds.error_composition import ErrorComposition
from ctlab.claims.kinds.error_labels import ErrorLabels
from ctlab.claims.kinds.error_mix import ErrorMix
from ctlab.claims.kinds.every_mean import EveryMean
from ctlab.claims.kinds.idle import Idle
from ctlab.claims.kinds.interaction import Interaction
from ctlab.claims.kinds.line import Line
from ctlab.claims.kinds.main_effect import MainEffect
from ctlab.claims.kinds.mean import Mean
from ctlab.claims.kinds.more_than import MoreThan
from ctlab.claims.kinds.most import Most
from ctlab.claims.kinds.needed_where import NeededWhere
from ctlab.claims.kinds.not_all_equal import NotAllEqual
from ctlab.claims.kinds.ordered_trend import OrderedTrend
from ctlab.claims.kinds.over_seeds import OverSeeds
from ctlab.claims.kinds.ratio import Ratio
from ctlab.claims.kinds.selectivity import Selectivity
from ctlab.claims.kinds.some_mean import SomeMean

__all__ = ["CLASSES", "ClaimKind", "Kind"]


class Kind(StrEnum):
    """Which row of the decision table a claim is judged by."""

    DIFFERENCE = "difference"
    EQUIVALENCE = "equivalence"
    MORE_THAN = "more than"
    ERROR_MIX = "error mix"
    ERROR_COMPOSITION = "error composition"
    ERROR_LABELS = "error labels"
    INTERACTION = "interaction"
    RATIO = "ratio"
    ADDITIVITY = "additivity"
    AUC = "auc"
    TREND = "ordered trend"
    NOT_ALL_EQUAL = "not all equal"
    DISTANCE = "distance"
    MEAN = "mean"
    EVERY_MEAN = "every mean"
    LINE = "line"
    NEEDED_WHERE = "needed where"
    SOME_MEAN = "some mean"
    IDLE = "idle"
    CORRELATION = "correlation"
    SELECTIVITY = "selectivity"
    MAIN_EFFECT = "main effect"
    OVER_SEEDS = "over seeds"
    MOST = "most"

    @property
    def rules(self) -> ClaimKind:
        """All that is particular to claims of this kind."""
        return _RULES[self]


CLASSES: tuple[type[ClaimKind], ...] = (
    Difference,
    Equivalence,
    MoreThan,
    ErrorMix,
    ErrorComposition,
    ErrorLabels,
    Interaction,
    Ratio,
    Additivity,
    Auc,
    OrderedTrend,
    NotAllEqual,
    Distance,
    Mean,
    EveryMean,
    Line,
    NeededWhere,
    SomeMean,
    Idle,
    Correlation,
    Selectivity,
    MainEffect,
    OverSeeds,
    Most,
)
"""One class a kind; it names its kind."""

_RULES = {rules.name: rules for rules in (kind() for kind in CLASSES)}
