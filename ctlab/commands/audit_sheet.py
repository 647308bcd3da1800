"""The sheet of an audit: wrong answers drawn at random, a reader's labels beside the classifier's, their agreement."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.files import publish
from ctlab.inputs import read_text
from ctlab.outcomes import ERRORS
from ctlab.reporting.model import Prediction
from ctlab.statistics.wilson import wilson
from ctlab.untrusted_text import visible

HEAD = ("condition", "problem_id", "problem", "gold", "answer", "label", "your_label")
ALL = "all"
"""Name of the line about all labels together."""
# What a spreadsheet takes for a formula; answers such as "= 5" and "- 3" begin so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often a reader gave the classifier's label."""

    read: int
    """Answers that the reader labelled."""
    agreed: int
    """Those with the same label."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % score interval of the share that agrees (Wilson 1927)."""
        return wilson(self.agreed, self.read)


def draw(rows: Sequence[Prediction], sample: int, seed: int) -> list[Prediction]:
    """Draw wrong answers at random, each with the same probability, so that the agreement speaks for all of them."""
    if not rows:
        raise InputError("there is no wrong answer to read; choose another run or condition")
    ordered = sorted(rows, key=lambda row: (row.condition, row.problem_id))  # the draw depends on the answers alone
    return random.Random(f"audit {seed}").sample(ordered, min(sample, len(ordered)))


def write_sheet(path: Path, rows: Sequence[Prediction]) -> None:
    """Write the sheet as CSV; one that is there may hold an hour's reading, and is never overwritten."""
    if path.exists():
        raise InputError(f"{path} is there already and may hold your labels; give another place with --output")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEAD)
    for row in rows:
        answer = row.text or row.prediction or ""
        cells = (row.condition, row.problem_id, row.question, row.gold, answer, row.outcome, "")
        table.writerow(map(_cell, cells))
    publish(path, text.getvalue().encode(), error=InputError, advice="choose another place with --output")


def read_sheet(path: Path) -> list[tuple[str, str]]:
    """Read the classifier's label and the reader's, "" where there is none, of every row."""
    text = read_text(path, error=InputError, advice="save the sheet as CSV in UTF-8")
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:  # a cell of more than 131,072 characters, NUL
        raise InputError(f"{path} cannot be read as a sheet: {error}; save it as CSV in UTF-8") from None
    if not rows or tuple(rows[0]) != HEAD:
        raise InputError(f"{path.name} is no sheet of `ctlab audit`: its first line must be {','.join(HEAD)}")
    return [_labels(row, f"{path.name}, row {number}") for number, row in enumerate(rows[1:], start=2) if any(row)]


def agreements(labels: Sequence[tuple[str, str]]) -> dict[str, Agreement]:
    """Count by the classifier's label, in the taxonomy's order, and for all labels together."""
    if not any(own for _, own in labels):
        raise InputError("nothing is read yet: the column your_label is empty in every row; write labels in it")
    found = {
        label: _agreement([pair for pair in labels if pair[0] == label])
        for label in formatting.outcome_order(list({label for label, _ in labels}))
    }
    return {**found, ALL: _agreement(labels)}


def _agreement(labels: Sequence[tuple[str, str]]) -> Agreement:
    read = [(label, own) for label, own in labels if own]
    return Agreement(read=len(read), agreed=sum(label == own for label, own in read))


def _labels(row: Sequence[str], where: str) -> tuple[str, str]:
    if len(row) != len(HEAD):
        raise InputError(f"{where} has {len(row)} cells and not {len(HEAD)}; save the sheet with commas between them")
    label, own = row[-2].strip(), "_".join(row[-1].upper().split())
    for name, column in ((label, "label"), (own, "your_label")):
        if name not in ERRORS and (name or column == "label"):
            known = ", ".join(ERRORS)
            raise InputError(f"{where}: {column} {name!r} is no label of a wrong answer; labels are {known}")
    return label, own


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking an answer for a formula, and a terminal from taking it for a command."""
    return visible(f"'{text}" if text.startswith(_FORMULA) else text)
