"""The engine of a model that somebody loaded already, as a notebook has it in its hands."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ctlab.lab.executors.local_model import ModelEngine
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner


class LoadedModelEngine(ModelEngine):
    """A loaded model; it answers under the digest of what was loaded, as the settings' model of that digest would."""

    def __init__(self, settings: Settings, model: "LatentReasoner") -> None:
        # Where and in which type it computes is the model's own affair now, and part of every answer's key.
        super().__init__(replace(settings, device=str(model.device), dtype=dtype_of(model)))
        self._given = self._loaded = model

    @property
    def digest(self) -> str:
        """Digest of what was loaded."""
        return self._given.digest

    def trust(self) -> str:
        """Nothing is taken on trust: the weights are in memory."""
        return ""

    def card(self) -> dict[str, Any]:
        """Describe the model as it is in memory."""
        from ctlab.models.families import FAMILIES

        model, family = self._given, self._given.settings.family
        modules = [model.network, *filter(None, [model.projection])]
        return {
            "id": model.name,
            "digest": model.digest,
            "family": family,
            "trained": FAMILIES[family].trained,
            "parameters": sum(weights.numel() for module in modules for weights in module.parameters()),
            "num_thoughts": model.num_thoughts,
            "num_layers": model.num_layers,
            "num_heads": model.num_heads,
            "settings": model.settings.to_json(),
        }


def dtype_of(model: "LatentReasoner") -> str:
    """Name the floating-point type that a loaded model computes in."""
    return str(model.dtype).removeprefix("torch.")
