"""case_studies/case-NN.png: where attention went and where paths parted for one problem, where probes recorded it."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Strict

from ctlab import formatting
from ctlab.reporting.figures.style import INK, condition_styles, hatched, new_figure, quiet, shortened
from ctlab.reporting.model.case_table import CaseAttention, CasePath, Probed
from ctlab.reporting.model.record import BASELINE, Many, Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FAINT = 0.03
"""Mass below which a cell carries no number: there is no room for two digits in every cell."""

_READ = 1e-4
"""Mass under baseline from which a cell without any counts as removed, as in the picture of all problems."""

_MOST = 3
"""Conditions whose attention is drawn: as many as a case keeps."""
CellPlace = Annotated[tuple[int, int], Strict(False)]


class CaseNumbers(Record):
    """What the picture shows."""

    attention: dict[str, CaseAttention]
    """Attention by condition."""
    removed: dict[str, Many[CellPlace]]
    """Cells (row, column) of removed edges, by condition."""
    divergence: dict[str, CasePath]
    """Paths by condition."""


def numbers(case: Probed) -> CaseNumbers | None:
    """Take what is shown from a case; None where no probe ran."""
    attention = dict(list(case.attention.items())[:_MOST])
    if not attention and not case.divergence:
        return None
    before = attention.get(BASELINE)
    return CaseNumbers(
        attention=attention,
        removed={name: _removed(row, before) for name, row in attention.items()},
        divergence=case.divergence,
    )


def _removed(row: CaseAttention, before: CaseAttention | None) -> tuple[tuple[int, int], ...]:
    """Cells (row, column) that carry mass under baseline and none at all here: edges that were removed."""
    if before is None or row.keys != before.keys:
        return ()
    usual = dict(zip(before.readers, before.mass, strict=True))
    return tuple(
        (y, x)
        for y, (reader, line) in enumerate(zip(row.readers, row.mass, strict=True))
        for x, mass in enumerate(line)
        if mass == 0.0 and reader in usual and usual[reader][x] > _READ
    )


def words(case: Probed) -> str:
    """Describe the picture for those who do not see it."""
    shown = numbers(case)
    if shown is None:
        return ""
    parts = []
    if shown.attention:
        parts.append(f"Attention mass of each reader under {formatting.listed(list(shown.attention))}.")
    if any(shown.removed.values()):
        parts.append("Hatched: removed edges.")
    for name, path in shown.divergence.items():
        cosine = formatting.decimal(path.cosine[path.furthest], (0.0, 1.0), 2)
        where = path.positions[path.furthest]
        parts.append(f"Hidden states under {name} are furthest from baseline at {where} (cosine {cosine}).")
    return " ".join(parts)


def draw(shown: CaseNumbers) -> "Figure":
    """Draw one heat map a condition and one line a condition."""
    panels = len(shown.attention) + bool(shown.divergence)
    width = 3.1 * panels + 0.6
    figure = new_figure(width, 3.5)
    grid = figure.add_gridspec(1, panels, left=0.75 / width, right=0.985, top=0.88, bottom=0.22, wspace=0.36)
    for place, (name, row) in enumerate(shown.attention.items()):
        _heat(figure.add_subplot(grid[0, place]), name, row, shown.removed[name])
    if shown.divergence:
        _lines(figure.add_subplot(grid[0, panels - 1]), shown.divergence)
    return figure


def _heat(axes: "Axes", name: str, row: CaseAttention, removed: tuple[tuple[int, int], ...]) -> None:
    """One row a reader, one column a key; every cell with its mass in percent, hatched where edges were removed."""
    axes.imshow(row.mass, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    for y, x in removed:
        axes.add_patch(hatched(x, y))
    for y, line in enumerate(row.mass):
        for x, mass in enumerate(line):
            if mass < _FAINT:
                continue
            shade = "white" if mass > 0.6 else INK
            text = f"{formatting.in_hundredths(mass):.0f}"
            axes.text(x, y, text, ha="center", va="center", fontsize=6.5, color=shade)
    axes.set_xticks(range(len(row.keys)), row.keys, fontsize=7, rotation=90)
    axes.set_yticks(range(len(row.readers)), row.readers, fontsize=7)
    axes.tick_params(length=0)
    axes.set_title(f"{shortened(name, 26)}: mass in %", fontsize=8.5)


def _lines(axes: "Axes", paths: dict[str, CasePath]) -> None:
    """Cosine with baseline, thought by thought."""
    styles = condition_styles(list(paths))
    for name, path in paths.items():
        axes.plot(path.cosine, marker="o", markersize=4, color=styles[name]["facecolor"], label=shortened(name, 22))
    positions = next(iter(paths.values())).positions
    axes.set_xticks(range(len(positions)), positions, fontsize=7, rotation=90)
    axes.set_title("cosine with baseline", fontsize=8.5)
    axes.legend(fontsize=7, frameon=False)
    quiet(axes, "y")
