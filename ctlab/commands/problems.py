"""`ctlab problems`: what a problem set holds, and what is wrong with it, before anybody is judged on it."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ctlab import formatting
from ctlab.commands.command import Command, Group
from ctlab.commands.printing import say
from ctlab.commands.problem_tables import described
from ctlab.errors import InputError
from ctlab.file_options import path_and_options
from ctlab.problems.audit.set_audit import SetAudit, audit_table
from ctlab.problems.problem import Problem
from ctlab.problems.sources.load_problems import read_table
from ctlab.reporting.report_files import write_text

SOMETHING_FAILS = 1
"""Exit code where a finding fails: a script goes on with a set by which a reference answer may be wrong, or not."""
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
    parser.add_argument(
        "--pairs",
        metavar="STEP",
        type=int,
        help="show beside problems what differs from them in the result of that step, or hop, alone, as conditions "
        'with "pairs" make it; --all shows all',
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON instead")
    parser.add_argument(
        "--write", metavar="FILE", help="write the problems as JSONL that is read without further words"
    )


def _run(arguments: argparse.Namespace) -> int:
    if arguments.pairs is not None and arguments.json:
        raise InputError("--pairs are shown as text and --json prints the audit alone; leave one of them out")
    audit = audit_table(read_table(arguments.set))
    if arguments.json:
        say(json.dumps({"problems": audit.to_json()}, indent=1))
    else:
        say("\n".join(described(audit, given=arguments.set, whole=arguments.all)))
    if arguments.pairs is not None:
        _say_pairs(audit, arguments.pairs, whole=arguments.all)
    if arguments.write:
        _write(audit, Path(arguments.write), arguments.set)
    return SOMETHING_FAILS if audit.fails else 0


def _say_pairs(audit: SetAudit, step: int, *, whole: bool) -> None:
    if step < 1:
        raise InputError(f"--pairs is a step of the worked solution, or a hop of the graph, from 1; not {step}")
    # Imported here: an audit needs no conditions.
    from ctlab.commands.problem_pairs import pair_lines

    once = {row.problem.id: row.problem for row in audit.rows}
    say("\n".join(pair_lines([*once.values()], step, whole=whole)))


def _write(audit: SetAudit, place: Path, given: str) -> None:
    """Write the problems as rows that need no further word; not where rows would be lost unsaid."""
    if audit.unread:
        rows = formatting.counted(len(audit.unread), "row")
        raise InputError(f"{rows} of {given} cannot be read and would be lost; mend the file, then write {place}")
    read = Path(path_and_options(given)[0]).expanduser()
    if place.exists() and read.exists() and place.samefile(read):
        raise InputError(f"{place} is the file that is read and would be lost; name another")
    write_text(place, "".join(f"{json.dumps(_own_row(row.problem), ensure_ascii=False)}\n" for row in audit.rows))
    print(f"ctlab: wrote {formatting.counted(len(audit.rows), 'problem')} to {place}", file=sys.stderr)


def _own_row(problem: Problem) -> dict[str, Any]:
    """Write a row in ctlab's own form, with the columns that the problem came with beside it."""
    form = problem.to_json()
    fields = form.pop("fields", {})
    return {**{name: value for name, value in fields.items() if name not in form}, **form}


PROBLEMS = Command(
    name="problems",
    group=Group.START,
    help="audit a problem set before anybody is judged on it",
    description=_DESCRIPTION,
    examples=(
        "ctlab problems gsm8k",
        "ctlab problems mine.jsonl --all",
        "ctlab problems tiny --pairs 2",
        'ctlab problems "mine.csv?question=q&gold=label" --write mine.jsonl',
    ),
    exit_codes="0 nothing FAILS; 1 something FAILS, or a file cannot be written; 2 interrupted; 4 no row can be read, "
    "or wrong use",
    arguments=_arguments,
    run=_run,
)
