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
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
