"""Which pictures a report has, and drawing those whose numbers are there."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ctlab.reporting.figures import attention_flow as attention
from ctlab.reporting.figures import error_distributions as distributions
from ctlab.reporting.figures import reasoning_paths as paths
from ctlab.reporting.figures import sensitivity_scatter as scatter
from ctlab.reporting.figures import sensitivity_types as types
from ctlab.reporting.figures.png import save

PICTURES = {
    "error_distributions.png": ("What the answers are", distributions),
    "problem_sensitivity_scatter.png": ("Impact against features", scatter),
    "problem_sensitivity_types.png": ("Impact by type of problem", types),
    "attention_flow.png": ("Where attention goes", attention),
    "reasoning_paths.png": ("Where paths part", paths),
}
"""File, title and module of every picture; a module has ``numbers``, ``words`` and ``draw``."""


def picture_files(report: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> list[str]:
    """Files of the pictures that the report has numbers for."""
    return [file for file, (_, module) in PICTURES.items() if module.numbers(report, problems)]


def draw_pictures(
    report: Mapping[str, Any], directory: Path, *, problems: Sequence[Mapping[str, Any]], earlier: Sequence[Path] = ()
) -> list[tuple[Path, str, str]]:
    """Draw what the report has numbers for; path, title and description of each picture."""
    drawn = []
    for file, (title, module) in PICTURES.items():
        shown = module.numbers(report, problems)
        if not shown:
            continue
        path = save(directory / file, shown, partial(module.draw, shown), earlier=earlier)
        drawn.append((path, title, module.words(shown)))
    return drawn
