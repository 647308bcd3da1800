"""Write a run's report: the JSON first, then what people look at from that JSON alone, each file by rename."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab.errors import InputError
from ctlab.reporting import schema
from ctlab.reporting.report_files import write_json, write_rows, write_text

REPORT = "report.json"
PREDICTIONS = "error_taxonomy_full.json"
TAXONOMY = "error_taxonomy_summary.json"
PROBLEMS = "problem_sensitivity_full.json"
SENSITIVITY = "problem_sensitivity_summary.json"
BESIDE = {"attention_flow": "attention_flow.json", "reasoning_paths": "reasoning_paths.json"}
"""Parts of a report that lie in files of their own: too many numbers for report.json."""
CASES = "case_studies.json"
PAGE = "index.html"
_SUMMARIES = {TAXONOMY: "error_taxonomy", SENSITIVITY: "problem_sensitivity"}
Rows = Sequence[Mapping[str, Any]]


def write_report(
    report: Mapping[str, Any],
    directory: Path,
    *,
    predictions: Rows | None = None,
    problems: Rows | None = None,
    details: Mapping[str, Mapping[str, Any]] | None = None,
    earlier: Sequence[Path] = (),
) -> list[Path]:
    """Write report.json, the side tables that are given, the pictures and the pages; return their paths.

    ``details`` is what probes found about single problems (see ``case_studies``); ``earlier`` names folders of earlier
    reports, whose pictures are taken over where they show the same numbers.
    """
    from ctlab.reporting.documents.case_studies import case_studies
    from ctlab.reporting.documents.story_files import story_files
    from ctlab.reporting.figures import picture_files

    full = schema.complete(report)
    beside = {name: part for name in BESIDE if (part := full.pop(name, None))}
    written = [write_json(directory / BESIDE[name], part, indent=None) for name, part in beside.items()]
    for name, rows in ((PREDICTIONS, predictions), (PROBLEMS, problems)):
        if rows is not None:
            written.append(write_rows(directory / name, rows))
    for name, part in _SUMMARIES.items():
        if full.get(part):
            written.append(write_json(directory / name, full[part]))
    studies = case_studies(full, predictions or (), problems or (), details)
    if studies:
        written.append(write_json(directory / CASES, studies))
    views = [*picture_files({**full, **beside}, problems or ()), *story_files(studies), PAGE]
    full["files"] = sorted({*full["files"], REPORT, *(path.name for path in written), *views})
    path = write_json(directory / REPORT, full)
    # What is read back is what is rendered: a view can show nothing that the files do not hold.
    return [*written, path, *_views(directory, earlier)]


def render(directory: Path) -> list[Path]:
    """Render a written report again from its JSON; the JSON stays as it is."""
    return _views(directory, ())


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


def _views(directory: Path, earlier: Sequence[Path]) -> list[Path]:
    """Everything that people look at, from the JSON in a folder."""
    from ctlab.reporting.documents.story_files import write_stories
    from ctlab.reporting.figures import draw_pictures
    from ctlab.reporting.html.page import Picture, html

    report = schema.complete(read_json(directory / REPORT))
    report |= {name: _optional(directory / file, {}) for name, file in BESIDE.items()}
    problems, studies = _optional(directory / PROBLEMS, []), _optional(directory / CASES, {})
    drawn = draw_pictures(report, directory, problems=problems, earlier=earlier)
    pictures = [Picture(title=title, words=words, source=_data(path), file=path.name) for path, title, words in drawn]
    beside = [(path.name, words) for path, _, words in drawn]
    stories = write_stories(report, studies, directory, beside, earlier=earlier)
    page = write_text(directory / PAGE, html(report, pictures))
    return [*(path for path, _, _ in drawn), *stories, page]


def _optional(path: Path, otherwise: Any) -> Any:
    return read_json(path) if path.is_file() else otherwise


def _data(path: Path) -> str:
    """A picture as an address that needs no file beside the page."""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
