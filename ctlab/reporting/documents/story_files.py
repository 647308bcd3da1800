"""The documents beside the page: case studies and the comprehensive report, as Markdown and HTML."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ctlab.reporting.documents.case_studies import case_blocks, picture_file
from ctlab.reporting.documents.comprehensive import comprehensive
from ctlab.reporting.documents.document import Block, Heading, Image, markdown
from ctlab.reporting.figures import case_pictures as cases
from ctlab.reporting.figures.png import save
from ctlab.reporting.report_files import write_text

CASE_STUDIES = "case_studies.md"
COMPREHENSIVE = ("comprehensive_report.md", "comprehensive_report.html")


def story_files(studies: Mapping[str, Any]) -> list[str]:
    """Files that ``write_stories`` writes."""
    found = studies.get("cases") or ()
    drawn = [picture_file(number) for number, case in enumerate(found, start=1) if cases.numbers(case)]
    return [*([CASE_STUDIES] if found else []), *drawn, *COMPREHENSIVE]


def write_stories(
    report: Mapping[str, Any],
    studies: Mapping[str, Any],
    directory: Path,
    pictures: Sequence[tuple[str, str]],
    *,
    earlier: Sequence[Path] = (),
) -> list[Path]:
    """Write the documents; ``pictures`` are files beside them with what they show."""
    written = []
    for number, case in enumerate(studies.get("cases") or (), start=1):
        if shown := cases.numbers(case):
            path = directory / picture_file(number)
            folders = [folder / path.parent.name for folder in earlier]
            written.append(save(path, shown, partial(cases.draw, shown), earlier=folders))
    if chapter := case_blocks(studies):
        written.append(write_text(directory / CASE_STUDIES, markdown(chapter)))
    blocks = comprehensive(report, studies, pictures)
    written.append(write_text(directory / COMPREHENSIVE[0], markdown(blocks)))
    written.append(write_text(directory / COMPREHENSIVE[1], html_document(blocks, directory)))
    return written


def html_document(blocks: Sequence[Block], directory: Path) -> str:
    """Render a document as one self-contained page, its pictures inside."""
    from ctlab.reporting.html.page import page

    title = next((block.text for block in blocks if isinstance(block, Heading)), "ctlab")
    laid_out = [(type(block).__name__, block, _source(block, directory)) for block in blocks]
    return page("document.html", title=title, blocks=laid_out)


def _source(block: Block, directory: Path) -> str:
    """The picture of an image block as an address that needs no file; empty for any other block."""
    if not isinstance(block, Image):
        return ""
    return f"data:image/png;base64,{base64.b64encode((directory / block.file).read_bytes()).decode()}"
