"""What claims about cells, thoughts by places, say of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.claims.decision import untested_cells
from ctlab.claims.group_words import group_words
from ctlab.records.effect import Effect
from ctlab.statistics.cells.cell import Place


def cell_words(effect: Effect) -> str:
    """Name the cell that decides, behind a noun; empty where none does."""
    weakest = effect.details.get("weakest")
    row = next((row for row in effect.details.get("cells", ()) if _name(row) == weakest), None)
    return "" if row is None else f", {row['thought']}{_at(row)}"


def counted_labels(effect: Effect) -> str:
    """Say how many cells show what; empty without cells."""
    cells: Sequence[Mapping[str, Any]] = effect.details.get("cells", ())
    labels = dict.fromkeys(row["label"] for row in cells)
    counts = [f"{sum(row['label'] == label for row in cells)} {label}" for label in labels]
    if not cells:
        return ""
    said = f"Of {formatting.counted(len(cells), 'cell')}, judged together: {formatting.listed(counts)}."
    if untested := untested_cells(effect):
        said += f" {untested} with too few problems {'was' if untested == 1 else 'were'} not tested: without these "
        said += "that no cell holds is not shown."
    return said


def _name(row: Mapping[str, Any]) -> str:
    """Return the name that a statistic gives a cell."""
    return Place(thought=row["thought"], place=row["place"]).name


def _at(row: Mapping[str, Any]) -> str:
    """Say where a cell stands, behind its thought."""
    return f" at {group_words(row['place'])}" if row["place"] else ""
