"""Write a run's report: the JSON first, then what people look at from that JSON alone, each file by rename."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ctlab.errors import InputError
from ctlab.reporting.history.verdict_badge import BADGE, verdict_badge
from ctlab.reporting.local_paths import portable, without_local_paths
from ctlab.reporting.model import (
    AttentionFlow,
    CaseStudies,
    ClaimRow,
    ProblemRow,
    ReasoningPaths,
    Record,
    Report,
    read,
)
from ctlab.reporting.model.outcome_table import ErrorTaxonomy
from ctlab.reporting.model.record import Many
from ctlab.reporting.model.sensitivity_table import ProblemSensitivity
from ctlab.reporting.report_files import read_json, write_json, write_rows, write_text
from ctlab.reporting.report_parts import Parts
from ctlab.reporting.report_place import named
from ctlab.reporting.schema import REPORT, complete

if TYPE_CHECKING:
    from ctlab.reporting.summaries.all_answers import AnswerTable

PREDICTIONS = "error_taxonomy_full.json"
TAXONOMY = "error_taxonomy_summary.json"
PROBLEMS = "problem_sensitivity_full.json"
SENSITIVITY = "problem_sensitivity_summary.json"
FLOW = "attention_flow.json"
PATHS = "reasoning_paths.json"
CASES = "case_studies.json"
PAGE = "index.html"
_TOO_MANY = (
    "There are too many answers for a page of all of them, and answers.html is left out: answers.parquet has them, a "
    "row each"
)
Rows = Sequence[Mapping[str, object]]
Say = Callable[[str], None]
_TABLES: Mapping[str, type[Record]] = {
    "error_taxonomy": ErrorTaxonomy,
    "problem_sensitivity": ProblemSensitivity,
    "attention_flow": AttentionFlow,
    "reasoning_paths": ReasoningPaths,
}
T = TypeVar("T", bound=Record)


def write_report(
    report: Mapping[str, object],
    directory: Path,
    *,
    predictions: Rows | None = None,
    problems: Rows | None = None,
    answers: "AnswerTable | None" = None,
    details: Mapping[str, Mapping[str, object]] | None = None,
    earlier: Sequence[Path] = (),
    parts: Parts | None = None,
    say: Say | None = None,
) -> list[Path]:
    """Write report.json, the side tables that are given, the pictures and the pages; return their paths.

    ``answers`` are those of all conditions, which get files and a page of their own. ``details`` is what probes found
    about single problems (see ``case_studies``); ``earlier`` names folders of earlier reports, whose pictures are taken
    over where they show the same numbers; ``say`` is told of damaged ones. A table, picture or page that fails is left
    out, and named in the notes and in ``parts``.
    """
    from ctlab.reporting.answer_files import ANSWERS, fits_a_page, write_answers
    from ctlab.reporting.documents.story_files import story_files
    from ctlab.reporting.figures import picture_files
    from ctlab.reporting.html.answers_view import ANSWERS_PAGE
    from ctlab.reporting.summaries.case_studies import case_studies
    from ctlab.reporting.summaries.prediction_rows import Predictions

    parts = parts or Parts()
    whole = complete(_readable(report, parts))
    written = [write_json(directory / file, part.to_json(), indent=None) for file, part in _beside(whole).items()]
    for name, rows in ((PREDICTIONS, predictions), (PROBLEMS, problems)):
        if rows is not None:
            written.append(write_rows(directory / name, rows))
    for name, summary in ((TAXONOMY, whole.error_taxonomy), (SENSITIVITY, whole.problem_sensitivity)):
        if summary:
            written.append(write_json(directory / name, summary.to_json()))
    if answers is not None:
        with parts.part("all conditions' answers"):
            written += write_answers(directory, answers, earlier)
    read_problems = read(Many[ProblemRow], problems or (), PROBLEMS)
    studies = None
    with parts.part("case studies"):
        studies = case_studies(whole, Predictions(predictions or (), PREDICTIONS), read_problems, details)
    if studies:
        written.append(write_json(directory / CASES, studies.to_json()))
    views = [*picture_files(whole, read_problems, parts), *story_files(studies), BADGE, PAGE]
    if directory / ANSWERS in written:
        if fits_a_page(directory):
            views.append(ANSWERS_PAGE)
        else:
            whole = whole.filled(notes=(*whole.notes, _TOO_MANY))
    files = {*whole.files, REPORT, *(path.name for path in written), *views}
    whole = whole.filled(files=tuple(sorted(files)), notes=_noted(whole, parts))
    path = write_json(directory / REPORT, _content(whole))
    # What is read back is what is rendered: a view can show nothing that the files do not hold.
    shown = _views(directory, earlier, parts, say)
    if _noted(whole, parts) != whole.notes:
        there = tuple(file for file in whole.files if (directory / file).is_file())
        write_json(directory / REPORT, _content(whole.filled(files=there, notes=_noted(whole, parts))))
    return [*written, path, *shown]


def _readable(report: Mapping[str, object], parts: Parts) -> Mapping[str, object]:
    """Return a report without what nobody could read back, such as NaN: whole tables, and the details of claims.

    Nor does it say where files lie on this machine; tables hold numbers and names only.
    """
    kept = {name: part if name in _TABLES else without_local_paths(part) for name, part in report.items()}
    for name, form in _TABLES.items():
        if report.get(name):
            del kept[name]
            with parts.part(f"the table {name}"):
                read(form, report[name], name)
                kept[name] = report[name]
    rows = kept.get("claims", ())
    if isinstance(rows, list | tuple):
        kept["claims"] = [_readable_claim(row, parts) for row in rows]
    return kept


def _readable_claim(row: object, parts: Parts) -> object:
    if not isinstance(row, Mapping) or not isinstance(effect := row.get("effect"), Mapping):
        return row
    kept = {**row, "effect": {**effect, "details": {}}}
    with parts.part(f"the details of {row.get('id')}"):
        read(ClaimRow, row, "claims")
        kept = dict(row)
    return kept


def _noted(report: Report, parts: Parts) -> tuple[str, ...]:
    missing = [portable(text, Path.cwd()) for text in parts.missing]
    return tuple(dict.fromkeys([*report.notes, *missing]))


def _beside(report: Report) -> dict[str, Record]:
    """Parts that lie in files of their own: too many numbers for report.json."""
    parts = {FLOW: report.attention_flow, PATHS: report.reasoning_paths}
    return {file: part for file, part in parts.items() if part}


def _content(report: Report) -> dict[str, object]:
    """What report.json holds: everything but what lies beside it and what the run does not have."""
    form = report.to_json()
    absent = [name for name in ("error_taxonomy", "problem_sensitivity") if form[name] is None]
    return {name: value for name, value in form.items() if name not in ("attention_flow", "reasoning_paths", *absent)}


def render(directory: Path) -> list[Path]:
    """Render a written report again from its JSON; the JSON stays as it is."""
    parts = Parts()
    written = _views(directory, (), parts)
    if parts.missing:
        raise InputError("; ".join(parts.missing))
    return written


def read_views(directory: Path) -> tuple[Report, tuple[ProblemRow, ...]]:
    """Read what views are made of: the report with the parts beside it, and the table of problems."""
    with named(directory):
        report = complete(read_json(directory / REPORT))
    report = report.filled(
        attention_flow=_part(directory / FLOW, AttentionFlow), reasoning_paths=_part(directory / PATHS, ReasoningPaths)
    )
    for file in report.files:
        if Path(file).is_absolute() or ".." in Path(file).parts:
            raise InputError(
                f"{REPORT} lists {file!r}, which is not in its folder; it was edited: run the claims again"
            )
    table = directory / PROBLEMS
    return report, read(Many[ProblemRow], read_json(table) if table.is_file() else (), PROBLEMS)


def _views(directory: Path, earlier: Sequence[Path], parts: Parts, say: Say | None = None) -> list[Path]:
    """Everything that people look at, from the JSON in a folder."""
    from ctlab.reporting.answer_files import fits_a_page
    from ctlab.reporting.documents.answers_page import write_answers_page
    from ctlab.reporting.documents.story_files import write_stories
    from ctlab.reporting.figures import draw_pictures
    from ctlab.reporting.figures.png import data_address
    from ctlab.reporting.html.answers_view import ANSWERS_PAGE
    from ctlab.reporting.html.mechanism_view import EmbeddedPicture
    from ctlab.reporting.html.page import html

    report, problems = read_views(directory)
    told = say or logging.getLogger("ctlab.reporting").warning
    drawn = draw_pictures(report, directory, problems=problems, parts=parts, earlier=earlier, say=told)
    pictures = [
        EmbeddedPicture(title=each.title, words=each.words, source=data_address(each.path), file=each.path.name)
        for each in drawn
    ]
    beside = [(each.path.name, f"{each.title} {each.words}") for each in drawn]
    pages: list[Path] = []
    with parts.part("case studies and comprehensive report"):
        studies = _part(directory / CASES, CaseStudies)
        pages += write_stories(report, studies, directory, beside, earlier=earlier, say=told)
    with parts.part(f"the page {ANSWERS_PAGE}"):
        if fits_a_page(directory):
            pages += write_answers_page(directory, report, earlier)
    with parts.part(f"the badge {BADGE}"):
        pages.append(write_text(directory / BADGE, verdict_badge(report.claims, look=report.look)))
    with parts.part(f"the page {PAGE}"):
        noted = report.filled(notes=_noted(report, parts))
        pages.append(write_text(directory / PAGE, html(noted, pictures)))
    return [*(each.path for each in drawn), *pages]


def _part(path: Path, form: type[T]) -> T | None:
    """A file beside the report, None where there is none or it is empty."""
    content = read_json(path) if path.is_file() else {}
    return None if content == {} else read(form, content, path.name)
