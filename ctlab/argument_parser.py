"""argparse with pytest's exit code for wrong use; of `ctlab`, and of modules that run by ``python -m``."""

import argparse
import sys
from typing import NoReturn

WRONG_USE = 4
"""Exit code for what cannot be understood; argparse's own, 2, says in pytest that somebody interrupted."""


class ArgumentParser(argparse.ArgumentParser):
    """Ends in one sentence where the arguments are wrong."""

    def error(self, message: str) -> NoReturn:
        """End with one sentence."""
        self.exit(WRONG_USE, f"{self.prog}: {message}; see {self.prog} --help\n")

    def _match_argument(self, action: argparse.Action, arg_strings_pattern: str) -> int:
        # Instead of argparse's "expected one argument", which says neither what is missing nor what it is for.
        try:
            return super()._match_argument(action, arg_strings_pattern)
        except argparse.ArgumentError:
            if action.nargs is not None or not action.option_strings:
                raise
            what = self._get_formatter()._expand_help(action) if action.help else ""
            needed = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
            said = f": {what}" if what else ""
            raise argparse.ArgumentError(action, f"{needed} is missing behind it{said}") from None

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End; what was printed goes out first, while it is known what to do where it cannot be written."""
        sys.stdout.flush()
        super().exit(status, message)
