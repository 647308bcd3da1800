"""Strata of problems by a feature: each of its levels, or fifths where it has too many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.records.own_functions import named_feature
from ctlab.statistics.moderators.feature import feature_groups, feature_values
from ctlab.statistics.moderators.feature_cells import BANDS, MOST_VALUES
from ctlab.statistics.pairing import FeatureLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Problems of one level, or one band of levels, of a feature."""

    name: str
    """Such as `n_operations = 2`."""
    value: float | None
    """The level; None for a band."""
    rows: tuple[int, ...]
    """Rows of its problems."""


def strata_of(of: Any, feature: FeatureLike) -> tuple[list[Stratum], int]:
    """Return the strata of a feature in order of its values, and how many problems have no value and are in none.

    `of` is a run, or problems, as `feature_values` takes them; each text of a feature of texts is a stratum.
    """
    groups, name = feature_groups(of, feature), named_feature(feature)
    if any(isinstance(value, str) for value in groups):
        texts = sorted({str(value) for value in groups if value is not None})
        places = [(text, tuple(row for row, value in enumerate(groups) if value == text)) for text in texts]
        return [Stratum(name=f"{name} = {text}", value=None, rows=rows) for text, rows in places], groups.count(None)
    values, binary = feature_values(of, feature)
    known = [(value, row) for row, value in enumerate(values) if value is not None]
    levels = sorted({value for value, _ in known})
    if binary:
        named = [(name, 1.0), (f"not {name}", 0.0)]
        strata = [_stratum(text, value, known, value, value) for text, value in named if value in levels]
    elif len(levels) <= MOST_VALUES:
        strata = [_stratum(f"{name} = {level:g}", level, known, level, level) for level in levels]
    else:
        strata = [_stratum(f"{name} {low:g} to {high:g}", None, known, low, high) for low, high in _bands(known)]
    return strata, len(values) - len(known)


def _stratum(name: str, value: float | None, known: Sequence[tuple[float, int]], low: float, high: float) -> Stratum:
    return Stratum(name=name, value=value, rows=tuple(row for each, row in known if low <= each <= high))


def _bands(known: Sequence[tuple[float, int]]) -> list[tuple[float, float]]:
    """Return the least and the largest value of each fifth; equal values are never parted."""
    ordered = sorted(value for value, _ in known)
    starts = sorted({ordered[0], *(ordered[len(ordered) * k // BANDS] for k in range(1, BANDS))})
    ends = [max(value for value in ordered if value < start) for start in starts[1:]] + [ordered[-1]]
    return list(zip(starts, ends, strict=True))
