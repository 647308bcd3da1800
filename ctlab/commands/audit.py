"""`ctlab audit`: draw wrong answers for a person to label, and compare those labels with the classifier's."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.commands.command import Command, Group
from ctlab.errors import InputError

if TYPE_CHECKING:  # imported where they are used: reports cost every other subcommand half a second
    from ctlab.commands.audit_sheet import Agreement
    from ctlab.reporting.model import Prediction

SAMPLE = 60
"""Answers to read by default: the interval of an agreement of a half is then ± 12 points, and reading takes an hour."""

_DESCRIPTION = """\
Draw wrong answers of a run into a sheet for a person to label; then read the sheet back, and say how often the person
and the classifier agree."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", type=Path, metavar="RUN|SHEET", help="folder of a report, or a sheet to read back")
    parser.add_argument("--read", action="store_true", help="the place is a sheet whose empty column was filled in")
    parser.add_argument("--sample", type=_count, default=SAMPLE, metavar="N", help=f"wrong answers to draw ({SAMPLE})")
    parser.add_argument("--seed", type=int, default=1, help="seed of the draw (1)")
    parser.add_argument("--condition", metavar="NAME", help="draw from this condition only")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the sheet is written (audit.csv in RUN)")


def _run(arguments: argparse.Namespace) -> None:
    from ctlab.commands.audit_sheet import agreements, draw, read_sheet, write_sheet

    place: Path = arguments.place
    if arguments.read or place.is_file():
        print("\n".join(_lines(agreements(read_sheet(place)))))
        return
    output = arguments.output or place / "audit.csv"
    rows = draw(_wrong_answers(place, arguments.condition), arguments.sample, arguments.seed)
    write_sheet(output, rows)
    print(
        f"{output}: {formatting.counted(len(rows), 'wrong answer')} to read; write your own label in the last column,"
    )
    print(f"or leave it empty where you cannot say, then: ctlab audit {output}")


def _wrong_answers(folder: Path, condition: str | None) -> "list[Prediction]":
    """Read the wrong answers of a report, of one condition or of all."""
    from ctlab.reporting.documents.write import PREDICTIONS
    from ctlab.reporting.model import Prediction
    from ctlab.reporting.model.reading import read
    from ctlab.reporting.report_files import read_json

    file = folder / PREDICTIONS
    if not file.is_file():
        raise InputError(
            f"{folder} holds no {PREDICTIONS}, which a report has where a claim about errors was judged; "
            "give the folder of such a report, or a sheet"
        )
    rows = read(tuple[Prediction, ...], read_json(file), PREDICTIONS)
    named = list(dict.fromkeys(row.condition for row in rows))
    if condition is not None and condition not in named:
        raise InputError(f"{PREDICTIONS} has no condition {condition!r}; it has {formatting.listed(named)}")
    return [row for row in rows if not row.right and condition in (None, row.condition)]


def _lines(found: "dict[str, Agreement]") -> list[str]:
    """Write the table: a label a line, all of them last."""
    width = max(len(name) for name in found)
    lines = [f"{'label':<{width}}  read  agreed  95 % interval (Wilson)"]
    for name, agreement in found.items():
        share = ""
        if agreement.read:
            interval = formatting.rate_interval(*agreement.interval)
            share = f"  {formatting.percent(agreement.agreed / agreement.read)} [{interval}]"
        lines.append(f"{name:<{width}}  {agreement.read:>4}  {agreement.agreed:>6}{share}".rstrip())
    return lines


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)


AUDIT = Command(
    name="audit",
    group=Group.LOOK,
    help="draw wrong answers into a sheet for a person to label; read it back",
    description=_DESCRIPTION,
    examples=("ctlab audit reports/latest", "ctlab audit reports/latest/audit.csv"),
    arguments=_arguments,
    run=_run,
)
