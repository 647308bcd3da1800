"""Compare two runs: ``python -m ctlab.reporting.compare reports/before reports/after``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ctlab.errors import CtlabError
from ctlab.reporting.compare import comparison_view as view
from ctlab.reporting.compare.comparison import compare
from ctlab.reporting.model.compared_runs import Comparison
from ctlab.reporting.report_files import write_json, write_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what changed; write the comparison where asked; 1 with --strict when a verdict changed."""
    parser = argparse.ArgumentParser(
        prog="python -m ctlab.reporting.compare",
        description="Show what changed between two runs of the claims.",
    )
    parser.add_argument("before", type=Path, help="folder of the earlier report")
    parser.add_argument("after", type=Path, help="folder of the later report")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also write comparison.json, .md and .html there")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a verdict changed")
    options = parser.parse_args(arguments)
    try:
        comparison = compare(options.before, options.after)
        print(view.terminal(comparison))
        if options.out:
            for path in write_comparison(comparison, options.out):
                print(path)
    except CtlabError as error:
        print(error, file=sys.stderr)
        return 4
    return 1 if options.strict and comparison.verdicts_changed else 0


def write_comparison(comparison: Comparison, directory: Path) -> list[Path]:
    """Write a comparison as JSON, Markdown and HTML."""
    from ctlab.reporting.html.page import page

    tables = (
        ("Verdicts", view.HEADS["claims"], view.claim_rows(comparison)),
        ("Accuracy", view.HEADS["conditions"], view.condition_rows(comparison)),
        ("Inputs", view.HEADS["inputs"], view.input_rows(comparison)),
    )
    html = page("comparison.html", comparison=comparison, headline=view.headline(comparison), tables=tables)
    return [
        write_json(directory / "comparison.json", comparison.to_json()),
        write_text(directory / "comparison.md", view.markdown(comparison)),
        write_text(directory / "comparison.html", html),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
