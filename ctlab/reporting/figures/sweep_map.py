"""sweep_….png: every cell's difference of a sweep that a claim was judged by, a picture for each such claim."""

import re
from collections.abc import Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.files import sha256
from ctlab.records.judgement import Verdict
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import LARGE, SMALL, new_figure
from ctlab.reporting.figures.sweep_layout import BELOW, layout_of
from ctlab.reporting.figures.sweep_panels import (
    SweepCells,
    draw_panel,
    key_handles,
    panel_title,
    reach_of,
    said,
    shown_axes,
)
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.record import Count, Level, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.reporting.model.sweep_details import Value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Where does hiding change the answers?"
_PLAIN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}", re.ASCII)
"""Ids of claims that are names of files as they are, on every system."""


class SweepNumbers(Record):
    """What the picture shows."""

    claim: str
    """Id of the claim."""
    void: bool
    """Whether its verdict is VOID."""
    axes: dict[str, Many[Value]]
    """The swept axes with their values, in order."""
    places: Many[Many[Count]]
    """Where each cell stands along each axis."""
    estimates: Many[float]
    """Each cell's difference to the baseline over all problems, a proportion."""
    marked: Many[bool]
    """Whether each is shown to differ from 0, family-wise."""
    picked: Count
    """Number of the cell that one half of the problems picked."""
    n: Count
    """Problems."""
    alpha: Level
    """What all cells share."""
    moved: str
    """What was looked for: where most was ``lost`` or ``gained``."""
    measured_n: Count
    """Problems of the half that measures."""
    measured: tuple[float, float, float] | None
    """The picked cell's difference on that half with its interval, proportions; None where there is no estimate."""
    level: Level
    """Level of that interval."""

    @property
    def cells(self) -> SweepCells:
        """What panels are drawn of."""
        return SweepCells(self.axes, self.places, self.estimates, self.marked, self.picked)

    def words_of(self, cell: int) -> str:
        """Say which cell it is: ``CT0, layer 2, head 1``."""
        at = zip(self.axes.items(), self.places[cell], strict=True)
        return ", ".join(said(axis, values[place]) for (axis, values), place in at)


def pictures(report: Report) -> list[Picture[SweepNumbers]]:
    """Return a picture of each claim that was judged by a sweep."""
    return [
        Picture(
            file=file_of(claim.id),
            title=TITLE,
            numbers=partial(_numbers, claim),
            words=words,
            draw=draw,
            table=table,
        )
        for claim in report.claims
        if claim.effect and claim.effect.details.known.sweep
    ]


def file_of(claim: str) -> str:
    """Name of the file of a claim's sweep; an id that is no name of a file has its digest in its place."""
    return f"sweep_{claim if _PLAIN_ID.fullmatch(claim) else sha256(claim.encode('utf-8', 'replace'))[:16]}.png"


def _numbers(claim: ClaimRow, report: Report, problems: Sequence[ProblemRow] = ()) -> SweepNumbers | None:
    return numbers(claim)


def numbers(claim: ClaimRow) -> SweepNumbers | None:
    """Take what is shown from a claim; None where it was not judged by a sweep."""
    effect = claim.effect
    sweep = effect.details.known.sweep if effect else None
    if effect is None or sweep is None:
        return None
    found = effect.measured
    return SweepNumbers(
        claim=claim.id,
        void=claim.verdict == Verdict.VOID,
        axes=dict(sweep.grid.axes),
        places=sweep.grid.places,
        estimates=sweep.estimates,
        marked=sweep.marked,
        picked=sweep.cell,
        n=sweep.n,
        alpha=sweep.alpha,
        moved="gained" if effect.alternative == "greater" else "lost",
        measured_n=effect.n,
        measured=(found.estimate, found.low, found.high) if found else None,
        level=effect.level,
    )


def words(shown: SweepNumbers) -> str:
    """Describe the picture: what a cell, its number, a grey corner and the frame are, and what there is to see."""
    together = f"all {formatting.count(len(shown.places))} cells tested together at α = {formatting.small(shown.alpha)}"
    whole = prod(map(len, shown.axes.values()))
    empty = " Where a place is empty, the reader comes before what it would read." if len(shown.places) < whole else ""
    void = " The claim is VOID: a control or certificate contradicts what it had to show." if shown.void else ""
    return formatting.unbroken(
        f"A cell hides {_hidden(shown)}, and nothing else. Its colour, and its number where there is room, is the "
        f"difference in the rate of right answers to baseline in {formatting.POINTS}, over all "
        f"{formatting.counted(shown.n, 'problem')}.{empty} Grey corner: not shown to differ from 0, {together}; "
        f"{_differ(shown)}. Frame: {_picked(shown)}{void} Claim {shown.claim}."
    )


def _hidden(shown: SweepNumbers) -> str:
    what = "one position" if "position" in shown.axes else "every thought"
    whom = "one reader" if "reader" in shown.axes else "all that comes later"
    where = [f"one {axis}" for axis in ("layer", "head") if axis in shown.axes]
    return f"{what} from {whom}{' in ' if where else ''}{' and '.join(where)}"


def _differ(shown: SweepNumbers) -> str:
    """Say how many cells differ, and which one the furthest."""
    differ = [number for number, marked in enumerate(shown.marked) if marked]
    if not differ:
        return "no cell is shown to differ"
    furthest = max(differ, key=lambda cell: abs(shown.estimates[cell]))
    most = f"{shown.words_of(furthest)} ({formatting.points(shown.estimates[furthest])})"
    if len(differ) == 1:
        return f"one cell is shown to differ, {most}"
    return f"{formatting.count(len(differ))} cells are shown to differ, the furthest {most}"


def _picked(shown: SweepNumbers) -> str:
    """Say which cell was picked by whom, and what the others measured there."""
    half, other = (formatting.count(n) for n in (shown.n - shown.measured_n, shown.measured_n))
    picked = (
        f"{shown.words_of(shown.picked)}, picked as the cell where one half of the problems ({half}) {shown.moved} "
        f"most. The claim is judged there by the other half ({other}), which did not pick it"
    )
    if shown.measured is None:
        return f"{picked} and gives no estimate."
    estimate, low, high = shown.measured
    ends = formatting.interval(low, high, formatting.POINTS, unit_shown=False)
    return (
        f"{picked}: {formatting.points(estimate)} ({formatting.level(shown.level)} interval {ends}), which need not be "
        "the number over all problems."
    )


def table(shown: SweepNumbers) -> Table:
    """One row a cell; differences are proportions."""
    values = list(shown.axes.values())
    return Table(
        heads=(*shown.axes, "n", "difference", "differs", "picked"),
        rows=tuple(
            (
                *(axis[at] for axis, at in zip(values, place, strict=True)),
                shown.n,
                estimate,
                "yes" if marked else "no",
                "yes" if number == shown.picked else "no",
            )
            for number, (place, estimate, marked) in enumerate(
                zip(shown.places, shown.estimates, shown.marked, strict=True)
            )
        ),
    )


def draw(shown: SweepNumbers, width: float) -> "Figure":
    """Draw a panel for each place of all axes but the last two, with one scale of colours below them."""
    axes, cells = shown_axes(shown.axes), shown.cells
    panels = axes.panels(cells)
    titles = [panel_title(cells, place) for place in panels]
    rows, columns = ([str(value) for value in shown.axes.get(axis, ())] for axis in (axes.rows, axes.columns))
    layout = layout_of(width, titles, (rows, columns))
    figure = new_figure(width, layout.height)
    image: Any = None
    for number, (title, place) in enumerate(zip(titles, panels, strict=True)):
        panel = figure.add_axes(layout.panel(number))
        image = draw_panel(
            panel,
            cells,
            place,
            axes,
            numbered=layout.numbered,
            frame=1.6 if layout.numbered else 0.8,
            steps=layout.steps,
        )
        panel.set_title(title, fontsize=LARGE, pad=4)
        panel.tick_params(pad=3.0 if layout.numbered else 1.5)  # clear of the frame
        panel.tick_params(axis="x", rotation=90 if layout.upright else 0)
        if layout.first(number):
            panel.set_ylabel(axes.rows, fontsize=SMALL, labelpad=2)
        else:
            panel.tick_params(labelleft=False)
        if layout.lowest(number, len(panels)):
            panel.set_xlabel(axes.columns, fontsize=SMALL, labelpad=2)
        else:
            panel.tick_params(labelbottom=False)
    _scale(figure, image, shown)
    return figure


def _scale(figure: "Figure", image: Any, shown: SweepNumbers) -> None:
    """Draw the scale of colours below the panels, and what corners and the frame are."""
    width, height = figure.get_size_inches()
    wide = min(1.7, 0.55 * width)
    bar = figure.add_axes((0.22 / width, (BELOW - 0.19) / height, wide / width, 0.09 / height))
    reach = reach_of(shown.cells)
    figure.colorbar(image, cax=bar, orientation="horizontal", ticks=[-reach, 0.0, reach])
    bar.set_xticklabels([formatting.signed(formatting.decimal(end)) if end else "0" for end in (-reach, 0.0, reach)])
    bar.tick_params(labelsize=SMALL, length=2, pad=1)
    bar.text(1.06, 0.5, f"difference in {formatting.POINTS}", transform=bar.transAxes, fontsize=SMALL, va="center")
    figure.legend(
        key_handles(),
        ["grey corner: not shown to differ from 0", "frame: picked by one half of the problems"],
        loc="lower left",
        bbox_to_anchor=(0.0, 0.0),
        fontsize=SMALL,
        frameon=False,
        borderpad=0.4,
        handlelength=1.2,
        handleheight=1.0,
        labelspacing=0.25,
    )
