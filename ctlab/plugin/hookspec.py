"""What a suite tells ctlab before any fixture runs: its conditions, and, if it brings its own, who answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ctlab.interventions import Condition
from ctlab.lab.executors import Engine
from ctlab.records import PublishedRecords
from ctlab.records.own_functions import Function
from ctlab.settings import Settings


@pytest.hookspec
def pytest_ctlab_conditions(card: Mapping[str, Any]) -> Sequence[Condition]:  # type: ignore[empty-body]
    """Return the conditions that claims name; ``baseline`` is always there.

    ``card`` describes the model (``num_thoughts``, ``num_layers``), for conditions that depend on it; it is empty for
    recorded answers.
    """


@pytest.hookspec
def pytest_ctlab_models() -> Mapping[str, str]:  # type: ignore[empty-body]
    """Return the models that conditions call by a name, by that name: ``{"written": "tiny-graphs-cot"}``.

    Each is an id as ``--ctlab-model`` takes it, and is what answers where a run gives no other (docs/two_models.md).
    """


@pytest.hookspec
def pytest_ctlab_outcomes() -> Mapping[str, Function]:  # type: ignore[empty-body]
    """Return outcomes of the suite's own by name: ``{"CONTAINS_UNIT": contains_unit}``.

    A function takes a problem and the text of an answer, and as a third argument its `ctlab.outcomes.Classification`
    where it cannot do without; it returns True or False. `ctlab.outcomes.ByNumber` around it says that the number
    decides (docs/adding/outcome.md).
    """


@pytest.hookspec
def pytest_ctlab_features() -> Mapping[str, Function]:  # type: ignore[empty-body]
    """Return features of problems of the suite's own by name: ``{"answer_length": answer_length}``.

    A function takes a problem and returns a finite number, True or False, a text, or None where it has none.
    """


@pytest.hookspec(firstresult=True)
def pytest_ctlab_records(settings: Settings) -> PublishedRecords | None:
    """Return the published records that the suite's claims are judged from, None where a model answers."""


@pytest.hookspec(firstresult=True)
def pytest_ctlab_engine(settings: Settings) -> Engine | None:
    """Return what answers problems under conditions instead of the model that the settings name, None to leave it."""
