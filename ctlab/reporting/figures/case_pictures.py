"""case_studies/case-NN.png: where attention went and where paths parted for one problem, where probes recorded it."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Strict

from ctlab import formatting
from ctlab.reporting.figures.picture import Table
from ctlab.reporting.figures.style import INK, PLAIN, SMALL, condition_strokes, hatched, new_figure, quiet, shortened
from ctlab.reporting.model.case_table import CaseAttention, CasePath, Probed
from ctlab.reporting.model.record import BASELINE, Many, Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ACROSS, _TALL, _LEFT, _HEAD, _BELOW = {False: 2, True: 4}, 1.15, 0.42, 0.2, 0.46
"""Panels beside each other, in a column and in a text; inches: a panel, names on its left, its title, names below."""
_LOWEST = -1.05
"""Where the axis of cosines ends, in every case: so that two cases can be compared by eye."""
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


def table(shown: CaseNumbers) -> Table:
    """One row a cell of a heat map, or a point of a line."""
    rows = [
        ("attention", name, reader, key, mass)
        for name, row in shown.attention.items()
        for reader, line in zip(row.readers, row.mass, strict=True)
        for key, mass in zip(row.keys, line, strict=True)
    ]
    rows += [
        ("cosine", name, position, "", cosine)
        for name, path in shown.divergence.items()
        for position, cosine in zip(path.positions, path.cosine, strict=True)
    ]
    return Table(heads=("panel", "condition", "position", "key", "value"), rows=tuple(rows))


def draw(shown: CaseNumbers, width: float) -> "Figure":
    """Draw one heat map a condition and one line a condition; two panels beside each other in a column."""
    across = _ACROSS[width > 5.0]
    panels = len(shown.attention) + bool(shown.divergence)
    height = -(-panels // across) * (_HEAD + _TALL + _BELOW)
    figure = new_figure(width, height)
    room = width / across
    places = [
        (
            (place % across * room + _LEFT) / width,
            (height - place // across * (_HEAD + _TALL + _BELOW) - _HEAD - _TALL) / height,
            (room - _LEFT - 0.06) / width,
            _TALL / height,
        )
        for place in range(panels)
    ]
    for place, (name, row) in zip(places, shown.attention.items(), strict=False):
        _heat(figure.add_axes(place), name, row, shown.removed[name])
    if shown.divergence:
        _lines(figure.add_axes(places[-1]), shown.divergence)
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
            axes.text(x, y, text, ha="center", va="center", fontsize=SMALL, color=shade)
    axes.set_xticks(range(len(row.keys)), row.keys, fontsize=SMALL, rotation=90)
    axes.set_yticks(range(len(row.readers)), row.readers, fontsize=SMALL)
    axes.tick_params(length=0, pad=1.5)
    axes.set_title(f"{shortened(name, 16)}: %", fontsize=PLAIN)


def _lines(axes: "Axes", paths: dict[str, CasePath]) -> None:
    """Cosine with baseline, thought by thought."""
    strokes = condition_strokes(list(paths))
    for name, path in paths.items():
        axes.plot(path.cosine, markersize=2.5, linewidth=0.9, label=shortened(name, 16), **strokes[name])
    positions = next(iter(paths.values())).positions
    axes.set_xticks(range(len(positions)), positions, fontsize=SMALL, rotation=90)
    axes.set_ylim(_LOWEST, 1.05)
    axes.set_title("cosine with baseline", fontsize=PLAIN)
    axes.legend(fontsize=SMALL, frameon=False, loc="lower left", borderpad=0.1, handlelength=1.6)
    quiet(axes, "y")
