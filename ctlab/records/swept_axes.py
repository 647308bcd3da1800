"""What a claim's sweep goes over, as data: it decides what is found, so that it is registered with the claim."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ctlab import formatting
from ctlab.field_docs import documented
from ctlab.records.as_declared import AsDeclared

ALL = "all"
EXAMPLE = "sweep=SweptAxes(positions='all', layers='all')"
"""What is written in a claim, for sentences."""
_AXES = {"positions": "position", "layers": "layer", "heads": "head", "readers": "reader"}
"""Fields, and what one value along each is called in a grid."""


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class SweptAxes:
    """Axes of a sweep as `ctlab.sweep` takes them, each value alone; one that is left out is not swept."""

    positions: str | tuple[str, ...] = ()
    """What is hidden: `all` for every thought, or a tuple such as `("CT0", "question")`."""
    layers: str | int | tuple[int, ...] = ()
    """In which layers, from 0; `all` for every one."""
    heads: str | int | tuple[int, ...] = ()
    """In which query heads, from 0; `all` for every one."""
    readers: str | tuple[str, ...] = ()
    """From whom: `all` for every thought, or a tuple such as `("answer", "CT1")`."""

    def __post_init__(self) -> None:
        """Write one value as a tuple of one; refuse what is no axis, and a sweep over nothing."""
        given = AsDeclared(self, "A sweep")
        for field, kind in (("positions", str), ("layers", int), ("heads", int), ("readers", str)):
            value = getattr(self, field)
            if value == ALL:
                continue
            if (isinstance(value, str) and kind is str) or (isinstance(value, int) and not isinstance(value, bool)):
                object.__setattr__(self, field, (value,))
            given.tuple_of(field, kind, "names" if kind is str else "numbers")
            given.each_once(field)
            if any(isinstance(item, bool) or (kind is int and item < 0) for item in getattr(self, field)):
                raise given.refuse(f"{field} are numbers from 0", f"write {ALL!r}, or a tuple such as (0, 1)")
        if not self.to_json():
            raise given.refuse(f"it has no {formatting.listed(list(_AXES), 'or')}", "name one axis at least")

    @property
    def words(self) -> str:
        """The axes in words: ``positions all, readers CT1 and CT2``."""
        return ", ".join(
            f"{axis} {value if value == ALL else formatting.listed([str(each) for each in value])}"
            for axis, value in self.to_json().items()
        )

    def unlike(self, swept: Mapping[str, Sequence[Any]], whole: Collection[str]) -> str:
        """Name an axis whose values in a grid, ``position``, ``layer`` …, are not these; empty where all are.

        ``whole`` are the axes of the grid that have every value there is, which only the model knows.
        """
        for field, axis in _AXES.items():
            value, found = getattr(self, field), tuple(swept.get(axis, ()))
            if axis not in whole if value == ALL else found != value:
                return field
        return ""

    def to_json(self) -> dict[str, Any]:
        """Return the axes that are swept, as `ctlab.sweep` takes them."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}
        return {axis: value if value == ALL else list(value) for axis, value in named.items()}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "SweptAxes":
        """Return the axes that `to_json` wrote."""
        return cls(**{axis: tuple(value) if isinstance(value, list) else value for axis, value in row.items()})
