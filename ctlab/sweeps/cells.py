"""The cells of a sweep: one hidden position each, from one kind of reader, at one layer and head; pure data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ctlab.errors import InputError
from ctlab.field_docs import documented
from ctlab.interventions import Condition, Intervention
from ctlab.interventions.edges import KEY_WORDS, READER_WORDS

Axis = Literal["position", "layer", "head", "reader"]
AXES: tuple[Axis, ...] = ("position", "layer", "head", "reader")
"""In the order in which a grid counts its cells: the last one fastest."""
Value = str | int | None


@documented
@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a sweep: what is hidden from whom, and where; None along an axis that is not swept."""

    position: str | None = None
    """What is hidden: ``CT0`` …, ``begin``, ``end``, ``thoughts``, ``question`` or ``question-control``; None: every
    thought."""
    layer: int | None = None
    """The one layer in which it is hidden, from 0; None: all of them."""
    head: int | None = None
    """The one query head in which it is hidden, from 0; None: all of them."""
    reader: str | None = None
    """From whom: ``later``, ``thoughts``, ``answer``, or one position; None: ``later``."""

    @property
    def condition(self) -> Condition:
        """The condition that hides it; its answers are stored under what it does, whatever its name."""
        position, reader = self.position or "thoughts", self.reader or "later"
        edges = Intervention(
            keys=position if position in KEY_WORDS else (position,),
            readers=reader if reader in READER_WORDS else (reader,),
            layers=None if self.layer is None else (self.layer,),
            heads=None if self.head is None else (self.head,),
        )
        return Condition(name=self.name, interventions=(edges,))

    @property
    def name(self) -> str:
        """Identifier of its condition, such as ``ct0_from_answer_layer2_head1``."""
        hidden = (self.position or "thoughts").lower().replace("-", "_")
        name = f"{hidden}_from_{(self.reader or 'later').lower()}"
        name += "" if self.layer is None else f"_layer{self.layer}"
        return name + ("" if self.head is None else f"_head{self.head}")

    @property
    def words(self) -> str:
        """What people read: ``CT0, layer 2, head 1, from answer``; only what is swept."""
        said = [] if self.position is None else [self.position]
        said += [] if self.layer is None else [f"layer {self.layer}"]
        said += [] if self.head is None else [f"head {self.head}"]
        return ", ".join(said + ([] if self.reader is None else [f"from {self.reader}"]))

    def to_json(self) -> dict[str, Any]:
        """JSON form: the axes that are swept."""
        return {axis: getattr(self, axis) for axis in AXES if getattr(self, axis) is not None}


@documented
@dataclass(frozen=True, kw_only=True)
class Grid:
    """The axes of a sweep and every cell that they span, in a fixed order."""

    positions: tuple[str, ...] = ()
    """Along the first axis; empty where it is not swept. So are the others."""
    layers: tuple[int, ...] = ()
    """Along the second."""
    heads: tuple[int, ...] = ()
    """Along the third."""
    readers: tuple[str, ...] = ()
    """Along the fourth."""
    edgeless: frozenset[tuple[str, str]] = field(default=frozenset())
    """Position and reader that no edge joins, because the reader comes first: places in the grid without a cell."""

    def __post_init__(self) -> None:
        if not self.axes:
            raise InputError("a sweep needs an axis: give positions, layers, heads or readers, one of them at least")
        if not self.cells:
            raise InputError("no cell of this sweep hides anything: every reader comes before every position")

    @cached_property
    def axes(self) -> Mapping[Axis, tuple[Value, ...]]:
        """The swept axes by name, in order, each with its values."""
        every: dict[Axis, tuple[Value, ...]] = {
            "position": self.positions,
            "layer": self.layers,
            "head": self.heads,
            "reader": self.readers,
        }
        return {axis: values for axis, values in every.items() if values}

    @property
    def shape(self) -> tuple[int, ...]:
        """Values along each swept axis."""
        return tuple(map(len, self.axes.values()))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in the order of the axes; places without an edge have none."""
        return tuple(cell for _, cell in self._placed())

    @cached_property
    def places(self) -> npt.NDArray[np.int32]:
        """Where each cell stands along each swept axis: (cells, axes)."""
        found = [place for place, _ in self._placed()]
        return np.array(found, np.int32).reshape(len(found), len(self.axes))

    def __len__(self) -> int:
        return len(self.cells)

    def number(self, **where: Any) -> int:
        """Return the number of a cell by its values along every swept axis, from 0."""
        if where.keys() != self.axes.keys():
            raise InputError(f"a cell of this sweep has {', '.join(self.axes)}; not {', '.join(where) or 'nothing'}")
        cell = Cell(**where)  # an unknown value is the next sentence's
        try:
            return self.cells.index(cell)
        except ValueError:
            raise InputError(f"the sweep has no cell {cell.words}; grid.axes says which it has") from None

    def spread(self, values: npt.ArrayLike, empty: float = np.nan) -> npt.NDArray[np.float64]:
        """Put one number a cell in its place: an array of the grid's shape, ``empty`` where there is no cell."""
        given = np.asarray(values, np.float64)
        if given.shape != (len(self),):
            raise InputError(f"a sweep of {len(self)} cells takes as many numbers, not an array of {given.shape}")
        placed = np.full(self.shape, empty, np.float64)
        placed[tuple(self.places.T)] = given
        return placed

    def along(self, axis: Axis) -> npt.NDArray[np.int32]:
        """Where each cell stands along one axis, as numbers into ``axes[axis]``: (cells,)."""
        if axis not in self.axes:
            raise InputError(f"this sweep has no axis {axis!r}; it has {', '.join(self.axes)}")
        return self.places[:, list(self.axes).index(axis)]

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        form: dict[str, Any] = {f"{axis}s": list(values) for axis, values in self.axes.items()}
        return form | ({"edgeless": sorted(map(list, self.edgeless))} if self.edgeless else {})

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Grid":
        """Read the JSON form."""
        axes = {name: tuple(form.get(name, ())) for name in ("positions", "layers", "heads", "readers")}
        return cls(**axes, edgeless=frozenset((key, reader) for key, reader in form.get("edgeless", ())))

    def _placed(self) -> Iterator[tuple[tuple[int, ...], Cell]]:
        for place in product(*(range(size) for size in self.shape)):
            named: dict[str, Any] = {
                axis: values[at] for (axis, values), at in zip(self.axes.items(), place, strict=True)
            }
            cell = Cell(**named)
            if (cell.position or "thoughts", cell.reader or "later") not in self.edgeless:
                yield place, cell
