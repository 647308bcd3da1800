"""A model's weights by name: all that the reference of the certificates shares with what it is held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ctlab.models.families.training_settings import TrainingSettings
from ctlab.models.reasoner import LatentReasoner


class NotRecomputable(Exception):
    """A model computes something that the reference has no arithmetic of its own for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """Tensors and settings of one model; reading a tensor is remembered, so that none can be overlooked."""

    tensors: Mapping[str, Tensor]
    """The network's, as transformers names them, adapters merged."""
    projection: Mapping[str, Tensor]
    """The family's own, as its projection names them; empty where it has none."""
    config: Any
    """The base model's config: sizes, and constants such as a norm's epsilon."""
    settings: TrainingSettings
    """How the model was trained."""
    dtype: torch.dtype
    """What is computed in: the model's own type, float32 at least."""
    device: torch.device
    """Where the tensors are."""
    read: set[str] = field(default_factory=set)
    """Names of the network's tensors that were asked for."""

    @classmethod
    def of(cls, model: LatentReasoner) -> "Weights":
        """Take the tensors of a model, and none of its modules."""
        return cls(
            tensors=model.network.state_dict(),
            projection={} if model.projection is None else model.projection.state_dict(),
            config=model.network.config,
            settings=model.settings,
            dtype=torch.promote_types(model.dtype, torch.float32),
            device=model.device,
        )

    def __getitem__(self, name: str) -> Tensor:
        tensor = self.get(name)
        if tensor is None:
            raise NotRecomputable(f"it has no weights {name!r}")
        return tensor

    def get(self, name: str) -> Tensor | None:
        """Return a tensor, None where the model has none of that name."""
        self.read.add(name)
        tensor = self.tensors.get(name)
        return None if tensor is None else tensor.to(self.dtype)

    def rows(self, name: str, ids: Iterable[int]) -> Tensor:
        """Some rows of a table: (ids, D)."""
        self.read.add(name)
        if name not in self.tensors:
            raise NotRecomputable(f"it has no weights {name!r}")
        return self.tensors[name][list(ids)].to(self.dtype)

    def unread(self) -> list[str]:
        """Tensors that nobody asked for: something that is left out of what was computed."""
        return sorted(set(self.tensors) - self.read)
