"""The fixture ``swept``: every position, layer, head and reader of a sweep, for claims that name none of them."""

from typing import TYPE_CHECKING, Any

import pytest

from ctlab.errors import InputError
from ctlab.plugin.session import session_key
from ctlab.records.own_functions import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctlab.sweeps import SweepOutcomes

_TAKES = ("positions", "layers", "heads", "readers", "by", "share", "seed")


@pytest.fixture(scope="session")
def swept(request: pytest.FixtureRequest) -> "Callable[..., SweepOutcomes]":
    """Run a sweep over positions, layers, heads and readers, or read it from the store; docs/sweeps.md."""
    session = request.config.stash[session_key]

    def sweep(**axes: Any) -> "SweepOutcomes":
        for name in axes:
            if name not in _TAKES:
                takes = f"; it takes {', '.join(_TAKES)}, and all else is the run's (its options and ini file)"
                raise InputError(f"swept has no argument {name!r}{nearest(name, _TAKES) or takes}")
        return session.sweep(**axes)

    return sweep
