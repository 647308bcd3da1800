"""Problems in groups: bins of a measured feature, and kinds of problem, each with its paired difference of accuracy."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from statistics import median

from ctlab.claims.group_words import KIND_LABELS
from ctlab.records.problem_features import OF_TEXTS
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.sensitivity_table import Bin, ProblemKind, ProblemRow

MEASURES = ("n_operations", "n_tokens", "n_operation_types", "max_number")
"""Features that are numbers."""

KINDS = ("multi_step", "has_division", "has_multiplication", "has_fractions")
"""Features that a problem has or has not."""


def described_features(kind: str, rows: Sequence[ProblemRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the features that are described: numbers, and what a problem has or has not.

    Of problems that are answered by a number, these are fixed; of others they are those in which the problems differ,
    for what a worked solution calculates is none of theirs.
    """
    if kind == "number":
        return MEASURES, KINDS
    texts = (feature for feature in OF_TEXTS if len({row.feature(feature) for row in rows}) > 1)
    return ("n_tokens", *texts), ()


_MANY_OPERATIONS = 6
"""Operations from which problems are one kind: few have more."""
_FEW_VALUES = 8
"""Values up to which each is a bin of its own; more would not be read off a picture."""
_FIFTHS = 5
Valued = tuple[float, ProblemRow]
"""A problem behind its value of a feature."""


def bins(rows: Sequence[ProblemRow], condition: str, feature: str) -> tuple[Bin, ...]:
    """Mean impact by value of a feature, or by fifths of the problems where it has many values; ties stay together."""
    valued = [(value, row) for row in rows if (value := row.feature(feature)) is not None]
    known = sorted(valued, key=lambda pair: pair[0])
    single = [list(group) for _, group in groupby(known, key=lambda pair: pair[0])]
    groups = single if len(single) <= _FEW_VALUES else _fifths(known)
    return tuple(_bin(group, condition) for group in groups if group)


def _fifths(known: Sequence[Valued]) -> list[list[Valued]]:
    """Cut sorted problems into five groups of about one size, never between equal values."""
    groups: list[list[Valued]] = [[]]
    for place, pair in enumerate(known):
        full = place * _FIFTHS >= len(groups) * len(known)
        if full and groups[-1] and groups[-1][-1][0] != pair[0]:
            groups.append([])
        groups[-1].append(pair)
    return groups


def _bin(group: Sequence[Valued], condition: str) -> Bin:
    """One bin; its estimate is the mean impact, a loss of accuracy, so the paired difference with its sign turned."""
    from ctlab.statistics import paired_difference

    impacts = [row.impact[condition] for _, row in group]
    difference = paired_difference(impacts.count(1), impacts.count(-1), len(group), alpha=0.05)
    return Bin(
        centre=float(median(value for value, _ in group)),
        start=group[0][0],
        end=group[-1][0],
        n=len(group),
        estimate=-difference.estimate or 0.0,
        low=-difference.high or 0.0,
        high=-difference.low or 0.0,
        level=difference.level,
    )


def kinds(rows: Sequence[ProblemRow], condition: str, features: Sequence[str] = KINDS) -> tuple[ProblemKind, ...]:
    """Accuracy with and without the intervention by number of operations and by kind of problem."""
    return tuple(
        _kind(feature, label, [row for row in rows if member(row)], condition)
        for feature, label, member in [*_by_operations(rows), *_by_kind(features)]
    )


def _by_operations(rows: Sequence[ProblemRow]) -> Iterator[tuple[str, str, Callable[[ProblemRow], bool]]]:
    counts = [row.n_operations for row in rows if row.n_operations is not None]
    most = max(counts, default=0)
    for number in range(min(counts, default=1), min(most, _MANY_OPERATIONS - 1) + 1):
        label = f"{number} operation{'' if number == 1 else 's'}"
        yield "n_operations", label, lambda row, number=number: row.n_operations == number  # type: ignore[misc]
    if most >= _MANY_OPERATIONS:
        label = f"{_MANY_OPERATIONS} operations or more"
        yield "n_operations", label, lambda row: (row.n_operations or 0) >= _MANY_OPERATIONS


def _by_kind(features: Sequence[str]) -> Iterator[tuple[str, str, Callable[[ProblemRow], bool]]]:
    for feature in features:
        for value, label in zip((True, False), KIND_LABELS[feature], strict=True):
            yield feature, label, partial(ProblemRow.is_kind, name=feature, value=value)


def _kind(feature: str, label: str, group: Sequence[ProblemRow], condition: str) -> ProblemKind:
    """Counts of one group and its paired difference of accuracy; null where the group is empty."""
    from ctlab.statistics import paired_difference

    impacts = [row.impact[condition] for row in group]
    broken, fixed = impacts.count(1), impacts.count(-1)
    before = sum(row.correct[BASELINE] for row in group)
    effect = paired_difference(broken, fixed, len(group), alpha=0.05) if group else None
    return ProblemKind(
        feature=feature,
        label=label,
        n=len(group),
        baseline_correct=before,
        treated_correct=before - broken + fixed,
        broken=broken,
        fixed=fixed,
        estimate=effect.estimate if effect is not None else None,
        low=effect.low if effect is not None else None,
        high=effect.high if effect is not None else None,
        level=0.95,
    )
