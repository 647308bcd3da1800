"""How a run of claims ends by a sentence, where going on would say it again at every test."""

import pytest
from _pytest.outcomes import Exit  # pytest.exit.Exception, under a name that can be a base class


class Ended(Exit):
    """Ends the run by a sentence."""


# pytest shows such an exception by the full name of its class, which would be nothing to a reader: ERROR is how it
# begins the sentences of wrong use.
Ended.__module__, Ended.__qualname__ = "builtins", "ERROR"


def wrong_use(error: Exception) -> Ended:
    """Return what ends the run as wrong use does."""
    return Ended(f"ctlab: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
