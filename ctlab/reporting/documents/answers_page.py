"""answers.html, rendered from answers.json or taken over from the report before."""

from collections.abc import Sequence
from pathlib import Path

from ctlab.files import sha256
from ctlab.reporting.answer_files import ANSWERS
from ctlab.reporting.html.answers_view import ANSWERS_PAGE, answers_html
from ctlab.reporting.html.page import TEMPLATES
from ctlab.reporting.made_of import made
from ctlab.reporting.model.problem_answers import AllAnswers
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.report_files import read_json, write_text
from ctlab.source_digest import source_digest


def write_answers_page(directory: Path, report: Report, earlier: Sequence[Path]) -> list[Path]:
    """Write the page of the answers in a folder; nothing of a file that holds none."""
    path, answers = directory / ANSWERS_PAGE, directory / ANSWERS
    # Templates are data, which no digest of source looks at.
    templates = "".join(sha256(file.read_bytes()) for file in sorted(TEMPLATES.iterdir()))
    told = [source_digest(__name__), templates, sha256(answers.read_bytes()), report.model.id, report.problems.name]
    of = sha256("\n".join(map(str, told)).encode())

    def make() -> None:
        write_text(path, answers_html(read(AllAnswers, read_json(answers), ANSWERS), report))

    return made([path], of, earlier, make)
