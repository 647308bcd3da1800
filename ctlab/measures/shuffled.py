"""Matches between what is said of a problem and its own results, less those with another problem's."""

from collections.abc import Hashable, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from ctlab.statistics.cells.cell import Measured, Place

if TYPE_CHECKING:
    import numpy as np


def matches(said: Sequence[Sequence[Hashable]], results: Sequence[Set[Hashable]]) -> "np.ndarray":
    """Return m(i, j): the share of what is said of problem i that is a result of problem j, (n, n)."""
    import numpy as np

    values = {value: place for place, value in enumerate({value for found in results for value in found})}
    counts, has = (np.zeros((len(said), len(values))) for _ in range(2))
    for row, (numbers, found) in enumerate(zip(said, results, strict=True)):
        for number in numbers:
            if number in values:
                counts[row, values[number]] += 1 / len(numbers)
        has[row, [values[value] for value in found]] = 1
    return np.asarray(counts @ has.T)


def projected(matched: "np.ndarray") -> "np.ndarray":
    r"""Return each problem's part in the mean of m(i, i) less the mean of m(i, j) over i ≠ j, (n,) of (n, n), n ≥ 2.

    Notes
    -----
    A problem stands in both indices of the shuffled mean U, hence its number is
    :math:`m(i, i) - \overline{m(i, \cdot)} - \overline{m(\cdot, i)} + U`, the projection of a U-statistic: its spread
    is that of the mean (Hoeffding 1948, Annals of Mathematical Statistics 19, 293-325).
    """
    import numpy as np

    own, others = np.diag(matched), len(matched) - 1
    across, down = ((matched.sum(axis=axis) - own) / others for axis in (1, 0))
    return np.asarray(own - across - down + across.mean())


def beyond_shuffled(
    place: Place,
    said: Sequence[Hashable],
    results: Sequence[Set[Hashable]],
    groups: Mapping[Hashable, Sequence[int]],
    **more: float | str | bool,
) -> Measured:
    """Return a cell: how much more often what is said of a problem is its own result than another problem's.

    Parameters
    ----------
    place : Place
        Where the cell stands.
    said : sequence
        What is said of each problem, None for nothing.
    results : sequence of set
        Each problem's own results.
    groups : mapping of sequence of int
        Rows that are shuffled among each other; a row that is alone has no partner and is left out.
    **more
        What else a report says of the cell.
    """
    import numpy as np

    parts, hits, expected, rows = [np.zeros(0)], 0.0, 0.0, 0
    for inside in groups.values():
        if len(inside) < 2:
            continue
        matched = matches([(said[row],) for row in inside], [results[row] for row in inside])
        own = float(np.trace(matched))
        hits, rows = hits + own, rows + len(inside)
        expected += (float(matched.sum()) - own) / (len(inside) - 1)
        # Sums over other orders differ in the last bits; equal numbers must stay equal, which makes their test fast.
        parts.append(np.round(projected(matched), 12))
    rates = {"rate": hits / rows, "chance": expected / rows} if rows else {}
    return Measured(place=place, values=np.concatenate(parts), more={**rates, **more})
