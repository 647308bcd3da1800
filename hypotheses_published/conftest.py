"""Who answered, and in which published files; there is no model here."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.interventions import Condition
from ctlab.records import PublishedRecords
from ctlab.settings import Settings
from hypotheses_published.records import MODELS, RECORDS


def pytest_ctlab_records(settings: Settings) -> PublishedRecords | None:
    """Tell the plugin which files these claims are judged from; beside another suite's claims they are no business."""
    return RECORDS if settings.registry == "hypotheses_published.registry" else None


def pytest_ctlab_conditions(card: Mapping[str, Any]) -> Sequence[Condition]:
    """Tell the plugin whose answers are compared: each condition is a model, and nothing is hidden from any."""
    return [Condition(name=name, model=model) for name, model in MODELS.items()]
