"""What a command prints, for any terminal and any reader that may stop reading."""

import os
import sys


def say(text: str) -> None:
    """Print and flush; where nobody reads any more (`| head -1`) nothing more is said, and no error either.

    What the terminal's encoding does not have becomes a question mark.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        nobody_reads()


def nobody_reads() -> None:
    """Send what is still to be printed nowhere: Python flushes on its way out, and would complain."""
    from ctlab.files import lead_nowhere

    lead_nowhere(sys.stdout.fileno())


def columns(otherwise: int) -> int:
    """How wide a line can be: as the terminal is, where it says so; what goes to a file is the same everywhere."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or otherwise
    except (OSError, ValueError):  # no terminal; and what stands in for one in a test has no descriptor
        return otherwise
