"""thoughts_needed.png: the accuracy that hiding each thought costs, in each stratum of problems."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.figures.needed_cells import NeedCell, NeedNumbers, of_cells
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import INK, LINE, SOFT, new_figure, shortened
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.role_table import CellRow
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

KIND = "needed where"
"""Kind of the claims that are drawn (`ctlab/claims/kinds/needed_where.py`)."""
NEEDED, IDLE = "needed", "idle"
NEEDED_FILL = "#0b5c99"
"""Fill of a needed cell: white text has a contrast of 7 on it, and it stands out from a white and from a dark page."""
_TITLE = "Where is each thought needed?"
_NAMES, _CELL = 0.42, (0.55, 0.53)  # inches: names of thoughts; the narrowest cell and its height
_WIDEST = 1.3  # inches: a wider cell would only part its numbers
_ABOVE = 0.45  # inches: heads of a block


def numbers(report: Report, problems: Sequence[ProblemRow] = ()) -> NeedNumbers | None:
    """Take the first claim of the kind that was judged and is not VOID; None where there is none."""
    drawn = [(claim, cells) for claim in report.claims if claim.verdict != Verdict.VOID and (cells := _cells(claim))]
    if not drawn:
        return None
    (claim, cells), *others = drawn
    level = claim.effect.level if claim.effect else 0.95
    shown = of_cells(cells, claim=claim.id, feature=claim.feature, margin=claim.margin, level=level)
    return shown.model_copy(update={"exploratory": claim.exploratory, "omitted": len(others)})


def missing(report: Report) -> str:
    """Say why there is no picture."""
    claims = [claim for claim in report.claims if claim.kind == KIND]
    if not claims:
        return "No claim of this run asks in which problems each thought is needed, so no picture of that is shown."
    void = [claim.id for claim in claims if claim.verdict == Verdict.VOID]
    if void:
        why = f"{formatting.listed(void)} {'is' if len(void) == 1 else 'are'} VOID"
    else:
        verb = "was" if len(claims) == 1 else "were"
        why = f"{formatting.listed([claim.id for claim in claims])} {verb} not judged in this run"
    return f"In which problems each thought is needed is not shown: {why}."


def _cells(claim: ClaimRow) -> tuple[CellRow, ...]:
    """Cells of a claim about thoughts hidden from all later positions; one that tells readers apart is another."""
    cells = claim.effect.details.known.cells if claim.kind == KIND and claim.effect else None
    return () if not cells or any(cell.readers for cell in cells) else cells


def words(shown: NeedNumbers) -> str:
    """Describe the picture for those who do not see it."""
    told = [
        f"{thought}, {name}: {cost_text(cell.cost or 0.0, shown.margin)}"
        for thought, row in zip(shown.thoughts, shown.cells, strict=True)
        for name, cell in zip(shown.names, row, strict=True)
        if cell and cell.label == NEEDED
    ]
    labels = [cell.label for row in shown.cells for cell in row if cell]
    needed, idle = labels.count(NEEDED), labels.count(IDLE)
    where = f" Needed: {'; '.join(told)}." if told else ""
    exploratory = " Exploratory: not registered before these answers were seen." if shown.exploratory else ""
    rest = f" {formatting.counted(shown.omitted, 'more claim')} of this kind not drawn." if shown.omitted else ""
    return (
        f"{legend(shown)} {needed} needed, {idle} idle, {len(labels) - needed - idle} unknown.{where}"
        f"{exploratory}{rest} Claim {shown.claim}."
    )


def table(shown: NeedNumbers) -> Table:
    """One row a cell; costs are proportions."""
    return Table(
        heads=("thought", "stratum", "n", "cost", "low", "high", "level", "label", "why"),
        rows=tuple(
            (thought, name, cell.n, cell.cost, cell.low, cell.high, shown.level, cell.label, cell.why)
            for thought, row in zip(shown.thoughts, shown.cells, strict=True)
            for name, cell in zip(shown.names, row, strict=True)
            if cell
        ),
    )


def cost_text(cost: float, margin: float, digits: int = 1) -> str:
    """Write a cost in points, never rounded onto the margin."""
    return formatting.decimal(formatting.in_hundredths(cost), _marks(margin), digits)


def ends_text(cell: NeedCell, margin: float) -> str:
    """Write a cell's interval in whole points, with more digits where an end would fall onto 0 or the margin."""
    if cell.low is None or cell.high is None:
        return "not tested"
    return f"{cost_text(cell.low, margin, 0)} to {cost_text(cell.high, margin, 0)}"


def _marks(margin: float) -> tuple[float, ...]:
    points = formatting.in_hundredths(margin)
    return 0.0, points, -points


def blocks(shown: NeedNumbers, across: int) -> list[range]:
    """Columns that stand beside each other: at most ``across``, as even as can be, the rest below."""
    many = len(shown.strata)
    lines = -(-many // max(1, across))
    size = -(-many // lines)
    return [range(start, min(start + size, many)) for start in range(0, many, size)]


def draw(shown: NeedNumbers, width: float) -> "Figure":
    """Draw one row a thought, one column a stratum; columns that do not fit stand below.

    How to read it stands in its caption alone, which is beside it wherever it is shown.
    """
    parts = blocks(shown, int((width - _NAMES - 0.05) / _CELL[0]))
    wide = min(_WIDEST, (width - _NAMES - 0.05) / len(parts[0]))
    tall = len(shown.thoughts) * _CELL[1]
    height = len(parts) * (_ABOVE + tall) + 0.04
    figure = new_figure(width, height)
    for number, part in enumerate(parts):
        bottom = height - (number + 1) * (_ABOVE + tall)
        axes = figure.add_axes((_NAMES / width, bottom / height, wide * len(part) / width, tall / height))
        draw_block(axes, shown, part)
    return figure


def legend(shown: NeedNumbers) -> str:
    """Say how to read it; no number parts from its unit."""
    low, high = (formatting.decimal(formatting.in_hundredths(end), digits=0) for end in shown.reach)
    level, margin = formatting.level(shown.level), formatting.boundary(shown.margin).lstrip("+")
    return formatting.unbroken(
        f"Points of accuracy lost by hiding a thought, by {shown.feature}, with an interval of {level} each, "
        f"{formatting.counted(shown.tested, 'cell')} together at the claim's level (Bonferroni), in digits and as a "
        f"line from {low} to {high}. Needed: above {margin}; idle: within ±{margin}; unknown: neither is shown."
    )


def draw_block(axes: "Axes", shown: NeedNumbers, part: range, *, larger: float = 1.0) -> None:
    """Draw columns that stand beside each other into axes; letters are so many times as large as in a report."""
    axes.set_xlim(0, len(part))
    axes.set_ylim(len(shown.thoughts), 0)
    for y, row in enumerate(shown.cells):
        for x, column in enumerate(part):
            if (cell := row[column]) is not None:
                _draw_cell(axes, x, y, cell, shown, larger)
    heads = [f"{shortened(shown.strata[column], 14)}\nn = {shown.sizes[column]}" for column in part]
    axes.set_xticks([x + 0.5 for x in range(len(part))], heads, fontsize=6.5 * larger, color=INK)
    names = [shortened(thought, 9 if larger == 1.0 else 26) for thought in shown.thoughts]
    axes.set_yticks([y + 0.5 for y in range(len(shown.thoughts))], names, fontsize=7 * larger)
    axes.tick_params(length=0, pad=2, labeltop=True, labelbottom=False)
    axes.set_xlabel(shown.feature, fontsize=7 * larger, labelpad=3)
    axes.xaxis.set_label_position("top")
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_cell(axes: "Axes", x: int, y: int, cell: NeedCell, shown: NeedNumbers, larger: float) -> None:
    """A box filled (needed), plain (idle) or hatched (unknown); its number, its interval in digits and as a line."""
    axes.add_patch(_box(x + 0.03, y + 0.03, 0.94, 0.94, cell.label))
    ink = "white" if cell.label == NEEDED else INK

    def write(text: str, at: float, size: float, weight: str = "normal") -> None:
        axes.text(x + 0.5, y + at, text, ha="center", va="center", fontsize=size * larger, fontweight=weight, color=ink)

    write("–" if cell.cost is None else cost_text(cell.cost, shown.margin), 0.21, 8, "bold")
    write(ends_text(cell, shown.margin), 0.47, 6)
    if cell.numbers is not None:
        low, high = shown.reach
        at, start, end = (x + 0.1 + 0.8 * (value - low) / (high - low) for value in cell.numbers)
        axes.plot([start, end], [y + 0.63] * 2, color=ink, linewidth=1.0, solid_capstyle="butt")
        # An upright stroke: a dot is wider than the interval of a cell where nothing changes, and would hide it.
        axes.plot([at, at], [y + 0.575, y + 0.685], color=ink, linewidth=1.1, solid_capstyle="butt")
    write(cell.label, 0.83, 6)


def _box(x: float, y: float, wide: float, tall: float, label: str) -> "Rectangle":
    from matplotlib.patches import Rectangle

    if label == NEEDED:
        return Rectangle((x, y), wide, tall, facecolor=NEEDED_FILL, edgecolor=NEEDED_FILL, linewidth=0.6)
    if label == IDLE:
        return Rectangle((x, y), wide, tall, facecolor="white", edgecolor=SOFT, linewidth=0.6)
    return Rectangle((x, y), wide, tall, facecolor="white", edgecolor=LINE, linewidth=0.6, hatch="////")


PICTURE = Picture(file="thoughts_needed.png", title=_TITLE, numbers=numbers, words=words, draw=draw, table=table)
