"""`ctlab paper RUN`: figures, tables of claims and a paragraph on methods of a run, for a paper."""

import argparse
import sys
from pathlib import Path

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say
from ctlab.untrusted_text import visible

_DESCRIPTION = """\
Gather what a paper needs of a run, from its report alone: every figure at the width of a column (8.5 cm)
and of a text (17.5 cm) as PDF, SVG and PNG (300 dpi), with what it shows as CSV; the table of claims and a
paragraph on methods in LaTeX and Markdown; and paper.tex, which joins them and compiles as it is."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=_path, metavar="RUN", help="folder of a report, or its report.json")
    parser.add_argument("--out", type=_path, metavar="FOLDER", help="where to write; default: paper in the report's")


def _path(text: str) -> Path:
    # Path("") is the current folder, which an empty variable of a shell does not mean.
    if not text.strip():
        raise argparse.ArgumentTypeError(f"a folder is needed, not the empty text {text!r}")
    return Path(text)


def _tell(line: str) -> None:
    """Say on the way what is done, where what is printed is not mixed with it."""
    print(f"ctlab: {visible(line)}", file=sys.stderr, flush=True)


def _run(arguments: argparse.Namespace) -> None:
    from ctlab.reporting.paper.gather import gather

    run: Path = arguments.run
    out = arguments.out or (run if run.is_dir() else run.parent) / "paper"
    first, *rest = gather(run, out, _tell)
    say(f"{first}\nand {len(rest)} more files in {out}")


PAPER = Command(
    name="paper",
    group=Group.LOOK,
    help="gather figures, tables of claims and methods of a run for a paper",
    description=_DESCRIPTION,
    examples=("ctlab paper reports/latest", "ctlab paper reports/latest --out ~/article/ctlab"),
    arguments=_arguments,
    run=_run,
)
