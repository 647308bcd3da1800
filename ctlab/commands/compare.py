"""`ctlab compare BEFORE AFTER`: what changed between two runs, from their reports."""

import argparse

from ctlab.commands.command import Command
from ctlab.commands.printing import say
from ctlab.reporting.compare.command_line import EXIT_CODES, add_arguments, run


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_arguments(parser)
    parser.epilog = EXIT_CODES


def _run(options: argparse.Namespace) -> int:
    return run(options, say)


COMPARE = Command(
    name="compare",
    help="show what changed between two runs: inputs, verdicts, effects, accuracies, problems that flipped",
    arguments=_arguments,
    run=_run,
)
