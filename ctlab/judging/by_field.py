"""The same question in groups of problems that share a value of a field."""

from collections.abc import Sequence
from typing import Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.judging.paired_rows import Pair
from ctlab.judging.paired_scores import PairedScores
from ctlab.judging.question import Question
from ctlab.judging.results_judgement import Group, Grouped
from ctlab.judging.step_down import step_down

MOST_GROUPS = 20
"""More values are no groups: 50 problems in each, the fewest that decide anything, are then a thousand."""
PERMUTATIONS = 1999
"""A p of .05 is then known to ± .005, its standard error; p is a multiple of 1 / 2,000."""
NO_VALUE = "(none)"


def grouped(field: str, question: Question, pairs: Sequence[Pair], scores: PairedScores, alpha: float) -> Grouped:
    """Judge each group at its level of Holm's, and test whether groups differ; InputError where it is no such field."""
    values = [_value(pair, field) for pair in pairs]
    _check(field, values, pairs)
    places: dict[Any, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(value, []).append(place)
    names = sorted(places, key=_order)
    chosen = [scores.chosen(places[name]) for name in names]
    judged = step_down([(question, part) for part in chosen], alpha)
    p_alike = _p_alike(scores.differences, [names.index(value) for value in values], len(names))
    return Grouped(
        field=field,
        groups=tuple(
            Group(
                value=NO_VALUE if name is None else str(name),
                verdict=decision.verdict,
                effect=decision.effect,
                alpha=decision.alpha,
                holm_p=adjusted,
                rates=(sum(part.before) / len(part), sum(part.after) / len(part)),
            )
            for name, part, (decision, adjusted) in zip(names, chosen, judged, strict=True)
        ),
        p_alike=p_alike,
        note=_note(p_alike, alpha),
    )


def fields_of(pairs: Sequence[Pair]) -> list[str]:
    """Return the names of all fields, in the order in which they come."""
    return list(dict.fromkeys(name for pair in pairs for row in pair.rows for name in row.fields))


def _value(pair: Pair, field: str) -> Any:
    """Return the problem's value of a field, None where no row has one; a list or table counts as its text."""
    found = next((row.fields[field] for row in pair.rows if row.fields.get(field) is not None), None)
    return found if found is None or isinstance(found, str | int | float | bool) else str(found)


def _check(field: str, values: Sequence[Any], pairs: Sequence[Pair]) -> None:
    known = [name for name in fields_of(pairs) if len({_value(pair, name) for pair in pairs}) <= MOST_GROUPS]
    listed = f"there are {formatting.listed([repr(name) for name in known[:12]])}" if known else "there is none"
    if all(value is None for value in values):
        raise InputError(f"no row has the field {field!r} (--by); of fields with at most {MOST_GROUPS} values {listed}")
    if (count := len(set(values))) > MOST_GROUPS:
        raise InputError(
            f"the field {field!r} has {count:,} values, and at most {MOST_GROUPS} are groups; of such fields {listed}"
        )


def _order(value: Any) -> tuple[int, float, str]:
    """Order numbers by size, before texts; what has no value comes last."""
    if isinstance(value, int | float):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, value)


def _p_alike(differences: Sequence[float], groups: Sequence[int], count: int) -> float:
    """Return the permutation p of one difference in all groups.

    The statistic is Σ n_g d_g², the spread of the groups' mean differences d_g between groups of n_g problems. Problems
    without a difference add nothing to it, so that only the places of the others are drawn.
    """
    import numpy as np

    if count < 2:
        return 1.0
    values, labels = np.asarray(differences), np.asarray(groups)
    values = values[np.flatnonzero(values)]
    sizes = np.bincount(labels, minlength=count)
    generator = np.random.default_rng(0)

    def spread(chosen: "np.ndarray") -> float:
        return float((np.bincount(chosen, weights=values, minlength=count) ** 2 / sizes).sum())

    seen = spread(labels[np.flatnonzero(np.asarray(differences))])
    drawn = (spread(generator.permutation(labels)[: len(values)]) for _ in range(PERMUTATIONS))
    # What ties but for rounding counts as reached.
    reached = sum(each >= seen - 1e-9 for each in drawn)
    return (reached + 1) / (PERMUTATIONS + 1)


def _note(p_alike: float, alpha: float) -> str:
    """Say what may be concluded of the groups together."""
    test = formatting.p_value(p_alike, alpha)
    if p_alike <= alpha:
        return f"The difference is not the same in all groups (permutation test, {test})."
    return (
        f"That the difference is another one in some group is not shown (permutation test, {test}): a verdict here and "
        "none there is no difference between groups."
    )
