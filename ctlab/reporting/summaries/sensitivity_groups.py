"""Problems in groups: bins of a measured feature, and kinds of problem, each with its paired difference of accuracy."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from ctlab.reporting.prose.group_names import KIND_LABELS

MEASURES = ("n_operations", "n_tokens", "n_operation_types", "max_number")
"""Features that are numbers."""

KINDS = ("multi_step", "has_division", "has_multiplication", "has_fractions")
"""Features that a problem has or has not."""

_MANY_OPERATIONS = 6
_FEW_VALUES = 8
_FIFTHS = 5
Row = Mapping[str, Any]


def bins(rows: Sequence[Row], condition: str, feature: str) -> list[dict[str, Any]]:
    """Mean impact by value of a feature, or by fifths of the problems where it has many values; ties stay together."""
    known = sorted((row for row in rows if row[feature] is not None), key=lambda row: row[feature])
    values = sorted({row[feature] for row in known})
    if len(values) <= _FEW_VALUES:
        groups = [[row for row in known if row[feature] == value] for value in values]
    else:
        groups = _fifths(known, feature)
    return [_bin(group, condition, feature) for group in groups]


def _fifths(known: Sequence[Row], feature: str) -> list[list[Row]]:
    """Cut sorted problems into five groups of about one size, never between equal values."""
    groups: list[list[Row]] = [[]]
    for place, row in enumerate(known):
        full = place * _FIFTHS >= len(groups) * len(known)
        if full and groups[-1] and groups[-1][-1][feature] != row[feature]:
            groups.append([])
        groups[-1].append(row)
    return groups


def _bin(group: Sequence[Row], condition: str, feature: str) -> dict[str, Any]:
    """One bin; its estimate is the mean impact, a loss of accuracy, so the paired difference with its sign turned."""
    difference = paired(group, condition)
    return {
        "centre": float(median(row[feature] for row in group)),
        "from": group[0][feature],
        "to": group[-1][feature],
        "n": len(group),
        "estimate": -difference["estimate"] or 0.0,
        "low": -difference["high"] or 0.0,
        "high": -difference["low"] or 0.0,
        "level": difference["level"],
    }


def kinds(rows: Sequence[Row], condition: str) -> list[dict[str, Any]]:
    """Accuracy with and without the intervention by number of operations and by kind of problem."""
    counts = [row["n_operations"] for row in rows if row["n_operations"] is not None]
    groups: list[tuple[str, str, Callable[[Row], bool]]] = []
    for number in range(min(counts, default=1), min(max(counts, default=0), _MANY_OPERATIONS - 1) + 1):
        label = f"{number} operation{'' if number == 1 else 's'}"
        groups.append(("n_operations", label, lambda row, number=number: row["n_operations"] == number))  # type: ignore[misc]
    if counts and max(counts) >= _MANY_OPERATIONS:
        label = f"{_MANY_OPERATIONS} operations or more"
        groups.append(("n_operations", label, lambda row: (row["n_operations"] or 0) >= _MANY_OPERATIONS))
    for feature in KINDS:
        for value, label in zip((True, False), KIND_LABELS[feature], strict=True):
            groups.append((feature, label, lambda row, feature=feature, value=value: row[feature] is value))  # type: ignore[misc]
    return [
        {"feature": feature, "label": label, **paired([row for row in rows if member(row)], condition)}
        for feature, label, member in groups
    ]


def paired(group: Sequence[Row], condition: str) -> dict[str, Any]:
    """Counts of one group and its paired difference of accuracy; None where the group is empty."""
    from ctlab.statistics import paired_difference

    impacts = [row["impact"][condition] for row in group]
    broken, fixed = impacts.count(1), impacts.count(-1)
    before = sum(row["correct"]["baseline"] for row in group)
    row: dict[str, Any] = {
        "n": len(group),
        "baseline_correct": before,
        "treated_correct": before - broken + fixed,
        "broken": broken,
        "fixed": fixed,
        "estimate": None,
        "low": None,
        "high": None,
        "level": 0.95,
    }
    if group:
        effect = paired_difference(broken, fixed, len(group), alpha=0.05)
        row |= {"estimate": effect.estimate, "low": effect.low, "high": effect.high, "level": effect.level}
    return row
