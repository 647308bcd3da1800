"""What came of a sweep: one label, one length a cell and problem, as arrays; no text."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ctlab.errors import InputError
from ctlab.field_docs import documented
from ctlab.sweeps.cells import Grid

BASELINE_ROW = 0
"""Row of the undisturbed answers; cell k of the grid has row k + 1."""


@documented
@dataclass(frozen=True, kw_only=True, eq=False)
class Feature:
    """A property of each problem, as a number into its levels."""

    levels: tuple[str, ...]
    """What the numbers stand for, smallest first."""
    codes: npt.NDArray[np.int16]
    """(problems,): the level of each; -1 where a problem has none."""


@documented
@dataclass(frozen=True, kw_only=True, eq=False)
class SweepOutcomes:
    """Labels and lengths of every cell's answers: six bytes an answer at most, however long its text."""

    grid: Grid
    """The cells."""
    problem_ids: tuple[str, ...]
    """The problems, in the order of the columns."""
    names: tuple[str, ...]
    """Outcomes that the codes in ``labels`` stand for."""
    labels: npt.NDArray[np.int8]
    """(1 + cells, problems): the outcome of each answer, as a number into ``names``; row 0 is the baseline's."""
    lengths: npt.NDArray[np.int32]
    """(1 + cells, problems): tokens of each answer, its end token included; int16 where they fit."""
    features: Mapping[str, Feature] = field(default_factory=dict)
    """Features of the problems by name: those that ``by`` asked for."""
    failure: str = ""
    """What of the sweep's certificate did not hold; empty where all of it did."""
    whole: tuple[str, ...] = ()
    """Axes along which it has every value that the model has."""
    part: str = ""
    """Which of the problems these are, as ``n_operations 2``; empty for all of them."""

    def __post_init__(self) -> None:
        shape = (1 + len(self.grid), len(self.problem_ids))
        if self.labels.shape != shape or self.lengths.shape != shape:
            raise InputError(
                f"a sweep of {shape[0] - 1} cells and {shape[1]} problems has labels and lengths of {shape}, not "
                f"{self.labels.shape} and {self.lengths.shape}"
            )

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(1 + cells, problems): whether each answer is correct."""
        return self.having("CORRECT")

    def split(self, feature: str) -> "dict[str, SweepOutcomes]":
        """Return the outcomes of each level's problems, by the level's name; problems without one are in none.

        Each is a sweep of its own: `sweep_effects` says what it shows, and intervals hold together within a level.
        """
        if feature not in self.features:
            there = ", ".join(self.features) or "none; name it in by"
            raise InputError(f"this sweep holds no feature {feature!r}; it holds {there}")
        levels, codes = self.features[feature].levels, self.features[feature].codes
        return {
            level: self._of(np.flatnonzero(codes == code), f"{feature} {level}") for code, level in enumerate(levels)
        }

    def _of(self, columns: npt.NDArray[np.intp], part: str) -> "SweepOutcomes":
        return replace(
            self,
            part=f"{self.part}, {part}" if self.part else part,
            problem_ids=tuple(self.problem_ids[column] for column in columns),
            labels=self.labels[:, columns],
            lengths=self.lengths[:, columns],
            features={name: replace(each, codes=each.codes[columns]) for name, each in self.features.items()},
        )

    def having(self, outcome: str) -> npt.NDArray[np.bool_]:
        """(1 + cells, problems): whether each answer has an outcome."""
        if outcome not in self.names:
            raise InputError(f"no answer of this sweep can be {outcome!r}; its outcomes: {', '.join(self.names)}")
        found: npt.NDArray[np.bool_] = self.labels == self.names.index(outcome)
        return found

    @property
    def changes(self) -> npt.NDArray[np.float64]:
        """(cells,): the share of right answers of each cell less the baseline's; a proportion."""
        rates = self.right.mean(axis=1)
        changes: npt.NDArray[np.float64] = rates[1:] - rates[BASELINE_ROW]
        return changes
