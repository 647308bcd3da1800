"""Many means at once: the p-value of `ctlab.statistics.means` for every row of an array (a test compares both)."""

import numpy as np
from scipy.special import stdtr

from ctlab.statistics.means.tails import _BEYOND, _PROBLEMS_BY_SKEWNESS

CHUNK = 250
"""Runs in one array: 250 of 1,319 problems are 3 MB."""


def p_above_zero(values: np.ndarray, freedom: np.ndarray | float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return p of each row's mean being at most 0, (runs,), and whether its values are all the same, where p is 1."""
    n = values.shape[1]
    same = values.std(1) <= 1e-12 * np.maximum(1.0, np.abs(values).max(1))
    low = np.where(same[:, None], np.arange(n), -values)  # any numbers will do where none is used
    centre = low.mean(1)
    deviations = low - centre[:, None]
    squares, cubes = deviations**2, deviations**3
    variance = squares.mean(1)
    skewness, degrees = cubes.mean(1) / variance**1.5, n - 1.0 if freedom is None else freedom
    student = stdtr(degrees, centre / np.sqrt(variance / (n - 1)))
    claimed = _transformed(centre, variance / (n - 1), skewness * _certain(squares, skewness, variance), n, degrees)
    furthest = deviations.max(1)
    alone = furthest**3 / np.maximum(np.where(cubes > 0.0, cubes, 0.0).sum(1), 1e-300)
    weight = np.minimum(1.0, _BEYOND * alone * _PROBLEMS_BY_SKEWNESS * skewness**2 / n)
    unseen = _with_unseen(centre, squares.sum(1), cubes.sum(1), _BEYOND * furthest, weight, n, degrees)
    return np.where(same, 1.0, np.where(skewness <= 0.0, claimed, np.maximum(student, unseen))), same


def _transformed(
    centre: np.ndarray,
    squared: np.ndarray,
    skewness: np.ndarray,
    n: np.ndarray | int,
    degrees: np.ndarray | float,
) -> np.ndarray:
    score, slant = centre / np.sqrt(squared), skewness / np.sqrt(n)
    return stdtr(degrees, score + slant * (score**2 / 3.0 + 1.0 / 6.0) + slant**2 * score**3 / 27.0)


def _certain(squares: np.ndarray, skewness: np.ndarray, variance: np.ndarray) -> np.ndarray:
    standard = squares / variance[:, None]
    spread = ((standard**3).mean(1) - 6.0 * (standard**2).mean(1) + 9.0) / squares.shape[1]
    known = (spread <= 0.0) | (skewness == 0.0)
    share = np.maximum(0.0, 1.0 - spread / np.where(skewness == 0.0, 1.0, skewness) ** 2) ** 2
    return np.where(known, 1.0, share)


def _with_unseen(
    centre: np.ndarray,
    second: np.ndarray,
    third: np.ndarray,
    out: np.ndarray,
    weight: np.ndarray,
    size: int,
    degrees: np.ndarray | float,
) -> np.ndarray:
    n = size + weight
    shift = weight * out / n
    second = second + weight * out**2
    third = third + weight * out**3 - 3.0 * shift * second + 2.0 * n * shift**3
    second = np.maximum(second - n * shift**2, 1e-100)
    skewness = third / n / (second / n) ** 1.5
    return _transformed(centre + shift, second / (n - 1.0) / n, skewness, n, degrees + weight)
