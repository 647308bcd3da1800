"""Compare two runs: ``python -m ctlab.reporting.compare reports/before reports/after``."""

import sys
from collections.abc import Sequence

from ctlab.argument_parser import WRONG_USE, ArgumentParser
from ctlab.errors import CtlabError
from ctlab.files import lead_nowhere
from ctlab.reporting.compare.command_line import DESCRIPTION, FAILED, add_arguments, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what changed; write the comparison where asked; return the exit code (`command_line.EXIT_CODES`)."""
    parser = ArgumentParser(prog="python -m ctlab.reporting.compare", description=DESCRIPTION)
    add_arguments(parser)
    try:
        return run(parser.parse_args(arguments), _say)
    except CtlabError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except OSError as error:  # a full disk behind the output
        lead_nowhere(sys.stdout.fileno())
        print(f"the output cannot be written: {error.strerror or error}", file=sys.stderr)
        return FAILED


def _say(text: str) -> None:
    """Print; where nobody reads any more (`| head -1`) the rest goes nowhere, and the exit code stays."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        lead_nowhere(sys.stdout.fileno())


if __name__ == "__main__":
    raise SystemExit(main())
