"""`ctlab report RUN …`: render reports again from their JSON."""

import argparse
from pathlib import Path

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say

_DESCRIPTION = """\
Render a report again from its JSON, without a model, a store or pytest: pages, pictures and documents, as this
version of ctlab makes them. The JSON stays as it is."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="folder of a report, or its report.json; several are fine"
    )


def _run(arguments: argparse.Namespace) -> None:
    from ctlab.reporting.documents.write import render
    from ctlab.reporting.report_place import report_folder

    for folder in list(map(report_folder, arguments.runs)):  # all of them first: nothing is rendered beside a mistake
        say("\n".join(map(str, render(folder))))


REPORT = Command(
    name="report",
    group=Group.LOOK,
    help="render a report again from its JSON",
    description=_DESCRIPTION,
    examples=("ctlab report reports/latest",),
    arguments=_arguments,
    run=_run,
)
