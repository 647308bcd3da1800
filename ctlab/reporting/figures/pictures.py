"""Which pictures a report has, and drawing those whose numbers are there."""

from collections.abc import Sequence
from pathlib import Path

from ctlab.reporting.figures import (
    attention_flow,
    error_distributions,
    own_outcomes,
    reasoning_paths,
    sensitivity_scatter,
    sensitivity_types,
    thoughts_needed,
)
from ctlab.reporting.figures.picture import Drawable
from ctlab.reporting.figures.png import SAY, Say, save
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.reporting.report_parts import Parts

PICTURES: tuple[Drawable, ...] = (
    thoughts_needed.PICTURE,
    error_distributions.PICTURE,
    own_outcomes.PICTURE,
    sensitivity_scatter.PICTURE,
    sensitivity_types.PICTURE,
    attention_flow.PICTURE,
    reasoning_paths.PICTURE,
)
"""Every picture, in the order of the page (docs/adding/figure.md)."""


def picture_files(report: Report, problems: Sequence[ProblemRow], parts: Parts | None = None) -> list[str]:
    """Files of the pictures that the report has numbers for; what fails is left out and noted in ``parts``."""
    files, parts = [], parts or Parts()
    for picture in PICTURES:
        with parts.part(f"the picture {picture.file}"):
            if picture.of(report, problems):
                files.append(picture.file)
    return files


def draw_pictures(
    report: Report,
    directory: Path,
    *,
    problems: Sequence[ProblemRow],
    parts: Parts | None = None,
    earlier: Sequence[Path] = (),
    say: Say = SAY,
) -> list[tuple[Path, str, str]]:
    """Draw what the report has numbers for; path, title and description of each picture. What fails is left out."""
    parts = parts or Parts()
    drawn = []
    for picture in PICTURES:
        with parts.part(f"the picture {picture.file}"):
            if drawing := picture.of(report, problems):
                path = save(directory / drawing.file, drawing.numbers, drawing.draw, earlier=earlier, say=say)
                drawn.append((path, drawing.title, drawing.words))
    return drawn
