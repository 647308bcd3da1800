"""`ctlab SUBCOMMAND …`: finds the subcommand, and turns what went wrong into a sentence and an exit code."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from ctlab.commands.audit import AUDIT
from ctlab.commands.command import Command
from ctlab.commands.compare import COMPARE
from ctlab.commands.explained_words import WORDS
from ctlab.commands.judge import JUDGE
from ctlab.commands.paper import PAPER
from ctlab.commands.printing import nobody_reads
from ctlab.commands.problems import PROBLEMS
from ctlab.commands.registry import REGISTRY
from ctlab.commands.store import STORE
from ctlab.errors import CtlabError, InputError

COMMANDS: tuple[Command, ...] = (AUDIT, COMPARE, JUDGE, PAPER, PROBLEMS, REGISTRY, STORE, WORDS)
"""Every subcommand, in the order of the help."""
DONE, FAILED, INTERRUPTED, WRONG_USE = 0, 1, 2, 4
"""Exit codes, which are pytest's."""


class _Parser(argparse.ArgumentParser):
    """argparse with pytest's exit code for wrong use: its own, 2, says that somebody interrupted."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message}; see {self.prog} --help\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        sys.stdout.flush()  # the help, while it is known what to do where it cannot be written
        super().exit(status, message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return the exit code: 0 done, 1 failed or not as expected, 2 interrupted, 4 wrong use."""
    parser = _parser()
    try:
        chosen = parser.parse_args(arguments)
        code: int | None = chosen.command.run(chosen)
        sys.stdout.flush()  # here, where it is known what to do when nobody reads
    except InputError as error:
        print(f"ctlab: {error}", file=sys.stderr)
        return WRONG_USE
    except CtlabError as error:
        print(f"ctlab: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("ctlab: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `| head -1`: whoever read has seen enough
        nobody_reads()
        return DONE
    except OSError as error:  # where no file is named it is where the output goes: a full disk behind `> FILE`
        if not error.filename:
            nobody_reads()
        print(f"ctlab: {_what_failed(error)}", file=sys.stderr)
        return FAILED
    return code or DONE


def _what_failed(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else f"the output cannot be written: {reason}"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ctlab", description="Claims about continuous thoughts: what is done beside pytest, which judges them."
    )
    subparsers = parser.add_subparsers(title="subcommands", metavar="SUBCOMMAND", required=True, parser_class=_Parser)
    for command in COMMANDS:
        own = subparsers.add_parser(command.name, help=command.help, description=f"{command.help}.")
        command.arguments(own)
        own.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
