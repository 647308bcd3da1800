"""argparse as `ctlab` uses it: pytest's exit codes, the nearest name where one is unknown, one form of help."""

import argparse
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from textwrap import fill
from typing import Any, NoReturn

from ctlab import __version__
from ctlab.argument_parser import ArgumentParser
from ctlab.commands.command import WIDTH, Command, Group

_HEADINGS = {
    Group.START: "start",
    Group.RUN: "run and judge",
    Group.LOOK: "look at what came of it",
    Group.KEEP: "keep",
}
_PYTEST = ("pytest", "generate, certify, judge the claims of a suite, and write the report")
_INTRODUCTION = "Claims about continuous thoughts as pytest tests: pytest runs and judges them, ctlab does the rest."
_EXAMPLES = """\
examples:
  ctlab new my-paper                 a suite that runs as it is
  cd my-paper && pytest              its first run
  ctlab compare reports/A reports/B  what changed between two runs
  ctlab judge a.jsonl b.jsonl        two result files, no suite
  ctlab SUBCOMMAND --help            what a subcommand takes, with examples"""
_EXIT_CODES = """\
exit codes, which are pytest's:
  0 done   1 failed, or not as expected   2 interrupted   4 wrong use"""


class Parser(ArgumentParser):
    """Names what is nearest where a word is unknown."""

    def refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """End with what was not understood, an option, or is one word too many."""
        if not words[0].startswith("-"):
            self.error(f"{words[0]!r} is one word too many (what has blanks in it takes quotes)")
        known = re.findall(r"(?<!\S)--[\w-]+", self.format_help())
        self.error(f"{words[0]!r} is not understood here{nearest(words[0].partition('=')[0], known)}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # Instead of argparse's "invalid choice: … (choose from …)", whose form differs from Python to Python.
        if action.choices is None or value in action.choices:
            return
        known = list(map(str, action.choices))
        hint = nearest(str(value), known) or f"; there are {', '.join(known)}"
        if isinstance(action, argparse._SubParsersAction):
            raise argparse.ArgumentError(None, f"there is no {str(action.metavar).lower()} {value!r}{hint}")
        raise argparse.ArgumentError(action, f"{value!r} is none of its values{hint}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Ask whether the nearest of the known names is meant; empty where none is near."""
    found = get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def parser_of(commands: Sequence[Command]) -> Parser:
    """Return the parser of `ctlab` with all its subcommands."""
    parser = Parser(
        prog="ctlab",
        usage="ctlab SUBCOMMAND ...",
        description=overview(commands),
        epilog=f"{_EXAMPLES}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"ctlab {__version__}")
    subparsers = parser.add_subparsers(
        prog="ctlab", metavar="SUBCOMMAND", required=True, parser_class=Parser, help=argparse.SUPPRESS
    )
    for command in commands:
        own = subparsers.add_parser(command.name)
        # First: a parser below, of an action such as `ctlab store ls`, then overwrites it with itself.
        own.set_defaults(command=command, parser=own)
        command.prepare(own)
    return parser


def overview(commands: Sequence[Command]) -> str:
    """List what exists under headings of what people want, pytest among it."""
    width = max(len(command.name) for command in commands)
    lines = [fill(_INTRODUCTION, WIDTH)]
    for group, heading in _HEADINGS.items():
        rows = [(command.name, command.help) for command in commands if command.group == group]
        lines += [
            "",
            f"{heading}:",
            *(_row(*row, width) for row in [*([_PYTEST] if group == Group.RUN else []), *rows]),
        ]
    return "\n".join(lines)


def _row(name: str, about: str, width: int) -> str:
    start = f"  {name:<{width}}  "
    return fill(about, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
