"""`ctlab paper`: everything of a run that goes into a paper, in one folder, from its JSON alone."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ctlab.errors import InputError
from ctlab.reporting.documents.document import Block, Heading, Image, Paragraph, Table, markdown
from ctlab.reporting.documents.write import read_views
from ctlab.reporting.figures.pictures import drawings
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.paper import latex_text as latex
from ctlab.reporting.paper.claim_table import HEADS, STATEMENT_HEADS, STATEMENTS_CAPTION, caption, tables
from ctlab.reporting.paper.figure_forms import forms
from ctlab.reporting.paper.methods import methods
from ctlab.reporting.paper.paper_folder import ready, settle
from ctlab.reporting.report_files import write_bytes, write_text
from ctlab.reporting.report_parts import Parts
from ctlab.reporting.report_place import report_folder

_COLUMNS = r"p{0.24\linewidth}p{0.16\linewidth}p{0.15\linewidth}p{0.17\linewidth}rr"
_STATEMENT_COLUMNS = r"p{0.25\linewidth}p{0.68\linewidth}"
_PREAMBLE = r"""\documentclass[twoside]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern,textcomp,graphicx,booktabs,longtable}
\usepackage[a4paper,margin=1.75cm]{geometry}
\begin{document}
"""


def gather(run: Path, out: Path, say: Callable[[str], None] = lambda line: None) -> list[Path]:
    """Write figures, tables, methods and a document that joins them; return the files, the document first.

    ``say`` is told what is being drawn, and what an earlier paper left that is not removed.
    """
    report, problems = read_views(report_folder(run))
    ready(out)
    parts, written, figures = Parts(), [], []
    for number, drawing in drawings(report, problems, parts):
        stem = f"{number.removeprefix('Figure ').lower():0>2}-{drawing.file.removesuffix('.png')}"
        say(f"drawing {number}: {drawing.title}")
        made: dict[str, bytes] = {}
        with parts.part(f"the figure {stem}"):
            made = forms(drawing, stem)
        # Outside the part: a folder that cannot be written to costs every figure, and is said once.
        written += [write_bytes(out / "figures" / name, content) for name, content in made.items()]
        figures.append((stem, number, latex.one_line(f"{drawing.title} {drawing.words}")))
    if parts.missing:
        raise InputError("; ".join(parts.missing))
    rows, statements = tables(report)
    table = "\n\n".join(
        (
            latex.booktabs(HEADS, rows, _COLUMNS, caption(report)),
            latex.booktabs(STATEMENT_HEADS, statements, _STATEMENT_COLUMNS, STATEMENTS_CAPTION),
        )
    )
    texts = {
        "paper.tex": _document(report, table, figures),
        "claims.tex": f"{table}\n",
        "methods.tex": f"{latex.escaped(methods(report))}\n",
        "paper.md": markdown(_blocks(report, rows, statements, figures)),
    }
    written = [*(write_text(out / name, text) for name, text in texts.items()), *written]
    for name in settle(out, written):
        say(f"{out / name} is of an earlier paper and was changed since, so that it stays; remove it if you can")
    return written


Figures = Sequence[tuple[str, str, str]]
Rows = Sequence[tuple[str, ...]]


def _document(report: Report, table: str, figures: Figures) -> str:
    paragraph = latex.escaped(report.explanation.text) if report.explanation else ""
    placed = [
        # LaTeX counts by itself; the number in the file's name is the same as long as the order is.
        latex.figure(f"figures/{stem}-text.pdf", words, wide=False)
        for stem, _, words in figures
    ]
    body = [
        r"\section*{What the thoughts do}" if paragraph else "",
        paragraph,
        r"\section*{Methods}",
        latex.escaped(methods(report)),
        *placed,
        r"\clearpage",
        table,
        r"\end{document}",
    ]
    return _PREAMBLE + "\n\n".join(filter(None, body)) + "\n"


def _blocks(report: Report, rows: Rows, statements: Rows, figures: Figures) -> list[Block]:
    explanation = report.explanation
    blocks: list[Block] = [Heading(text="What the thoughts do", level=1)]
    blocks += [Paragraph(text=latex.one_line(explanation.text))] if explanation else []
    blocks += [Heading(text="Methods"), Paragraph(text=latex.one_line(methods(report))), Heading(text="Figures")]
    for stem, number, words in figures:
        blocks += [Image(file=f"figures/{stem}-text.png", words=words), Paragraph(text=f"{number}. {words}")]
    return [
        *blocks,
        Heading(text="Claims"),
        Paragraph(text=caption(report)),
        Table(heads=HEADS, rows=tuple(rows)),
        Paragraph(text=STATEMENTS_CAPTION),
        Table(heads=STATEMENT_HEADS, rows=tuple(statements)),
    ]
