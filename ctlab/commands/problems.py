"""`ctlab problems`: what a problem set holds, and what is wrong with it, before anybody is judged on it."""

import argparse
import json

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say
from ctlab.commands.problem_tables import described
from ctlab.problems.audit.set_audit import audit_table
from ctlab.problems.sources.load_problems import read_table

_DESCRIPTION = """\
Audit a problem set before anybody is judged on it: answer kind, sizes, duplicates, gold answers that do not follow from
their worked solutions."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "set",
        metavar="SET",
        help="a file, a folder, a known set or an id on the hub, as for --ctlab-problems; "
        "?split=NAME, ?question=COLUMN&gold=COLUMN behind it",
    )
    parser.add_argument("--all", action="store_true", help="list every row of every finding, whole")
    parser.add_argument("--json", action="store_true", help="print everything as JSON instead")


def _run(arguments: argparse.Namespace) -> None:
    audit = audit_table(read_table(arguments.set))
    if arguments.json:
        say(json.dumps({"problems": audit.to_json()}, indent=1))
    else:
        say("\n".join(described(audit, whole=arguments.all)))


PROBLEMS = Command(
    name="problems",
    group=Group.START,
    help="audit a problem set before anybody is judged on it",
    description=_DESCRIPTION,
    examples=("ctlab problems gsm8k", "ctlab problems mine.jsonl", 'ctlab problems "mine.csv?question=q&gold=label"'),
    arguments=_arguments,
    run=_run,
)
