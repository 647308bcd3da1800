"""Thoughts in rows, strata in columns: the cells of one effect, for whoever draws them."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.claims.group_words import group_words
from ctlab.reporting.model.record import Count, Many, Record
from ctlab.reporting.model.role_table import CellRow
from ctlab.reporting.prose.correlation_words import feature_words


class NeedCell(Record):
    """One thought in one stratum."""

    cost: float | None
    """Accuracy lost, a proportion; null where it was not tested."""
    low: float | None
    """Lower end of its simultaneous interval."""
    high: float | None
    """Upper end."""
    n: Count
    """Problems."""
    label: str
    """``needed``, ``idle`` or ``unknown``."""
    why: str
    """Why it is unknown."""

    @property
    def numbers(self) -> tuple[float, float, float] | None:
        """Cost and its interval; None where it was not tested."""
        if self.cost is None or self.low is None or self.high is None:
            return None
        return self.cost, self.low, self.high


class NeedNumbers(Record):
    """What the picture shows."""

    claim: str
    """Id of the claim."""
    exploratory: bool
    """Whether it was not registered before its answers were seen."""
    feature: str
    """What tells the strata apart, in words."""
    margin: float
    """Cost that makes a thought needed, a proportion."""
    level: float
    """Level of every interval."""
    thoughts: Many[str]
    """Rows."""
    strata: Many[str]
    """Columns, as short as their feature above them allows."""
    names: Many[str]
    """The same in full."""
    cells: Many[Many[NeedCell | None]]
    """One row a thought, one column a stratum; null where there is no such cell."""
    omitted: Count
    """Further claims of this kind, which are not drawn."""

    @property
    def tested(self) -> int:
        """Cells that share the claim's α."""
        return sum(cell is not None and cell.numbers is not None for row in self.cells for cell in row)

    @property
    def sizes(self) -> list[str]:
        """Problems of each stratum, a range where thoughts were hidden in different ones."""
        columns = ([cell.n for cell in column if cell] for column in zip(*self.cells, strict=True))
        counts = [(min(column), max(column)) for column in columns]
        return [formatting.count(low) if low == high else f"{low:,}–{high:,}" for low, high in counts]

    @property
    def reach(self) -> tuple[float, float]:
        """Ends of the scale that all cells share, proportions; 0 is on it."""
        ends = [end for row in self.cells for cell in row if cell and cell.numbers for end in cell.numbers]
        return min([0.0, *ends]), max([self.margin, *ends])


def of_cells(cells: Sequence[CellRow], *, claim: str, feature: str, margin: float, level: float) -> NeedNumbers:
    """Lay the cells of one effect out: thoughts in rows, strata in columns, both in the order of their first cell."""
    by_place = {(_row(cell), _column(cell)): _cell(cell) for cell in cells}
    thoughts, places = (list(dict.fromkeys(names)) for names in zip(*by_place, strict=True))
    return NeedNumbers(
        claim=claim,
        exploratory=False,
        feature=feature_words(feature),
        margin=margin,
        level=level,
        thoughts=tuple(thoughts),
        strata=tuple(_head(place, feature) for place in places),
        names=tuple(group_words(place) or "all problems" for place in places),
        cells=tuple(tuple(by_place.get((thought, place)) for place in places) for thought in thoughts),
        omitted=0,
    )


def _row(cell: CellRow) -> str:
    """Name a row: the thought, and from whom it is hidden where that is asked."""
    return f"{cell.thought} from {cell.readers}" if cell.readers else cell.thought


def _column(cell: CellRow) -> str:
    """Name a column: the stratum, without the readers that stand at its row."""
    return cell.place.removesuffix(f", hidden from {cell.readers}") if cell.readers else cell.place


def _cell(cell: CellRow) -> NeedCell:
    ends = [None if end is None else -end for end in (cell.estimate, cell.high, cell.low)]
    return NeedCell(cost=ends[0], low=ends[1], high=ends[2], n=cell.n, label=cell.label, why=cell.why)


def _head(place: str, feature: str) -> str:
    """Name a stratum as shortly as its feature, which stands above all of them, allows."""
    for start in (f"{feature} = ", f"{feature} "):
        if place.startswith(start):
            return place.removeprefix(start)
    return group_words(place)
