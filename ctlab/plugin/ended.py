"""How a run of claims ends by a sentence, where going on would say it again at every test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from _pytest.outcomes import Exit  # pytest.exit.Exception, under a name that can be a base class

from ctlab.errors import UnreadableError
from ctlab.lab.executors import EngineError


class Ended(Exit):
    """Ends the run by a sentence."""


# pytest shows such an exception by the full name of its class, which would be nothing to a reader: ERROR is how it
# begins the sentences of wrong use.
Ended.__module__, Ended.__qualname__ = "builtins", "ERROR"


def wrong_use(error: Exception) -> Ended:
    """Return what ends the run as wrong use does."""
    return Ended(f"ctlab: {error}", returncode=pytest.ExitCode.USAGE_ERROR)


@contextmanager
def engine_or_exit(*, raises: bool) -> Iterator[None]:
    """End the run with one sentence where the model cannot be used at all, or the system refuses a stored file.

    ``raises`` in a worker of pytest-xdist, which has no clean way out: each test says it.
    """
    try:
        yield
    except (EngineError, UnreadableError) as error:
        if raises:
            raise
        raise wrong_use(error) from error
