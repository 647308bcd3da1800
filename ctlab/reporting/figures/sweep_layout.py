"""Where the panels of a sweep's map stand at a width: as many beside each other as keep their cells legible."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

_HIGHEST = 9.2
"""Inches: what a page has for a picture."""
_NUMBERED, _WIDEST = (0.34, 0.24), 0.8
"""Inches: the least cell that has room for its number, and the widest."""
_PLAIN = 0.2
"""Inches: the largest cell without a number."""
_LEAST = 0.01
"""Inches: the least height of a cell, in a picture that outgrows the page."""
_LETTER, _BOLD = 0.052, 0.07
"""Inches: a letter of the smallest text, and one of a title."""
_LINE = 0.1
"""Inches: a line of the smallest text."""
_GAP, _RIGHT, _TITLE = 0.1, 0.08, 0.22
"""Inches: between panels, right of the last one, and above each that has a title."""
BELOW = 0.66
"""Inches below the last axis: the scale of colours and what the marks are."""
_AXIS = 0.2
"""Inches: the name of an axis."""


class Layout(NamedTuple):
    """Places of panels; inches."""

    width: float
    """Of the figure."""
    height: float
    """Of the figure."""
    across: int
    """Panels beside each other."""
    cell: tuple[float, float]
    """Width and height of a cell."""
    shape: tuple[int, int]
    """Rows and columns of a panel."""
    left: float
    """Names of rows."""
    above: float
    """Title of a panel."""
    numbered: bool
    """Whether cells have room for their numbers."""
    upright: bool
    """Whether names of columns are turned, having no room side by side."""
    steps: tuple[int, int]
    """Every so manieth row and column is named."""

    def panel(self, number: int) -> tuple[float, float, float, float]:
        """Place of a panel, as parts of the figure: left, bottom, width, height."""
        down, right = divmod(number, self.across)
        wide, tall = self.shape[1] * self.cell[0], self.shape[0] * self.cell[1]
        x = self.left + right * (wide + _GAP)
        y = self.height - (down + 1) * (self.above + tall) - down * _GAP
        return x / self.width, y / self.height, wide / self.width, tall / self.height

    def first(self, number: int) -> bool:
        """Whether a panel is the first of its line, and names its rows."""
        return number % self.across == 0

    def lowest(self, number: int, panels: int) -> bool:
        """Whether no panel stands below, so that it names its columns."""
        return number + self.across >= panels


def layout_of(width: float, titles: Sequence[str], names: tuple[Sequence[str], Sequence[str]]) -> Layout:
    """Lay out a panel for each title; ``names`` are those of rows and of columns, none where there is no such axis.

    The lowest figure in which cells have room for their numbers; where none has, the one with the largest cells.
    """
    choices = [_choice(width, titles, across, names) for across in range(1, len(titles) + 1)]
    fitting = [each for each in choices if _wide_enough(each, titles)] or choices[:1]
    return max(fitting, key=lambda each: (each.numbered, -each.height if each.numbered else min(each.cell)))


def _wide_enough(layout: Layout, titles: Sequence[str]) -> bool:
    """Whether no title reaches into that of the next panel."""
    return max(map(len, titles)) * _BOLD <= layout.shape[1] * layout.cell[0] + _GAP


def _choice(width: float, titles: Sequence[str], across: int, names: tuple[Sequence[str], Sequence[str]]) -> Layout:
    rows, columns = names
    tall, wide = max(1, len(rows)), max(1, len(columns))
    longest_row, longest = (max(map(len, each), default=0) * _LETTER for each in names)
    down = -(-len(titles) // across)
    left = (_AXIS + longest_row + 0.04) if rows else 0.15
    above = _TITLE if any(titles) else 0.06
    room = (width - left - _RIGHT - (across - 1) * _GAP) / (across * wide)
    upright = longest + 0.04 > room and not all(map(str.isdecimal, columns))
    named = (longest if upright else 0.12) + _AXIS + 0.06
    free = (_HIGHEST - named - BELOW - down * above - (down - 1) * _GAP) / (down * tall)
    numbered = room >= _NUMBERED[0] and free >= _NUMBERED[1]
    plain = (min(room, _PLAIN), max(_LEAST, min(room, free, _PLAIN)))
    cell = (min(room, _WIDEST), _NUMBERED[1]) if numbered else plain
    # Turned names take a line each; those that lie are as long as their letters.
    least = _LINE if upright else longest + 0.06
    return Layout(
        width=width,
        height=down * (above + tall * cell[1]) + (down - 1) * _GAP + named + BELOW,
        across=across,
        cell=cell,
        shape=(tall, wide),
        left=left,
        above=above,
        numbered=numbered,
        upright=upright,
        steps=(max(1, ceil(_LINE / cell[1])), max(1, ceil(least / cell[0]))),
    )
