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

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End; what was printed goes out first, while it is known what to do where it cannot be written."""
        sys.stdout.flush()
        super().exit(status, message)
