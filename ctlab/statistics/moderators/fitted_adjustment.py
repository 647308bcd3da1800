"""Which features a fitted slope is adjusted for, read off its numbers and not off what was asked for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ctlab.statistics.moderators.loss_slope import LossSlope, Sample, measure


def fitted_adjustment(
    slope: LossSlope,
    sample: Sample,
    adjust: Sequence[str],
    values: Sequence[Any],
    scale: str,
    alternative: str,
    alpha: float,
) -> list[str]:
    """Return the features without which the slope would be another.

    A feature that never reached the model leaves estimate, interval and p to the last digit what they are without it.
    Where it says nothing of the claim's own feature that may be so by right, and it counts as adjusted for.

    Parameters
    ----------
    slope : LossSlope
        What was measured.
    sample : Sample
        What it was measured on.
    adjust : sequence of str
        Features that it was to be adjusted for.
    values : sequence of arrays, (n,) each
        Their values, in the same order.
    scale, alternative, alpha
        As `measure` took them.
    """
    if not slope.estimated:
        return list(adjust)
    fitted = []
    for left_out, name in enumerate(adjust):
        rest = tuple(each for index, each in enumerate(values) if index != left_out)
        without = measure(replace(sample, adjusted=rest), scale, alternative, alpha)
        if _numbers(without) != _numbers(slope) or not _depend(sample.values, values[left_out]):
            fitted.append(name)
    return fitted


def _numbers(slope: LossSlope) -> tuple[float, ...]:
    return slope.estimate, slope.low, slope.high, slope.p_value


def _depend(feature: Any, other: Any) -> bool:
    """Whether the mean of the feature is not the same at every value of the other one."""
    import numpy as np

    _, level = np.unique(np.asarray(other, dtype=float), return_inverse=True)
    means = np.bincount(level, weights=np.asarray(feature, dtype=float)) / np.bincount(level)
    return bool(np.ptp(means) > 1e-9 * max(1.0, float(np.abs(means).max())))
