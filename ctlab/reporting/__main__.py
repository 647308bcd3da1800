"""Render a report again from its JSON, without pytest: ``python -m ctlab.reporting reports/latest``."""

import sys
from collections.abc import Sequence
from pathlib import Path

from ctlab.argument_parser import WRONG_USE, ArgumentParser
from ctlab.errors import CtlabError
from ctlab.reporting.documents.write import render
from ctlab.reporting.report_place import report_folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Render each folder's report again and print what was written."""
    parser = ArgumentParser(prog="python -m ctlab.reporting", description="Render a report again from its JSON.")
    parser.add_argument("directory", type=Path, nargs="+", metavar="DIR", help="folder that holds report.json")
    try:
        for directory in parser.parse_args(arguments).directory:
            for path in render(report_folder(directory)):
                print(str(path).encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(errors="replace"))
    except CtlabError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
