"""Where paths part, as tables of distances from baseline by position and layer."""

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from ctlab.reporting.model.record import Count, Level, Many, Record, check_inside

Place = Annotated[tuple[Count, Count], Strict(False)]


class PointMean(Record):
    """One mean over problems."""

    mean: float
    """The mean."""
    low: float | None
    """Lower end, unadjusted; null where one problem has no spread."""
    high: float | None
    """Upper end."""

    @model_validator(mode="after")
    def _lies_in_its_interval(self) -> Self:
        check_inside(self.mean, self.low, self.high)
        return self


class LineMeans(Record):
    """Means over problems, one a position."""

    mean: Many[float]
    """Means."""
    low: Many[float | None]
    """Lower ends, unadjusted; null where one problem has no spread."""
    high: Many[float | None]
    """Upper ends."""

    @model_validator(mode="after")
    def _lies_in_its_intervals(self) -> Self:
        for mean, low, high in zip(self.mean, self.low, self.high, strict=False):  # lengths: see ReasoningPaths
            check_inside(mean, low, high)
        return self

    def point(self, position: int) -> PointMean:
        """The mean at one position."""
        return PointMean(mean=self.mean[position], low=self.low[position], high=self.high[position])


class GridMeans(Record):
    """Means over problems: one row a position, one column a level."""

    mean: Many[Many[float]]
    """Means."""
    low: Many[Many[float | None]]
    """Lower ends, unadjusted; null where one problem has no spread."""
    high: Many[Many[float | None]]
    """Upper ends."""

    @model_validator(mode="after")
    def _lies_in_its_intervals(self) -> Self:
        for rows in zip(self.mean, self.low, self.high, strict=False):  # shapes: see ReasoningPaths
            for mean, low, high in zip(*rows, strict=False):
                check_inside(mean, low, high)
        return self

    @property
    def last(self) -> LineMeans:
        """The means after the last layer."""
        return LineMeans(
            mean=tuple(row[-1] for row in self.mean),
            low=tuple(row[-1] for row in self.low),
            high=tuple(row[-1] for row in self.high),
        )


class BreakingGroup(Record):
    """Distances of broken, or of unbroken problems, after the last layer; only a size where they are few."""

    n: Count
    """Problems in the group."""
    mean: Many[float] | None = None
    """Means by position; null where the group is small."""
    low: Many[float | None] | None = None
    """Lower ends."""
    high: Many[float | None] | None = None
    """Upper ends."""

    @model_validator(mode="after")
    def _lies_in_its_intervals(self) -> Self:
        for mean, low, high in zip(self.mean or (), self.low or (), self.high or (), strict=False):
            check_inside(mean, low, high)
        return self

    @property
    def line(self) -> LineMeans | None:
        """Its means with their intervals; None where the group is small."""
        if not self.mean or self.low is None or self.high is None:
            return None
        return LineMeans(mean=self.mean, low=self.low, high=self.high)


class Breaking(Record):
    """Problems that baseline answers correctly, by what became of them."""

    broken: BreakingGroup
    """Answered wrongly under the condition."""
    unbroken: BreakingGroup
    """Answered rightly under the condition too."""

    @property
    def lines(self) -> dict[str, tuple[int, LineMeans]]:
        """The groups that are large enough, by name, with their sizes."""
        groups = {"broken": self.broken, "unbroken": self.unbroken}
        return {name: (group.n, line) for name, group in groups.items() if (line := group.line)}


class PathCondition(Record):
    """One condition's path beside baseline's."""

    n: Count
    """Number of problems."""
    cosine: GridMeans
    """Cosine with baseline's state."""
    distance: GridMeans
    """Distance from baseline's state in lengths of it."""
    largest: Many[Many[float]]
    """Largest distance over problems."""
    parts_at: Place | None
    """First position and level at which the mean distance is not 0; null where there is none."""
    breaking: Breaking | None
    """Broken against unbroken problems; null where the answers are not known."""


class CascadeRow(Record):
    """A thought hidden from one reader alone, beside the same hidden from all later ones."""

    thought: str
    """What is hidden."""
    position: str
    """The reader."""
    direct: str
    """Condition that hides it from the reader alone."""
    whole: str
    """Condition that hides it from all later positions."""
    n: Count = 0
    """Number of problems."""
    direct_distance: PointMean
    """Distance from baseline under ``direct``."""
    whole_distance: PointMean
    """Distance under ``whole``."""
    beyond: PointMean
    """The difference, paired by problem."""


class DecodedRow(Record):
    """How often a thought decodes to an intermediate result."""

    thought: str
    """The thought."""
    hits: Count
    """Problems in which it does."""
    n: int = Field(gt=0)
    """Problems that have an intermediate result."""
    shuffled: float | None = None
    """Rate at which it decodes to another problem's; null where that was not computed."""


class ReasoningPaths(Record):
    """reasoning_paths.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    level: Level
    """Level of every interval; unadjusted."""
    same: float
    """Distance up to which two states count as the same."""
    positions: Many[str] = Field(min_length=1)
    """Rows of every table."""
    levels: Many[str] = Field(min_length=1)
    """Columns of every table: what is fed, then each layer."""
    conditions: dict[str, PathCondition] = Field(min_length=1)
    """Treated conditions by name."""
    cascade: Many[CascadeRow] = ()
    """Direct effects beside whole ones."""
    decoded: dict[str, Many[DecodedRow]] = {}
    """What thoughts decode to, by condition."""

    @model_validator(mode="after")
    def _has_tables_of_one_shape(self) -> Self:
        shape = (len(self.positions), len(self.levels))
        for name, row in self.conditions.items():
            tables = (row.cosine, row.distance)
            grids = [row.largest, *(grid for table in tables for grid in (table.mean, table.low, table.high))]
            if any(len(grid) != shape[0] or any(len(line) != shape[1] for line in grid) for grid in grids):
                raise ValueError(f"must have {shape[0]} positions and {shape[1]} levels in every table under {name}")
            if row.parts_at and not (row.parts_at[0] < shape[0] and row.parts_at[1] < shape[1]):
                raise ValueError(f"must part from baseline at one of its positions and levels under {name}")
            groups = (row.breaking.broken, row.breaking.unbroken) if row.breaking else ()
            lines = [group.line for group in groups if group.line]
            if any(len(end) != shape[0] for line in lines for end in (line.mean, line.low, line.high)):
                raise ValueError(f"must have {shape[0]} positions in every group under {name}")
        if any(not rows for rows in self.decoded.values()):
            raise ValueError("must have a thought for each condition under which thoughts were decoded")
        return self
