"""The arguments of a comparison, what it prints and writes, and its exit codes; for both commands that make one."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where they are used: reports cost every other subcommand of ctlab half a second
    from ctlab.reporting.model.compared_runs import Comparison

ALIKE, CHANGED, FAILED = 0, 1, 1
EXIT_CODES = (
    "exit code: 0 compared; 1, with --strict, a verdict changed, or one of the first run is lost because the claim "
    "stopped with an error or is gone (a claim that was not run is neither), or nothing can be written; "
    "4 a report cannot be read"
)
DESCRIPTION = f"Show what changed between two runs of the claims. {EXIT_CODES[0].upper()}{EXIT_CODES[1:]}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a comparison is asked for."""
    parser.add_argument("before", type=Path, metavar="BEFORE", help="folder of the earlier report, or its report.json")
    parser.add_argument("after", type=Path, metavar="AFTER", help="the same of the later report")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also write comparison.json, .md and .html there")
    parser.add_argument("--all", action="store_true", help="print rows also of what did not change")
    parser.add_argument("--json", action="store_true", help="print comparison.json instead of tables")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a verdict changed or was lost")


def run(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Compare two runs, say what changed, write it where asked, and return the exit code."""
    from ctlab.reporting.compare.comparison import compare
    from ctlab.reporting.compare.comparison_view import terminal

    comparison = compare(options.before, options.after)
    # Written first: who reads only the first line gets the files all the same.
    written = write_comparison(comparison, options.out) if options.out else []
    if options.json:
        say(json.dumps(comparison.to_json(), indent=2, ensure_ascii=False))
    else:
        say("\n".join([terminal(comparison, whole=options.all), *map(str, written)]))
    return CHANGED if options.strict and (comparison.verdicts_changed or comparison.lost) else ALIKE


def write_comparison(comparison: "Comparison", directory: Path) -> list[Path]:
    """Write a comparison as JSON, Markdown and HTML."""
    from ctlab.reporting.compare import comparison_view as view
    from ctlab.reporting.html.page import page
    from ctlab.reporting.report_files import write_json, write_text

    html = page(
        "comparison.html",
        comparison=comparison,
        lines=[
            view.opening(comparison),
            view.inputs_line(comparison),
            view.headline(comparison),
            *view.paragraph_line(comparison).split("\n"),
        ],
        sections=view.sections(comparison, whole=True),
    )
    return [
        write_json(directory / "comparison.json", comparison.to_json()),
        write_text(directory / "comparison.md", view.markdown(comparison)),
        write_text(directory / "comparison.html", html),
    ]
