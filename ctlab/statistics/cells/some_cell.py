"""The union-intersection test: several cells of which one suffices become one effect."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.joint.all_of import inside

SHARED = "cell_count"
"""Where an effect's details hold how many cells share α."""


def some_cell(
    strict: Mapping[str, Effect],
    plain: Mapping[str, Effect],
    cells: Sequence[Mapping[str, Any]],
    *,
    n: int,
    null: str,
    asks: str,
) -> Effect:
    """Return one effect that is supported when some cell is, and refuted when every cell is.

    Parameters
    ----------
    strict : mapping of str to Effect
        The cells by name, each tested at α / K for K cells.
    plain : mapping of str to Effect
        The same cells, each at α: all of them must be refuted to refute the whole, which takes no sharing.
    cells : sequence of mapping
        What each cell shows, as `cell_row` makes it, untested ones too.
    n : int
        Number of problems in all cells together.
    null : str
        The null hypothesis, in words: no cell holds.
    asks : str
        Which question the cells answer, such as `needed`: what roles are made of says which of its claims it means.

    Returns
    -------
    Effect
        The cell with the smallest p-value, with its counts in `details` and its interval at the level that all cells
        share; `p_value` is that p times K, at most 1. `refuting` holds the interval at α of the cell that reaches
        furthest to where the claim is true: where it fails, all fail.

    Notes
    -----
    Bonferroni, the first step of Holm: valid whatever the cells share, and thoughts share their problems. Labels are
    read off the K intervals of level 1 − 2α / K together. Whatever the truth of a cell, only one end of its interval
    can make its label wrong (an effect beyond the margin is called none by one end, none is called one by the other),
    so the probability that any label is wrong is at most α: the two words of a question cost no more than one.

    References
    ----------
    Roy SN (1953). On a heuristic method of test construction and its use in multivariate analysis. Annals of
    Mathematical Statistics 24, 220-238.
    Finner H, Strassburger K (2002). The partitioning principle. Annals of Statistics 30, 1194-1213.
    """
    if not strict or set(strict) != set(plain):
        raise StatisticsError(
            f"The cells of a claim need one effect at α / K and one at α each, got {sorted(strict)} and "
            f"{sorted(plain)}; compute both for every cell."
        )
    best = min(strict, key=lambda name: (strict[name].p_value, -inside(strict[name])))
    closest = max(plain, key=lambda name: inside(plain[name]))
    effect, count = strict[best], len(strict)
    return replace(
        effect,
        p_value=min(1.0, count * effect.p_value),
        n=n,
        lost=None,
        gained=None,
        null=null,
        method=f"one of {count} cells must reject, its p times {count} (Bonferroni): {effect.method}",
        refuting=(plain[closest].low, plain[closest].high),
        details={"weakest": best, "worst": closest, "asks": asks, SHARED: count, "cells": [dict(row) for row in cells]},
    )
