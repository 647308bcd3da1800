"""``python -m ctlab NAME …``: the commands beside pytest; exit codes are pytest's, 0 done, 4 wrong use."""

import argparse
import sys
from collections.abc import Sequence

from ctlab.commands import registry
from ctlab.errors import CtlabError

_COMMANDS = {"registry": registry}
WRONG_USE = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what is wrong is one sentence."""
    parser = argparse.ArgumentParser(prog="ctlab", description="Commands beside pytest.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        summary = (module.__doc__ or "").partition("\n")[0]
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(arguments)
    try:
        code: int = _COMMANDS[options.command].run(options)
    except CtlabError as error:
        print(f"ctlab: {error}", file=sys.stderr)
        return WRONG_USE
    return code


if __name__ == "__main__":
    sys.exit(main())
