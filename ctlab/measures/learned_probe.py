"""A linear probe of hidden states: fitted on one part of the problems, held to the other, beside shuffled labels."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.measures.kept import kept_value
from ctlab.measures.probe_halves import check_apart, first_of_each_question
from ctlab.measures.ridge import PENALTIES, Fitted, Ridge
from ctlab.problems import Problem
from ctlab.records.probe_fit import ProbeFit

if TYPE_CHECKING:
    import numpy as np

DRAWS = 499
"""Shuffled labellings; the smallest p that they can give is 1 / 500."""
_AT_ONCE = 50  # labellings that are fitted together: their targets are held side by side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedProbe:
    """A fitted probe, and what it read."""

    fit: ProbeFit
    """What it read of the problems that were held out."""
    labels: tuple[Hashable, ...]
    """The labels, in the order of the columns of `weights`."""
    weights: "np.ndarray"
    """(D, labels): what a unit of each number of a state adds to the score of each label."""

    def direction(self, toward: Hashable, away: Hashable) -> "np.ndarray":
        """Return the direction (D,), of length 1, in which one label's score rises most against another's.

        Raises
        ------
        StatisticsError
            For a label that the probe does not know, and where both have the same weights.
        """
        import numpy as np

        columns = []
        for label in (toward, away):
            if label not in self.labels:
                known = ", ".join(map(repr, self.labels[:10]))
                raise StatisticsError(f"The probe of {self.fit.label} has no label {label!r}; its labels are {known}.")
            columns.append(self.weights[:, self.labels.index(label)])
        across = columns[0] - columns[1]
        length = float(np.linalg.norm(across))
        if length == 0.0:
            raise StatisticsError(f"The labels {toward!r} and {away!r} have the same weights; take two others.")
        return np.asarray(across / length)


def fit_probe(
    states: "np.ndarray",
    labels: Sequence[Hashable | None],
    problems: Sequence[Problem],
    held: Sequence[bool],
    *,
    label: str,
    thought: str,
    level: int,
    held_fixed: Sequence[Hashable] | None = None,
    types: Sequence[Hashable] | None = None,
    seed: int = 0,
    draws: int = DRAWS,
    penalties: tuple[float, ...] = PENALTIES,
) -> LearnedProbe:
    """Fit a linear probe of a label, and one of each of many shuffled labellings, and hold all to the other problems.

    Parameters
    ----------
    states : ndarray of shape (n, D)
        One state a problem.
    labels : sequence
        One label a problem; None leaves it out.
    problems : sequence of Problem
        The problems, in the same order.
    held : sequence of bool
        Which problems the probe is held to (`held_out`).
    label, thought, level
        What is read and from where, as `ProbeFit` has them.
    held_fixed : sequence, optional
        A value a problem, such as the length of its question in tokens: labels are shuffled among problems of equal
        value, so that what the label has in common with it is the control's too.
    types : sequence, optional
        A value a problem: problems of one type keep one label in every shuffled labelling, as in the control tasks of
        Hewitt and Liang. A probe that remembers types then does as well on the control. All types are shuffled among
        each other, so that nothing can be held fixed beside them.
    seed, draws
        Seed and number of shuffled labellings.
    penalties : tuple of float
        Penalties that are tried (`Ridge.fit`), for the labels as for every shuffled labelling.

    Returns
    -------
    LearnedProbe
        With `ProbeFit.kept`: the share of problems that are alone in their group, whose label therefore stays what it
        is in every shuffled labelling and makes the control better.

    Raises
    ------
    StatisticsError
        For lengths that differ, a question on both sides, fewer than two labels, or no draw.

    Notes
    -----
    Of problems with one question the first is taken: copies are not several problems. Means, scales, penalty and
    weights are of the problems that are fitted on alone. Ridge regression on labels
    (`ctlab.measures.ridge`), in float64.

    References
    ----------
    Hewitt J, Liang P (2019). Designing and interpreting probes with control tasks. EMNLP-IJCNLP, 2733-2743.
    Alain G, Bengio Y (2017). Understanding intermediate layers using linear classifier probes. ICLR workshop.
    """
    import numpy as np

    table = np.asarray(states, dtype=float)
    _check(table, labels, problems, held, held_fixed, types, draws, penalties)
    labelled = [row for row, found in enumerate(labels) if found is not None]
    check_apart([problems[row] for row in labelled], [held[row] for row in labelled])
    rows = first_of_each_question(problems, labelled)
    here = [problems[row] for row in rows]
    out = np.array([bool(held[row]) for row in rows])
    own: list[Hashable] = [labels[row] for row in rows]
    classes = sorted(set(own), key=lambda value: (str(type(value)), value if isinstance(value, int) else str(value)))
    if len(classes) < 2:
        raise StatisticsError(f"A probe tells labels apart, and all problems have {classes or 'none'}; take another.")
    codes = np.array([classes.index(value) for value in own])
    ridge = Ridge.of(table[rows][~out])
    fitted = ridge.fit(codes[None, ~out], len(classes), penalties)
    right = fitted.predict(table[rows][out])[0] == codes[out]
    units, groups = _units(rows, held_fixed, types)
    shuffled = _shuffled(codes, units, groups, seed, draws)
    hits = np.concatenate(
        [
            _hits(ridge, table[rows], part, out, len(classes), penalties)
            for part in (shuffled[first : first + _AT_ONCE] for first in range(0, draws, _AT_ONCE))
        ]
    )
    most = Counter(codes[~out].tolist()).most_common(1)[0][0]
    alone = {unit for group in groups for unit in group if len(group) == 1}
    fit = ProbeFit(
        label=label,
        thought=thought,
        level=level,
        problem_ids=tuple(problem.id for problem, held_back in zip(here, out, strict=True) if held_back),
        right=tuple(map(bool, right)),
        control=tuple(map(float, hits.mean(0))),
        draws=tuple(map(float, hits.mean(1))),
        trained=int((~out).sum()),
        classes=len(set(codes[~out].tolist())),
        most_common=float((codes[out] == most).mean()),
        kept=float(np.mean([unit in alone for unit in units])),
        penalty=float(fitted.penalty[0]),
    )
    return LearnedProbe(fit=fit, labels=tuple(classes), weights=fitted.columns())


@kept_value
def probe_gain(first: ProbeFit, second: ProbeFit) -> "np.ndarray":
    """Return by how much more often one probe names a label than another, (n,): −1, 0 or 1 a problem.

    Parameters
    ----------
    first, second : ProbeFit
        Probes of one label, held to the same problems; such as of a thought and of what a control has in its place.

    Raises
    ------
    StatisticsError
        When they read other labels or other problems.
    """
    import numpy as np

    if (first.label, first.problem_ids) != (second.label, second.problem_ids):
        raise StatisticsError(
            f"Two probes are compared on one label of the same problems, not {first.label!r} of {len(first.right)} and "
            f"{second.label!r} of {len(second.right)}; fit both with one split."
        )
    return np.asarray(np.array(first.right, dtype=float) - np.array(second.right, dtype=float))


def _units(
    rows: Sequence[int], held_fixed: Sequence[Hashable] | None, types: Sequence[Hashable] | None
) -> tuple[list[int], list[list[int]]]:
    """Return each row's unit, which has one label, and the groups of units that labels are shuffled in."""
    if types is not None:
        order = list(dict.fromkeys(types[row] for row in rows))
        place = {value: number for number, value in enumerate(order)}
        return [place[types[row]] for row in rows], [list(range(len(order)))]
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[None if held_fixed is None else held_fixed[row]].append(number)
    return list(range(len(rows))), list(groups.values())


def _shuffled(
    codes: "np.ndarray", units: Sequence[int], groups: Sequence[Sequence[int]], seed: int, draws: int
) -> "np.ndarray":
    """Return shuffled labellings (draws, rows): labels of units, permuted within groups."""
    import numpy as np

    draw = np.random.default_rng(seed)
    first = {unit: row for row, unit in reversed(list(enumerate(units)))}
    of_unit = np.array([codes[first[unit]] for unit in range(len(first))])
    found = np.empty((draws, len(units)), dtype=int)
    for number in range(draws):
        mixed = of_unit.copy()
        for group in groups:
            mixed[list(group)] = of_unit[draw.permutation(list(group))]
        found[number] = mixed[list(units)]
    return np.asarray(found)


def _hits(
    ridge: Ridge,
    table: "np.ndarray",
    labellings: "np.ndarray",
    out: "np.ndarray",
    classes: int,
    penalties: tuple[float, ...],
) -> "np.ndarray":
    """Return which held-out rows each labelling's own probe names as that labelling does, (labellings, held out)."""
    fitted: Fitted = ridge.fit(labellings[:, ~out], classes, penalties)
    hits: np.ndarray = fitted.predict(table[out]) == labellings[:, out]
    return hits


def _check(
    table: "np.ndarray",
    labels: Sequence[Hashable | None],
    problems: Sequence[Problem],
    held: Sequence[bool],
    held_fixed: Sequence[Hashable] | None,
    types: Sequence[Hashable] | None,
    draws: int,
    penalties: tuple[float, ...],
) -> None:
    """Refuse what does not fit together."""
    sizes = {len(table), len(labels), len(problems), len(held)}
    sizes |= {len(values) for values in (held_fixed, types) if values is not None}
    if len(sizes) != 1:
        raise StatisticsError(
            f"A probe needs a state, a label, a problem and a side for each problem, got "
            f"{len(table)}, {len(labels)}, {len(problems)} and {len(held)}; give all of the same problems."
        )
    if held_fixed is not None and types is not None:
        raise StatisticsError("Labels are shuffled by type or within what is held fixed, not both; leave one out.")
    if draws < 1:
        raise StatisticsError(f"A control needs at least one shuffled labelling, got {draws}; {DRAWS} are usual.")
    if not penalties or min(penalties) <= 0.0:
        raise StatisticsError(f"Penalties are above 0, got {penalties!r}; leave them out for the usual ones.")
    if types is not None:
        known: dict[Hashable, Hashable] = {}
        for kind, value in zip(types, labels, strict=True):
            if value is not None and known.setdefault(kind, value) != value:
                raise StatisticsError(
                    f"Problems of the type {kind!r} have the labels {known[kind]!r} and {value!r}; a type has one."
                )
