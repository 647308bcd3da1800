"""Which cells of a sweep are recomputed: by a seed, a share of them, and every value of every axis at least once."""

import numpy as np

from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.sweeps.cells import Grid

LEAST = 0.05
"""The smallest share of cells."""


def sampled_cells(grid: Grid, *, share: float = LEAST, seed: int = 0) -> tuple[int, ...]:
    """Return numbers of the cells to recompute, ascending.

    Cells are drawn one after another; first those that show most values which no cell drawn before showed, until every
    position, layer, head and reader is there, then whichever until there are ``share`` of all (a proportion).
    """
    if isinstance(share, bool) or not isinstance(share, int | float) or not LEAST <= share <= 1:
        raise InputError(f"share of recomputed cells is a number from {LEAST} to 1, not {shown(share)}")
    check_seed(seed)
    random = np.random.default_rng(seed)
    order = random.permutation(len(grid))
    places = grid.places[order]
    seen = [np.zeros(size, np.bool_) for size in grid.shape]
    missing = [len(np.unique(places[:, axis])) for axis in range(len(seen))]
    drawn: list[int] = []
    while any(missing):
        new = np.array([~seen[axis][places[:, axis]] for axis in range(len(seen))]).sum(axis=0)
        best = int(new.argmax())
        drawn.append(int(order[best]))
        for axis, value in enumerate(places[best]):
            missing[axis] -= not seen[axis][value]
            seen[axis][value] = True
    first = set(drawn)
    rest = [cell for cell in order.tolist() if cell not in first]
    wanted = int(np.ceil(share * len(grid)))
    return tuple(sorted([*drawn, *rest[: max(0, wanted - len(drawn))]]))


def check_seed(seed: object) -> None:
    """Refuse what nothing can be drawn by."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed is a whole number from 0, not {shown(seed)}")
