"""Who answers: one latent-reasoner interface, its families, exact checkpoint loading. Importing it imports no torch."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.digest import model_digest
from ctlab.models.checkpoints.known import published_accuracy
from ctlab.models.openmp import wait_politely

if TYPE_CHECKING:
    from ctlab.models.checkpoints.loading import load_model
    from ctlab.models.reasoner import LatentReasoner

_HOMES = {
    "LatentReasoner": "reasoner",
    "load_model": "checkpoints.loading",
}
__all__ = [
    "CheckpointSettings",
    "LatentReasoner",
    "load_model",
    "model_digest",
    "published_accuracy",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES, wait_politely)
