"""`ctlab report RUN …`: render reports again from their JSON."""

import argparse
from pathlib import Path

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say
from ctlab.errors import InputError

FILE = "report.json"
_DESCRIPTION = """\
Render a report again from its JSON, without a model, a store or pytest: pages, pictures and documents, as this
version of ctlab makes them. The JSON stays as it is."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help=f"folder of a report, or its {FILE}; several are fine"
    )


def _run(arguments: argparse.Namespace) -> None:
    from ctlab.reporting.documents.write import render

    for run in arguments.runs:
        say("\n".join(map(str, render(_folder(run)))))


def _folder(run: Path) -> Path:
    """Accept a folder or the JSON file itself."""
    if not run.exists():
        raise InputError(f"{run} does not exist; give the folder of a report, such as reports/latest")
    if run.is_file() and run.name != FILE:
        raise InputError(f"{run} is no report; give the folder of one, such as reports/latest, or its {FILE}")
    return run.parent if run.is_file() else run


REPORT = Command(
    name="report",
    group=Group.LOOK,
    help="render a report again from its JSON",
    description=_DESCRIPTION,
    examples=("ctlab report reports/latest",),
    arguments=_arguments,
    run=_run,
)
