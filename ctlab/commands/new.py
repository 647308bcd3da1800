"""`ctlab new NAME`: write a suite of claims that runs at once."""

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path

from ctlab.commands.command import Command, Group
from ctlab.commands.new_suite import write_suite
from ctlab.commands.printing import say
from ctlab.errors import InputError

_DESCRIPTION = """\
Write a suite of claims that runs as it is: a claim about the embedded model, its two conditions, the test that
judges it, and a workflow file for CI. Change it into yours. NAME is the folder to make, and names the family of
claims."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="folder to make; lower-case words joined by hyphens")


def _run(arguments: argparse.Namespace) -> None:
    if not arguments.name.strip():
        raise InputError("a new suite needs a name that is not empty, such as my-paper")
    folder = Path(arguments.name)
    if folder.name in ("", ".."):
        raise InputError(f"{arguments.name} names no new folder; give the name of one to make, such as my-paper")
    written = write_suite(folder)
    say("\n".join([f"{folder}:", *_aligned(written), "", "next, in this order; README.md there goes on:"]))
    steps = {
        f"cd {shlex.quote(str(folder))}": "# write your claim in place of the example's",
        "pytest --ctlab-plan": "# what a run would take and could find",
        "pytest --ctlab-register": "# your claim, before any answer; commit it",
        "pytest": "# generate and judge",
    }
    say("\n".join(_aligned(steps)))


def _aligned(rows: Mapping[str, str]) -> list[str]:
    width = max(map(len, rows))
    return [f"  {left:<{width}}  {right}" for left, right in rows.items()]


NEW = Command(
    name="new",
    group=Group.START,
    help="write a suite of claims that runs as it is",
    description=_DESCRIPTION,
    examples=("ctlab new my-paper", "ctlab new ~/studies/my-paper"),
    arguments=_arguments,
    run=_run,
)
