"""`ctlab compare BEFORE AFTER`: what changed between two runs, from their reports."""

import argparse

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say
from ctlab.reporting.compare.command_line import EXIT_CODES, add_arguments, run

_DESCRIPTION = """\
Show what changed between two runs, from their reports: inputs, verdicts, effects with their drift, accuracies, and
problems that flipped."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_arguments(parser)


def _run(options: argparse.Namespace) -> int:
    return run(options, say)


COMPARE = Command(
    name="compare",
    group=Group.LOOK,
    help="show what changed between two runs: verdicts, effects, answers",
    description=_DESCRIPTION,
    examples=("ctlab compare reports/2026-11-26-090000 reports/latest", "ctlab compare main.json mine.json --strict"),
    exit_codes=EXIT_CODES.partition(": ")[2],
    arguments=_arguments,
    run=_run,
)
