"""The slope of a loss over a feature in one sample: estimate, test and interval on one scale, and its lack of fit."""

from dataclasses import dataclass
from typing import Any

from ctlab.statistics.checks import TAIL_95
from ctlab.statistics.moderators.feature_cells import FEWEST, Cells, bands, sort_into_cells

SCALES = ("log-odds", "points")
"""Scales on which a loss is measured; a claim's scale begins with one of them and may say per what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Problems that have the feature, and every feature that is adjusted for."""

    values: Any
    """(n,) the feature."""
    before: Any
    """(n,) who has the outcome under the baseline."""
    after: Any
    """(n,) who has it under the treated condition."""
    adjusted: tuple[Any, ...] = ()
    """(n,) each: features that are adjusted for."""

    def subset(self, kept: Any) -> "Sample":
        """Return the problems that a mask keeps."""
        return Sample(
            values=self.values[kept],
            before=self.before[kept],
            after=self.after[kept],
            adjusted=tuple(other[kept] for other in self.adjusted),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LossSlope:
    """β per unit of the feature: the change of the loss, positive where more of the feature means a larger loss."""

    estimate: float
    """β in log-odds or as a proportion; 0 where there is trouble that leaves none."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    plain: tuple[float, float]
    """Ends of the unadjusted 95 % interval."""
    level: float
    """Level of the interval."""
    p_value: float
    """p of the claimed side."""
    trouble: str = ""
    """Why nothing may rest on it; empty when something may."""
    estimated: bool = True
    """False where there is no estimate."""
    open_ends: tuple[str, ...] = ()
    """`low` and `high` where no value, however far off, is rejected; it then stands 12 standard deviations away."""
    lack_of_fit: dict[str, Any] | None = None
    """χ², degrees of freedom and p of a loss that is no straight line over the levels; None where any would be one."""

    def to_json(self) -> dict[str, Any]:
        """Return what is kept beside an effect on another scale."""
        numbers = (self.estimate, self.low, self.high) if self.estimated else (None, None, None)
        row: dict[str, Any] = dict(zip(("estimate", "low", "high"), numbers, strict=True))
        return {**row, "level": self.level, "p_value": self.p_value, "undecided": self.trouble}


def measure(sample: Sample, scale: str, alternative: str, alpha: float) -> LossSlope:
    """Return the slope with its score test and the interval that inverts it.

    Parameters
    ----------
    sample : Sample
        At least one problem.
    scale : {'log-odds', 'points'}
        How the loss is measured.
    alternative : {'greater', 'less', 'two-sided'}
        What is claimed of the slope.
    alpha : float
        Level of the test; the interval has level 1 − alpha when two-sided, 1 − 2 alpha when one-sided.
    """
    import numpy as np
    from scipy.special import ndtri

    from ctlab.statistics.moderators.score import FURTHEST

    tail = alpha / 2.0 if alternative == "two-sided" else alpha
    cells, slopes = slopes_of(sample, scale)
    if not slopes.tells():
        same = "every problem has the same value of the feature"
        return _nothing(f"{same} as all with the same adjusted features" if sample.adjusted else same, tail)
    beta = slopes.estimate()
    if np.isnan(beta[0]):
        return _nothing(_runaway(sample), tail)
    if slopes.is_idle():
        return _nothing("no problem's outcome tells one level from another", tail)
    critical = np.repeat([-ndtri(tail), -ndtri(TAIL_95)], 2)
    ends = slopes.repeated(4).ends(np.repeat(beta, 4), critical, np.array([-1.0, 1.0, -1.0, 1.0]))
    low, high, *plain = (float(end) / slopes.spread for end in ends)
    trouble = _SKEWED if slopes.skewed(np.zeros(1))[0] else ""
    return LossSlope(
        estimate=float(beta[0]) / slopes.spread,
        low=low,
        high=high,
        plain=(plain[0], plain[1]),
        level=1.0 - 2.0 * tail,
        p_value=_p_value(float(slopes.z(np.zeros(1))[0]), alternative),
        trouble=_CONFOUNDED if cells.confounded else _CONCENTRATED if cells.concentrated else trouble,
        open_ends=tuple(name for name, end in zip(("low", "high"), ends, strict=False) if abs(end) >= FURTHEST),
        lack_of_fit=_lack_of_fit(slopes, beta, _band_shares(cells, sample.values)),
    )


def slopes_of(sample: Sample, scale: str) -> tuple[Cells, Any]:
    """Return the cells of a sample, and its slope before anything is tested, as `score.Slopes`."""
    from ctlab.statistics.moderators.loss_scale import LogOdds, Points
    from ctlab.statistics.moderators.score import Slopes

    cells = sort_into_cells(sample.values, sample.adjusted)
    counts = cells.counts(sample.before[None], sample.after[None])
    return cells, Slopes.of({"log-odds": LogOdds, "points": Points}[scale](), cells, counts)


_SKEWED = (
    "a few problems carry the slope, whose distribution is too skewed for a test; claim it of the feature's logarithm "
    "or of a threshold"
)
_CONCENTRATED = (
    f"one level of fewer than {FEWEST} problems holds over two thirds of the feature's variance, and the slope would "
    "be theirs alone; claim it of the feature's logarithm or of a threshold"
)

_CONFOUNDED = (
    "inside the tenths of what is adjusted for, and beside a smooth curve of it, the feature still goes with it, and "
    "the slope may be that one's; claim it of a threshold, or adjust for a feature with at most ten values"
)


def _nothing(trouble: str, tail: float) -> LossSlope:
    """Return that there is no estimate, and why."""
    return LossSlope(
        estimate=0.0,
        low=0.0,
        high=0.0,
        plain=(0.0, 0.0),
        level=1.0 - 2.0 * tail,
        p_value=1.0,
        trouble=trouble,
        estimated=False,
    )


def _p_value(z: float, alternative: str) -> float:
    """Return the p-value of a standard normal z."""
    from scipy.special import ndtr

    if alternative == "two-sided":
        return min(1.0, 2.0 * float(ndtr(-abs(z))))
    return float(ndtr(-z if alternative == "greater" else z))


def _runaway(sample: Sample) -> str:
    """Name the group that is all right or all wrong and leaves β without an end."""
    import numpy as np

    levels = np.unique(sample.values)
    if len(levels) == 2 and not sample.adjusted:
        for value, group in ((levels[1], "with"), (levels[0], "without")):
            for outcomes, condition in ((sample.before, "baseline"), (sample.after, "treated condition")):
                cell = outcomes[sample.values == value]
                if cell.all() or not cell.any():
                    how = "right" if cell.all() else "wrong"
                    return (
                        f"separation: problems {group} the feature are all {how} under the {condition}, "
                        "so the log-odds are infinite"
                    )
    return "separation: levels that are all right or all wrong leave the log-odds without an end"


def _band_shares(cells: Cells, values: Any) -> Any:
    """Return which share of each cell's problems is in each band of the feature, (B, K)."""
    import numpy as np

    band = bands(values)
    counted = np.zeros((int(band.max()) + 1, len(cells.value)))
    np.add.at(counted, (band, cells.of_problem), 1.0)
    return counted / cells.sizes


def _lack_of_fit(slopes: Any, beta: Any, shares: Any) -> dict[str, Any] | None:
    """Return the test of a straight line over the levels; None where two levels leave nothing to test."""
    from scipy.special import chdtrc

    chi2, freedom = slopes.lack_of_fit(beta, shares)
    if freedom == 0:
        return None
    return {"chi2": chi2, "df": freedom, "p": float(chdtrc(freedom, chi2))}
