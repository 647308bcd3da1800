"""Write a run's report: the JSON first, then what people look at from that JSON alone, each file by rename."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab.errors import InputError
from ctlab.reporting import schema
from ctlab.reporting.files import write_json, write_rows, write_text

REPORT = "report.json"
PREDICTIONS = "error_taxonomy_full.json"
TAXONOMY = "error_taxonomy_summary.json"
PROBLEMS = "problem_sensitivity_full.json"
SENSITIVITY = "problem_sensitivity_summary.json"
PAGE = "index.html"
_SUMMARIES = {TAXONOMY: "error_taxonomy", SENSITIVITY: "problem_sensitivity"}


def write_report(
    report: Mapping[str, Any],
    directory: Path,
    *,
    predictions: Sequence[Mapping[str, Any]] | None = None,
    problems: Sequence[Mapping[str, Any]] | None = None,
    earlier: Sequence[Path] = (),
) -> list[Path]:
    """Write report.json, the side tables that are given, the pictures and the page; return their paths.

    ``earlier`` names folders of earlier reports, whose pictures are taken over where they show the same numbers.
    """
    full = schema.complete(report)
    tables: dict[str, Sequence[Mapping[str, Any]] | None] = {PREDICTIONS: predictions, PROBLEMS: problems}
    written = []
    for name, rows in tables.items():
        if rows is not None:
            written.append(write_rows(directory / name, rows))
    for name, part in _SUMMARIES.items():
        if full.get(part):
            written.append(write_json(directory / name, full[part]))
    return [*written, *_render(full, directory, problems or (), earlier, written)]


def render(directory: Path) -> list[Path]:
    """Render a written report again from its JSON; the JSON stays as it is."""
    report = schema.complete(read_json(directory / REPORT))
    table = directory / PROBLEMS
    problems = read_json(table) if table.is_file() else []
    return _views(report, directory, problems, ())


def read_json(path: Path) -> Any:
    """Read a JSON file of a report, naming the file in every error."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}); give the folder of a report, such as reports/latest."
        ) from error
    except ValueError as error:
        raise InputError(f"{path} is not JSON ({error}); it may have been edited, so run the claims again.") from error


def _render(
    full: dict[str, Any],
    directory: Path,
    problems: Sequence[Mapping[str, Any]],
    earlier: Sequence[Path],
    written: Sequence[Path],
) -> list[Path]:
    """Write report.json with the names of all files, then the views."""
    from ctlab.reporting.figures import picture_files

    names = [REPORT, *(path.name for path in written), *picture_files(full, problems), PAGE]
    full["files"] = sorted({*full["files"], *names})
    path = write_json(directory / REPORT, full)
    # What is read back is what is rendered: a view can show nothing that the file does not hold.
    return [path, *_views(read_json(path), directory, problems, earlier)]


def _views(
    report: dict[str, Any], directory: Path, problems: Sequence[Mapping[str, Any]], earlier: Sequence[Path]
) -> list[Path]:
    from ctlab.reporting.figures import draw_pictures
    from ctlab.reporting.page import Picture, html

    drawn = draw_pictures(report, directory, problems=problems, earlier=earlier)
    pictures = [Picture(title=title, words=words, source=_data(path), file=path.name) for path, title, words in drawn]
    return [*(path for path, _, _ in drawn), write_text(directory / PAGE, html(report, pictures))]


def _data(path: Path) -> str:
    """A picture as an address that needs no file beside the page."""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
