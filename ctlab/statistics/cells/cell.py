"""A cell: one thought at one place (a stratum of problems, a step), what was measured there and what that shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect

if TYPE_CHECKING:
    import numpy as np

FEWEST = 50
"""Problems below which a cell is not tested; `ctlab.claims.decision.SMALLEST_GROUP`, and for its reason."""
ROOM = 2.0
"""Margins by which a rate must be able to fall for "it does not fall" to say anything; `ctlab.claims.room.MARGINS`."""
UNKNOWN = "unknown"
"""What a cell shows that shows nothing: no proof either way, too few problems, too little power, no room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a cell stands."""

    thought: str
    """Name of the thought, such as `CT0`."""
    place: str
    """Name of the stratum, the step or whatever else is looked at, such as `n_operations = 2` or `step 2`."""
    value: float | None = None
    """The stratum's level or the step's number; None where it has none."""

    @property
    def name(self) -> str:
        """Name of the cell."""
        return f"{self.thought} at {self.place}" if self.place else f"{self.thought} over all problems"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """A cell of a measurement: one number a problem."""

    place: Place
    """Where it stands."""
    values: "np.ndarray"
    """(n,) one number for each of its problems; n may differ from cell to cell, and be 0."""
    more: Mapping[str, float | str | bool] = field(default_factory=dict)
    """What else a report says of the cell, such as the rates behind a difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a cell shows, and why it shows no more."""

    label: str
    """One of the two words of its question, such as `needed` and `idle`, or `unknown`."""
    why: str = ""
    """Why nothing is known; empty for a cell that shows something."""
    power: float | None = None
    """Probability of proving that there is nothing of the margin's size, if there is nothing; None where untested."""


def cell_row(
    place: Place, n: int, shown: Shown, effect: Effect | None = None, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a cell as JSON builtins; of one that was not tested there are no numbers."""
    names = ("estimate", "low", "high", "level", "p_value", "lost", "gained")
    numbers = {name: None if effect is None or not effect.estimated else getattr(effect, name) for name in names}
    return {**asdict(place), "n": n, **asdict(shown), **numbers, **(more or {})}


def check_once(places: list[Place]) -> None:
    """Raise where two cells are the same: their labels would contradict each other."""
    names = [place.name for place in places]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise StatisticsError(f"The cell {twice} is there twice; give every thought once at every place.")


def readers_of(condition: Any) -> str:
    """Return in words from whom a condition hides its thought; the condition's name where that is not one reader."""
    lists = [edges.readers for edges in condition.on_edges]
    readers = {names if isinstance(names, str) else " ".join(names) for names in lists}
    thought = thought_of(condition)
    if len(readers) != 1 or condition.patches or not thought[2:].isdecimal():
        return str(condition.name)
    words = {"answer": "the answer", "later": "all that comes later", "thoughts": "later thoughts"}
    words[f"CT{int(thought[2:]) + 1}"] = "the next thought"
    return words.get(readers.pop(), str(condition.name))


def thought_of(condition: Any) -> str:
    """Return the thought that a condition hides or replaces; its own name where that is not exactly one."""
    lists = [edges.keys for edges in getattr(condition, "on_edges", ())]
    lists += [patch.thoughts for patch in getattr(condition, "patches", ())]
    thoughts = {name for names in lists for name in ((names,) if isinstance(names, str) else names)}
    (only, *others) = sorted(thoughts) or [""]
    return only if only.startswith("CT") and not others else str(condition.name)
