"""What a condition costs at each value of a feature, in points: printed beside the interaction."""

from collections.abc import Sequence
from typing import Any

Row = tuple[float, bool, bool]
"""Value of the feature, had the outcome under the baseline, has it under the treated condition."""
_BANDS = 5  # fifths: few enough to read, and of 1,319 problems each still has over 260


def describe_losses(rows: Sequence[Row], feature: str, binary: bool) -> list[dict[str, Any]]:
    """Return, for each value of the feature or each fifth of the problems, the rates, the loss and its share."""
    found = []
    for name, inside in _bands(rows, feature, binary):
        had, has = sum(row[1] for row in inside), sum(row[2] for row in inside)
        found.append(
            {
                "group": name,
                "n": len(inside),
                "before": had / len(inside),
                "after": has / len(inside),
                "lost": sum(row[1] and not row[2] for row in inside),
                "gained": sum(row[2] and not row[1] for row in inside),
                "relative_loss": (had - has) / had if had else None,
            }
        )
    return found


def _bands(rows: Sequence[Row], feature: str, binary: bool) -> list[tuple[str, list[Row]]]:
    """Return the groups that are described: the values themselves when they are few, else fifths."""
    values = sorted({row[0] for row in rows})
    if binary:
        named = ((feature, 1.0), (f"not {feature}", 0.0))
        return [(name, [row for row in rows if row[0] == value]) for name, value in named if value in values]
    if len(values) <= _BANDS + 1:
        return [(f"{feature} = {value:g}", [row for row in rows if row[0] == value]) for value in values]
    ordered = sorted(row[0] for row in rows)
    edges = sorted({ordered[min(len(ordered) - 1, len(ordered) * k // _BANDS)] for k in range(1, _BANDS)})
    bands: list[list[Row]] = [[] for _ in range(len(edges) + 1)]
    for row in rows:
        bands[sum(row[0] >= edge for edge in edges)].append(row)
    return [
        (f"{feature} {min(row[0] for row in band):g} to {max(row[0] for row in band):g}", band)
        for band in bands
        if band
    ]
