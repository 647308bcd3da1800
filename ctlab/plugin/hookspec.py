"""What a suite tells ctlab before any fixture runs: its conditions, and, if it brings its own, who answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ctlab.interventions import Condition
from ctlab.lab.executors import Engine
from ctlab.settings import Settings


@pytest.hookspec
def pytest_ctlab_conditions(card: Mapping[str, Any]) -> Sequence[Condition]:  # type: ignore[empty-body]
    """Return the conditions that claims name; ``baseline`` is always there.

    ``card`` describes the model (``num_thoughts``, ``num_layers``), for conditions that depend on it; it is empty for
    recorded answers.
    """


@pytest.hookspec(firstresult=True)
def pytest_ctlab_engine(settings: Settings) -> Engine | None:
    """Return what answers problems under conditions instead of the model that the settings name, None to leave it."""
