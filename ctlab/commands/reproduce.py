"""`ctlab reproduce MODEL`: whether it does as well as was published, and where it does not, which setting is wrong."""

import argparse
from pathlib import Path
from typing import Any

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import columns, say

STDOUT = "-"
SHORT = 1
"""Exit code of a model that falls short, or of which it cannot be told."""

_DESCRIPTION = """\
Answer a problem set undisturbed, through the same store and engine as pytest, and hold the accuracy against the
published one. Where it falls short, try what is commonly wrong with a checkpoint or its settings on a few dozen
problems, and name the cause where one change is clearly better."""
_EXAMPLES = (
    "ctlab reproduce tiny",
    "ctlab reproduce zen-E/CODI-gpt2 --problems gsm8k --device cuda",
    "ctlab reproduce my-checkpoint --published 0.556 --problems gsm8k --limit 300",
    "ctlab reproduce my-checkpoint --expected answers.jsonl",
)
_NOTES = """\
expected answers, one a line:
  {"question": "…", "tokens": [464, 3280, …]}
  {"question": "…", "answer": "The answer is: 18"}
"""
_PASSED_ON = (
    ("base", "ID", "base model's config and tokenizer, where the checkpoint does not carry them"),
    ("device", "NAME", "where to compute (cpu)"),
    ("dtype", "TYPE", "float32, bfloat16, float16 or float64 (float32)"),
    ("padding", "HOW", "exact or as-published (exact)"),
    ("max-new-tokens", "N", "most tokens of an answer (the model's own; of the longest expected one)"),
    ("batch-tokens", "N", "most tokens in a batch"),
    ("store", "DIR", "where answers are kept (.ctlab/store)"),
)
"""Options that mean what pytest's ``--ctlab-…`` of the same name means, with its checks."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", metavar="MODEL", help="an embedded model (tiny, tiny-graphs-cot, …), a folder, or an id on the hub"
    )
    parser.add_argument("--problems", default="tiny", metavar="SET", help="as for --ctlab-problems (tiny)")
    parser.add_argument("--limit", type=_count, metavar="N", help="the first N problems")
    parser.add_argument("--published", metavar="RATE", help="accuracy to reach, such as 0.556 or 55.6%%")
    parser.add_argument("--expected", type=Path, metavar="FILE", help="answers that must come out, in its place")
    parser.add_argument("--diagnose", action="store_true", help="diagnose also where nothing falls short")
    parser.add_argument("--seed", type=int, default=1, help="seed of the problems that a diagnosis tries (1)")
    parser.add_argument(
        "--settings", action="append", default=[], metavar="KEY=VALUE", help="override a setting; or a JSON file"
    )
    for name, metavar, about in _PASSED_ON:
        parser.add_argument(f"--{name}", metavar=metavar, help=about)
    parser.add_argument("--allow-pickle", action="store_true", help="load checkpoints that are pickles")
    parser.add_argument("--json", metavar="FILE", help="write everything as JSON; - for the terminal")


def _run(arguments: argparse.Namespace) -> int:
    from ctlab.lab.log import ConsoleLog
    from ctlab.reproduction.against_published import Comparison
    from ctlab.reproduction.asked_for import AskedFor, read_settings
    from ctlab.reproduction.certificate_form import certificate_form
    from ctlab.reproduction.known_accuracy import read_accuracy
    from ctlab.reproduction.reproducing import reproduce
    from ctlab.reproduction.terminal_page import WIDEST, terminal_page

    given = {name.replace("-", "_"): getattr(arguments, name.replace("-", "_")) for name, _, _ in _PASSED_ON}
    options: dict[str, Any] = {**given, "allow_pickle": arguments.allow_pickle or None}
    result = reproduce(
        AskedFor(
            model=arguments.model,
            problems=arguments.problems,
            limit=arguments.limit,
            published=None if arguments.published is None else read_accuracy(arguments.published),
            expected=arguments.expected,
            settings=read_settings(arguments.settings),
            diagnose=arguments.diagnose,
            seed=arguments.seed,
            options=options,
        ),
        ConsoleLog(),
    )
    if arguments.json is not None:
        _write(arguments.json, certificate_form(result))
    if arguments.json != STDOUT:
        say(terminal_page(result, columns(WIDEST)))
    return 0 if result.verdict in (Comparison.REPRODUCES, Comparison.NOTHING) else SHORT


def _write(place: str, form: dict[str, Any]) -> None:
    import json

    from ctlab.reporting.report_files import write_json

    if place == STDOUT:
        say(json.dumps(form, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        write_json(Path(place), form)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)


REPRODUCE = Command(
    name="reproduce",
    group=Group.RUN,
    help="hold a model against its published accuracy, and say what is wrong where it falls short",
    description=_DESCRIPTION,
    examples=_EXAMPLES,
    notes=_NOTES,
    exit_codes="0 it reproduces, or there was nothing to compare with; 1 it falls short, or it cannot be told with so "
    "few problems; 2 interrupted; 4 wrong use",
    arguments=_arguments,
    run=_run,
)
