"""`ctlab judge A B`: two result files of anything, compared problem by problem; no suite needed."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import columns, say
from ctlab.errors import InputError
from ctlab.file_options import path_and_options

if TYPE_CHECKING:
    from ctlab.judging import ResultsJudgement

NOT_SUPPORTED = 1
"""Exit code of an expectation that is REFUTED, INCONCLUSIVE or VOID."""
STDOUT = "-"

_DESCRIPTION = """\
Compare result files problem by problem: paired difference, exact test, interval, what was lost and
gained, and what would settle it. Files are of any format that ctlab reads (lm-evaluation-harness,
Inspect, CSV, Parquet, JSON and JSONL of many tools); a table's columns are named behind a question mark.
A is the first file, B the second, and so on."""
_EXAMPLES = (
    "ctlab judge baseline.jsonl treated.jsonl",
    'ctlab judge baseline.eval treated.eval --expect "B not worse than A by 2"',
    'ctlab judge "old.csv?answer=pred&id=qid" new.csv --by level --html judged.html',
    "ctlab judge a.jsonl b.jsonl c.jsonl --margin 3 --json -",
)
_EXPECTED = """\
what can be expected, in points:
  "B higher than A"   "B higher than A by 2"   "B not worse than A by 2"
  "B lower than A"    "A and B within 2"
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="result files, the reference first")
    parser.add_argument("--expect", metavar="TEXT", help="what must be SUPPORTED for exit code 0; see below")
    parser.add_argument("--margin", type=_points, metavar="N", help="ask whether the files lie within ±N points")
    parser.add_argument("--by", metavar="FIELD", help="ask the same of each group of a field of the rows")
    parser.add_argument("--reference", default="A", metavar="LETTER", help="the file that others are held against (A)")
    parser.add_argument("--alpha", type=_level, default=0.05, metavar="P", help="level of the test (0.05)")
    parser.add_argument(
        "--score", choices=("tool", "ours"), help="who says what is right; default: the tool where it scored both files"
    )
    parser.add_argument("--kind", metavar="KIND", help="answer kind of our reader; default: guessed from the golds")
    parser.add_argument("--json", metavar="FILE", help="write everything as JSON; - for the terminal")
    parser.add_argument("--markdown", metavar="FILE", help="write a text for a pull request; - for the terminal")
    parser.add_argument("--html", metavar="FILE", help="write one self-contained page; - for the terminal")


def _run(arguments: argparse.Namespace) -> int:
    from ctlab.judging import judge_files
    from ctlab.judging.screen import WIDTH, screen

    written = {name: getattr(arguments, name) for name in _FORMS if getattr(arguments, name) is not None}
    _check_written(written, arguments.files)
    judgements = judge_files(
        arguments.files,
        reference=arguments.reference.strip().upper(),
        margin=arguments.margin,
        by=arguments.by,
        expect=arguments.expect,
        alpha=arguments.alpha,
        score=arguments.score,
        kind=arguments.kind,
    )
    for name, place in written.items():
        _write(place, _FORMS[name](judgements))
    if STDOUT not in written.values():
        say(screen(judgements, columns(WIDTH)))
    return 0 if all(judgement.passed for judgement in judgements) else NOT_SUPPORTED


def _json(judgements: Sequence["ResultsJudgement"]) -> str:
    """Write one judgement, or a list of those of several files."""
    forms = [judgement.to_json() for judgement in judgements]
    return json.dumps(forms[0] if len(forms) == 1 else forms, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _markdown(judgements: Sequence["ResultsJudgement"]) -> str:
    from ctlab.judging.document_blocks import as_markdown

    return as_markdown(judgements)


def _html(judgements: Sequence["ResultsJudgement"]) -> str:
    from ctlab.judging.document_blocks import as_page

    return as_page(judgements)


_FORMS: dict[str, Callable[[Sequence["ResultsJudgement"]], str]] = {
    "json": _json,
    "markdown": _markdown,
    "html": _html,
}


def _check_written(written: dict[str, str], files: Sequence[str]) -> None:
    """Refuse two texts on one terminal, and a text in the place of what is judged."""
    if sum(place == STDOUT for place in written.values()) > 1:
        raise InputError("one text goes to the terminal (-), not several; give the others a file")
    judged = {Path(path_and_options(file)[0]).resolve() for file in files}
    for name, place in written.items():
        if place != STDOUT and Path(place).resolve() in judged:
            raise InputError(f"--{name} {place} is one of the files that are judged and would be lost; name another")


def _write(place: str, text: str) -> None:
    from ctlab.reporting.report_files import write_text

    if place == STDOUT:
        say(text.rstrip("\n"))
    else:
        write_text(Path(place), text)


def _points(text: str) -> float:
    try:
        value = float(text.strip().removesuffix("points").removesuffix("%"))
    except ValueError:
        value = 0.0
    if not 0.0 < value < 100.0:
        raise argparse.ArgumentTypeError(f"must be points between 0 and 100, such as 2, not {text!r}")
    return value


def _level(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 0.5:
        raise argparse.ArgumentTypeError(f"must lie between 0 and 0.5, such as 0.05, not {text!r}")
    return value


JUDGE = Command(
    name="judge",
    group=Group.RUN,
    help="compare two or more result files problem by problem, without a suite",
    description=_DESCRIPTION,
    examples=_EXAMPLES,
    notes=_EXPECTED,
    exit_codes="0 what was expected is SUPPORTED, or nothing was expected; 1 it is REFUTED, INCONCLUSIVE or VOID, or "
    "cannot be written; 2 interrupted; 4 wrong use",
    arguments=_arguments,
    run=_run,
)
