"""What is left of a slope without the level that moves it most."""

import math
from collections.abc import Sequence
from typing import Any

from ctlab.statistics.moderators.feature_cells import bands
from ctlab.statistics.moderators.loss_slope import Sample, measure, slopes_of


def without_most_influential(
    sample: Sample, by: Any, name: str, scale: str, alternative: str, alpha: float
) -> dict[str, Any] | None:
    """Return the slope without the level whose problems change it most.

    Parameters
    ----------
    sample : Sample
        As the slope was measured.
    by : array of float, (n,)
        The feature whose levels are left out, one at a time: its values where they are few, else fifths. Problems
        with NaN are in none of them.
    name : str
        Its name.
    scale, alternative, alpha
        As the slope was measured.

    Returns
    -------
    dict or None
        `group`, how many problems are left (`n`), and the slope without it. A level without which there is no
        estimate moves it most. None where `by` has one level.
    """
    import numpy as np

    by = np.asarray(by, dtype=float)
    known = ~np.isnan(by)
    index = np.full(len(by), -1)
    index[known] = bands(by[known])
    if len(set(index[known].tolist())) < 2:
        return None
    full = _estimate(sample, scale)
    changes = {
        level: abs(_estimate(sample.subset(index != level), scale) - full)
        for level in sorted(set(index.tolist()) - {-1})
    }
    # NaN: without this level there is no estimate at all, which no number of the others can exceed.
    worst = max(changes, key=lambda level: float("inf") if math.isnan(changes[level]) else changes[level])
    kept = index != worst
    left = measure(sample.subset(kept), scale, alternative, alpha)
    return {"group": level_name(name, by[~kept].tolist()), "n": int(kept.sum()), **left.to_json()}


def _estimate(sample: Sample, scale: str) -> float:
    """Return β per unit of the feature; NaN where there is none."""
    _, slopes = slopes_of(sample, scale)
    return float(slopes.estimate()[0]) / slopes.spread if slopes.tells() else math.nan


def level_name(feature: str, values: Sequence[float]) -> str:
    """Return how a level is called: `NAME = VALUE`, or `NAME LOW to HIGH`."""
    low, high = min(values), max(values)
    return f"{feature} = {low:g}" if low == high else f"{feature} {low:g} to {high:g}"
