"""The fixture ``swept``: every position, layer, head and reader of a sweep, for claims that name none of them."""

from typing import TYPE_CHECKING

import pytest

from ctlab.plugin.session import session_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctlab.sweeps import SweepOutcomes


@pytest.fixture(scope="session")
def swept(request: pytest.FixtureRequest) -> "Callable[..., SweepOutcomes]":
    """Run a sweep over positions, layers, heads and readers, or read it from the store; docs/sweeps.md."""
    return request.config.stash[session_key].sweep
