"""Which pictures a report has, and drawing those whose numbers are there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ctlab.reporting.figures import (
    answers_by_label,
    attention_by_layer,
    attention_flow,
    commitment_curve,
    error_distributions,
    own_outcomes,
    paths_by_condition,
    reasoning_paths,
    sensitivity_scatter,
    sensitivity_types,
    sweep_map,
    thoughts_needed,
)
from ctlab.reporting.figures.picture import Drawable, Drawing
from ctlab.reporting.figures.png import SAY, Say, save
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.reporting.report_parts import Parts

PICTURES: tuple[Drawable, ...] = (
    thoughts_needed.PICTURE,
    commitment_curve.PICTURE,
    attention_flow.PICTURE,
    reasoning_paths.PICTURE,
    error_distributions.PICTURE,
    answers_by_label.PICTURE,
    own_outcomes.PICTURE,
    sensitivity_scatter.PICTURE,
    sensitivity_types.PICTURE,
    attention_by_layer.PICTURE,
    paths_by_condition.PICTURE,
)
"""Every picture that a report can have once, in the order in which they are numbered (docs/adding/figure.md); those of
the appendix last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture that was drawn."""

    path: Path
    """Its file."""
    title: str
    """Its number and its question."""
    words: str
    """What it shows, and how to read it."""


def _pictures_of(report: Report) -> Iterator[Drawable]:
    """Yield every picture in order: those of single claims stand before the appendix."""
    yield from (picture for picture in PICTURES if not picture.appendix)
    yield from sweep_map.pictures(report)
    yield from (picture for picture in PICTURES if picture.appendix)


def drawings(
    report: Report, problems: Sequence[ProblemRow], parts: Parts | None = None
) -> Iterator[tuple[str, Drawing]]:
    """Yield each picture that the report has numbers for, after its number; what fails is noted in ``parts``."""
    parts, numbers = parts or Parts(), {False: 0, True: 0}
    for picture in _pictures_of(report):
        with parts.part(f"the picture {picture.file}"):
            if drawing := picture.of(report, problems):
                numbers[drawing.appendix] += 1
                yield f"Figure {'A' * drawing.appendix}{numbers[drawing.appendix]}", drawing


def picture_files(report: Report, problems: Sequence[ProblemRow], parts: Parts | None = None) -> list[str]:
    """Files of the pictures that the report has numbers for; what fails is left out and noted in ``parts``."""
    return [drawing.file for _, drawing in drawings(report, problems, parts)]


def draw_pictures(
    report: Report,
    directory: Path,
    *,
    problems: Sequence[ProblemRow],
    parts: Parts | None = None,
    earlier: Sequence[Path] = (),
    say: Say = SAY,
) -> list[Drawn]:
    """Draw what the report has numbers for, as the page shows it. What fails is left out."""
    parts = parts or Parts()
    drawn = []
    for number, drawing in drawings(report, problems, parts):
        with parts.part(f"the picture {drawing.file}"):
            path = save(directory / drawing.file, drawing.numbers, drawing.draw, earlier=earlier, say=say)
            drawn.append(Drawn(path=path, title=f"{number}. {drawing.title}", words=drawing.words))
    return drawn
