"""The documents beside the page: case studies and the comprehensive report, as Markdown and HTML."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from ctlab.reporting.documents.case_chapter import case_blocks, picture_file
from ctlab.reporting.documents.comprehensive import comprehensive
from ctlab.reporting.documents.document import Block, Folded, Heading, Image, markdown
from ctlab.reporting.figures import case_pictures
from ctlab.reporting.figures.case_pictures import CaseNumbers
from ctlab.reporting.figures.png import SAY, Say, data_address, save
from ctlab.reporting.model.case_table import CaseStudies
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.report_files import write_text

CASE_STUDIES = "case_studies.md"
COMPREHENSIVE = ("comprehensive_report.md", "comprehensive_report.html")


def story_files(studies: CaseStudies | None) -> list[str]:
    """Files that ``write_stories`` writes."""
    chapter = [CASE_STUDIES] if studies and studies.cases else []
    return [*chapter, *(file for file, _ in _pictured(studies)), *COMPREHENSIVE]


def _pictured(studies: CaseStudies | None) -> Iterator[tuple[str, CaseNumbers]]:
    """Files of the pictures of cases, with the numbers that they show."""
    for number, case in enumerate(studies.cases if studies else (), start=1):
        if shown := case_pictures.numbers(case):
            yield picture_file(number), shown


def write_stories(
    report: Report,
    studies: CaseStudies | None,
    directory: Path,
    pictures: Sequence[tuple[str, str]],
    *,
    earlier: Sequence[Path] = (),
    say: Say = SAY,
) -> list[Path]:
    """Write the documents; ``pictures`` are files beside them with what they show."""
    written = []
    for file, shown in _pictured(studies):
        path = directory / file
        folders = [folder / path.parent.name for folder in earlier]
        written.append(save(path, shown, partial(case_pictures.draw, shown), earlier=folders, say=say))
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
    return page("document.html", title=title, blocks=_laid_out(blocks, directory))


def _laid_out(blocks: Sequence[Block], directory: Path) -> list[tuple[str, Block, object]]:
    """Each block with its kind and what it needs beside itself: a picture's address, the blocks inside a folded one."""
    return [
        (
            type(block).__name__,
            block,
            _laid_out(block.blocks, directory) if isinstance(block, Folded) else _source(block, directory),
        )
        for block in blocks
    ]


def _source(block: Block, directory: Path) -> str:
    """The picture of an image block as an address that needs no file; empty for any other block."""
    return data_address(directory / block.file) if isinstance(block, Image) else ""
