"""The engine of a model that somebody loaded already, as a notebook has it in its hands."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner
    from ctlab.problems import Problem


class LoadedModelEngine(ModelEngine):
    """A loaded model; it answers under the digest of what was loaded, as the settings' model of that digest would.

    One whose weights were edited since is another model: it has another name and a digest of its own.
    """

    def __init__(self, settings: Settings, model: "LatentReasoner") -> None:
        # Where and in which type it computes is the model's own affair now, and part of every answer's key.
        super().__init__(replace(settings, device=device_of(model), dtype=dtype_of(model)))
        self._given = model
        self._weights = model.fingerprint()
        self._digest, self._name = model.digest, model.name
        if self._weights != model.as_loaded:
            self._digest = hashlib.sha256(f"{model.digest} {self._weights}".encode()).hexdigest()[: len(model.digest)]
            self._name = f"{model.name}, edited"

    @property
    def digest(self) -> str:
        """Digest of what was loaded, and of the weights where these were edited since."""
        return self._digest

    @property
    def _own_limit(self) -> int:
        return self._given.max_new_tokens

    def loaded_digest(self) -> str:
        """Digest of the weights in memory."""
        self._model()
        return self._digest

    def at_hand(self) -> "LatentReasoner":
        """Return the model; CheckpointError where it was edited after the lab was made of it."""
        return self._model()

    def _model(self) -> "LatentReasoner":
        """Return the model; CheckpointError where it was edited after the lab was made of it."""
        if self._given.fingerprint() != self._weights:
            raise CheckpointError(
                f"the weights of {self._name} were changed after the lab was made, and its answers would be kept as "
                "those of the model that it was; make another ctlab.Lab of it, which keeps them apart"
            )
        return self._given

    def _refuse_long(self, problems: "Sequence[Problem]") -> None:
        """Nothing: the weights are read, their files may be gone, and of a question without room the engine says so."""

    def trust(self) -> str:
        """Nothing is taken on trust: the weights are in memory."""
        return ""

    def card(self) -> dict[str, Any]:
        """Describe the model as it is in memory."""
        from ctlab.models.families import FAMILIES

        model, family = self._given, self._given.settings.family
        modules = [model.network, *filter(None, [model.projection])]
        return {
            "id": self._name,
            "digest": self._digest,
            "family": family,
            "trained": FAMILIES[family].trained,
            "as_published": FAMILIES[family].as_published.words,
            "parameters": sum(weights.numel() for module in modules for weights in module.parameters()),
            "num_thoughts": model.num_thoughts,
            "num_layers": model.num_layers,
            **({"loop": asdict(model.unrolled)} if model.unrolled is not None else {}),
            "num_heads": model.num_heads,
            "max_new_tokens": self._own_limit,
            "settings": model.settings.to_json(),
            **({"stops_itself": True} if model.program.stops_itself else {}),
        }


def device_of(model: "LatentReasoner") -> str:
    """Name the device that a loaded model computes on, as settings do: of Apple's there is one."""
    return "mps" if model.device.type == "mps" else str(model.device)


def dtype_of(model: "LatentReasoner") -> str:
    """Name the floating-point type that a loaded model computes in."""
    return str(model.dtype).removeprefix("torch.")
