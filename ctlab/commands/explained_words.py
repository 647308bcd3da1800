"""`ctlab words [TERM …]`: what a term means that terminal, report and docs use."""

import argparse
from difflib import get_close_matches
from textwrap import wrap

from ctlab.commands.command import Command, Group
from ctlab.commands.printing import columns, say
from ctlab.errors import InputError

_WIDTH = 100  # of what goes to a file, and of a terminal at most: longer lines are hard to read


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("term", nargs="*", metavar="TERM", help="a term, such as α or SUPPORTED; default: all of them")


def _run(arguments: argparse.Namespace) -> None:
    from ctlab.reporting.prose.glossary import found, in_lines, terms

    wanted = " ".join(arguments.term)
    chosen = found(wanted) if wanted else terms()
    if not chosen:
        names = [name.strip(" []") for term in terms() for name in term.name.split(",")]
        near = get_close_matches(wanted.casefold(), [name.casefold() for name in names], n=1)
        hint = (
            f"did you mean {next(name for name in names if name.casefold() == near[0])}?"
            if near
            else "`ctlab words` lists all"
        )
        raise InputError(f"{wanted!r} is not a term that is explained here; {hint}")
    width = min(columns(_WIDTH), _WIDTH)
    say("\n".join(line for text in in_lines(chosen) for line in wrap(text, width, subsequent_indent="  ")))


WORDS = Command(
    name="words",
    group=Group.LOOK,
    help="say what a term means that terminal, report and docs use",
    examples=("ctlab words α", "ctlab words chance rate", "ctlab words | less"),
    arguments=_arguments,
    run=_run,
)
