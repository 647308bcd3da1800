"""Where attention goes, as tables of means by reader, segment and layer."""

from typing import Literal, Self

from pydantic import Field, model_validator

from ctlab.reporting.model.record import BASELINE, Count, Level, Many, Record

CellState = Literal["described", "removed", "absent"]
Kind = Literal["mass", "minus_baseline", "minus_expected"]
ANSWER = "answer"
"""Reader that is the mean of all answer tokens; each of the first ones is this with its number."""
KINDS: tuple[Kind, ...] = ("mass", "minus_baseline", "minus_expected")


class MeanTable(Record):
    """Means over heads and problems: one row a reader, one column a segment."""

    mean: Many[Many[float | None]]
    """Means, proportions; null where nobody reads."""
    low: Many[Many[float | None]]
    """Lower ends, unadjusted; null where one problem has no spread."""
    high: Many[Many[float | None]]
    """Upper ends."""
    n: Many[Count]
    """Problems behind each row."""


class ReaderTables(Record):
    """The tables of one layer, or of all together."""

    mass: MeanTable
    """Share of each reader's attention on each segment."""
    minus_baseline: MeanTable | None = None
    """Its difference from baseline; null for baseline itself."""
    minus_expected: MeanTable | None = None
    """Its difference from baseline with the removed edges taken out and the rest renormalised."""

    def table(self, kind: Kind) -> MeanTable | None:
        """One of the three by name; None where there is none."""
        table: MeanTable | None = getattr(self, kind)
        return table

    @property
    def tables(self) -> dict[Kind, MeanTable]:
        """Those that there are, by name."""
        return {kind: table for kind in KINDS if (table := self.table(kind)) is not None}


class FlowCondition(Record):
    """Attention under one condition."""

    n: Count
    """Number of problems."""
    cells: Many[Many[CellState]]
    """What each cell is: a finding, 0 because the edge was removed, or nothing that could be read."""
    layers: dict[str, ReaderTables]
    """Tables by layer."""


class AttentionFlow(Record):
    """attention_flow.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    level: Level
    """Level of every interval; unadjusted."""
    readers: Many[str]
    """Rows of every table: thoughts, end, answer tokens, and all answer tokens as one."""
    segments: Many[str]
    """Columns of every table."""
    layers: Many[str] = Field(min_length=1)
    """All layers together, then each."""
    conditions: dict[str, FlowCondition] = Field(min_length=1)
    """Every condition by name, baseline first."""

    @property
    def all_layers(self) -> str:
        """Name of the tables of all layers together."""
        return self.layers[0]

    @property
    def shown_readers(self) -> list[int]:
        """Rows that pictures and pages show: thoughts, ``end``, and all answer tokens as one."""
        return [place for place, name in enumerate(self.readers) if not name.startswith(f"{ANSWER} ")]

    @property
    def treated(self) -> list[str]:
        """Conditions other than baseline."""
        return [name for name in self.conditions if name != BASELINE]

    @model_validator(mode="after")
    def _has_tables_of_one_shape(self) -> Self:
        rows, columns = len(self.readers), len(self.segments)
        for name, condition in self.conditions.items():
            if list(condition.layers) != list(self.layers):
                raise ValueError(f"must have a table for each of its layers under {name}")
            if len({tuple(layer.tables) for layer in condition.layers.values()}) > 1:
                raise ValueError(f"must have the same tables for each of its layers under {name}")
            tables = [table for layer in condition.layers.values() for table in layer.tables.values()]
            grids = [condition.cells, *(grid for table in tables for grid in (table.mean, table.low, table.high))]
            if any(len(grid) != rows or any(len(row) != columns for row in grid) for grid in grids):
                raise ValueError(f"must have {rows} readers and {columns} segments in every table under {name}")
            if any(len(table.n) != rows for table in tables):
                raise ValueError(f"must have {rows} sizes in every table under {name}")
        return self
