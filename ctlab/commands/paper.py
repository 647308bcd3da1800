"""`ctlab paper RUN`: figures, tables of claims and a paragraph on methods of a run, for a paper."""

import argparse
from pathlib import Path

from ctlab.commands.command import Command
from ctlab.commands.printing import say
from ctlab.errors import InputError

_DESCRIPTION = """\
Gather what a paper needs of a run, from its report alone: every figure at the width of a column (8.5 cm)
and of a text (17.5 cm) as PDF, SVG and PNG (300 dpi), with what it shows as CSV; the table of claims and a
paragraph on methods in LaTeX and Markdown; and paper.tex, which joins them and compiles as it is."""
_EPILOG = """\
examples:
  ctlab paper reports/latest
  ctlab paper reports/latest --out ~/article/ctlab"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of a report, or its report.json")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write; default: paper in the report's")


def _run(arguments: argparse.Namespace) -> None:
    from ctlab.reporting.paper.gather import gather

    run: Path = arguments.run
    if not run.exists():
        raise InputError(f"{run} does not exist; give the folder of a report, such as reports/latest")
    out = arguments.out or (run if run.is_dir() else run.parent) / "paper"
    first, *rest = gather(run, out)
    say(f"{first}\nand {len(rest)} more files in {out}")


PAPER = Command(
    name="paper",
    help="gather figures, tables of claims and methods of a run for a paper",
    arguments=_arguments,
    run=_run,
)
