"""Who answers: one latent-reasoner interface, its families, exact checkpoint loading. Importing it imports no torch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ctlab.models.digest import model_digest
from ctlab.models.known import published_accuracy
from ctlab.models.settings import Settings
from ctlab.models.threads import wait_politely

if TYPE_CHECKING:
    from ctlab.models.loading import load_model
    from ctlab.models.reasoner import LatentReasoner

_HOMES = {"LatentReasoner": "reasoner", "load_model": "loading"}
__all__ = ["LatentReasoner", "Settings", "load_model", "model_digest", "published_accuracy"]


def __getattr__(name: str) -> Any:
    """Import what needs torch when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.models' has no attribute {name!r}")
    wait_politely()
    return getattr(import_module(f"ctlab.models.{_HOMES[name]}"), name)
