"""What a subcommand is: its name, its help, its arguments, and what it does."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from textwrap import fill

WIDTH = 79
"""Letters in a line: a terminal that nobody widened has 80 columns, and some begin a new line after the last."""


class Group(StrEnum):
    """What people want when they look for a subcommand."""

    START = "start"
    RUN = "run"
    LOOK = "look"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One subcommand of `ctlab`."""

    name: str
    """What people type."""
    group: Group
    """Under which heading the help of `ctlab` lists it."""
    help: str
    """What it does, in a line."""
    description: str = ""
    """The same in a few sentences, where the line does not say it; broken anew."""
    examples: tuple[str, ...] = ()
    """Lines as people type them."""
    notes: str = ""
    """What else its help says; lines as they stand."""
    exit_codes: str = "0 done; 1 it could not be done; 2 interrupted; 4 wrong use"
    """What its exit codes mean."""
    arguments: Callable[[argparse.ArgumentParser], None]
    """Adds its arguments."""
    run: Callable[[argparse.Namespace], int | None]
    """Does it and prints what came of it; a CtlabError says in one sentence what cannot be done. An exit code, or None
    for 0."""

    def prepare(self, parser: argparse.ArgumentParser) -> None:
        """Give its parser the arguments and the help."""
        self._explain(parser, self.description or f"{sentence_case(self.help)}.", self.examples)
        self.arguments(parser)

    def prepare_action(self, parser: argparse.ArgumentParser, name: str, about: str) -> None:
        """Give the parser of one of its actions the help, with those of the examples that are of the action."""
        own = tuple(line for line in self.examples if line.split()[2:3] == [name])
        self._explain(parser, f"{sentence_case(about)}.", own)

    def _explain(self, parser: argparse.ArgumentParser, description: str, examples: tuple[str, ...]) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.description = paragraph(description)
        listed = "\n".join(["examples:", *(f"  {line}" for line in examples)]) if examples else ""
        parser.epilog = "\n\n".join(
            filter(None, [listed, self.notes.rstrip(), paragraph(f"exit codes: {self.exit_codes}")])
        )


def paragraph(text: str) -> str:
    """Break a text at the width of a terminal."""
    return fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def sentence_case(text: str) -> str:
    """Begin with a capital, and leave the rest."""
    return text[:1].upper() + text[1:]
