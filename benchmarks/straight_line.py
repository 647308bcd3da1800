"""The test that `interaction` was before: a logistic model whose baseline is a straight line in the feature.

Kept to show what it errs and how much power the one in its place gives away where it was valid. Generalised estimating
equations with an independence working correlation, clustered by problem, robust covariance, Wald test.
"""

from typing import Any

import numpy as np

_STEPS = 12
"""Newton steps; from 0 a logistic fit that has one is exact to rounding after eight."""
_CHUNK = 250
"""Runs fitted at once: 250 of 1,319 problems take 40 MB."""


def straight_line_z(feature: Any, before: Any, after: Any) -> Any:
    """Return by how many standard errors the loss grows with the feature, (R,), from outcomes (R, n)."""
    return np.concatenate(
        [_chunk(feature, before[k : k + _CHUNK], after[k : k + _CHUNK]) for k in range(0, len(before), _CHUNK)]
    )


def _chunk(feature: Any, before: Any, after: Any) -> Any:
    n = len(feature)
    scaled = (feature - feature.mean()) / feature.std()
    treated, twice = np.repeat([0.0, 1.0], n), np.tile(scaled, 2)
    design = np.column_stack([np.ones(2 * n), treated, twice, treated * twice])
    right = np.concatenate([before, after], axis=1).astype(float)
    beta = np.zeros((len(right), 4))
    for _ in range(_STEPS):
        fitted = 1.0 / (1.0 + np.exp(-np.clip(beta @ design.T, -30.0, 30.0)))
        information = np.einsum("rn,ni,nj->rij", fitted * (1.0 - fitted), design, design, optimize=True)
        beta = beta + np.linalg.solve(information, ((right - fitted) @ design)[..., None])[..., 0]
    inverse = np.linalg.inv(information)
    residual = right - fitted
    scores = residual[:, :n, None] * design[:n] + residual[:, n:, None] * design[n:]
    meat = np.einsum("rni,rnj->rij", scores, scores)
    covariance = inverse @ meat @ inverse
    return -beta[:, 3] / np.sqrt(covariance[:, 3, 3])
