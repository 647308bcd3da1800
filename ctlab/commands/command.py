"""What a subcommand is: its name, a line for the help, its arguments, and what it does."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One subcommand of `ctlab`."""

    name: str
    """What people type."""
    help: str
    """What it does, in a line."""
    arguments: Callable[[argparse.ArgumentParser], None]
    """Adds its arguments."""
    run: Callable[[argparse.Namespace], int | None]
    """Does it and prints what came of it; a CtlabError says in one sentence what cannot be done. An exit code, or None
    for 0."""
