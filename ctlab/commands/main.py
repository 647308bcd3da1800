"""`ctlab SUBCOMMAND …`: finds the subcommand, and turns what went wrong into a sentence and an exit code."""

import sys
from collections.abc import Sequence

from ctlab.argument_parser import WRONG_USE
from ctlab.commands.audit import AUDIT
from ctlab.commands.command import Command
from ctlab.commands.compare import COMPARE
from ctlab.commands.explained_words import WORDS
from ctlab.commands.judge import JUDGE
from ctlab.commands.new import NEW
from ctlab.commands.paper import PAPER
from ctlab.commands.parser import parser_of
from ctlab.commands.plan_claims import PLAN
from ctlab.commands.printing import nobody_reads
from ctlab.commands.problems import PROBLEMS
from ctlab.commands.registry import REGISTRY
from ctlab.commands.report import REPORT
from ctlab.commands.reproduce import REPRODUCE
from ctlab.commands.store import STORE
from ctlab.errors import CtlabError, InputError

COMMANDS: tuple[Command, ...] = (
    NEW,
    PROBLEMS,
    PLAN,
    REPRODUCE,
    JUDGE,
    REPORT,
    COMPARE,
    AUDIT,
    PAPER,
    WORDS,
    STORE,
    REGISTRY,
)
"""Every subcommand, in the order of the help."""
DONE, FAILED, INTERRUPTED = 0, 1, 2
"""Exit codes beside `WRONG_USE`; all are pytest's."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return the exit code: 0 done, 1 failed or not as expected, 2 interrupted, 4 wrong use."""
    parser = parser_of(COMMANDS)
    typed = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if not typed:
            parser.print_help()
            sys.stdout.flush()
            return DONE
        chosen, unknown = parser.parse_known_args(typed)
        if unknown:
            chosen.parser.refuse_unknown(unknown)
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


if __name__ == "__main__":
    raise SystemExit(main())
