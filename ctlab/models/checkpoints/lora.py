"""Merging LoRA adapters into the weights they adapt."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor
from torch.nn import Module
from transformers.pytorch_utils import Conv1D

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.peft_config import PeftConfig
from ctlab.models.checkpoints.tensor_names import Role
from ctlab.models.families.training_settings import TrainingSettings


@dataclass(slots=True, kw_only=True)
class Adapter:
    """One adapted weight's low-rank pair, by module name; filled while a checkpoint is read."""

    keys: dict[Role, str] = field(default_factory=dict)
    """Name in the checkpoint of each of its tensors."""
    tensors: dict[str, Tensor] = field(default_factory=dict)
    """Its tensors by those names."""

    def put(self, role: Role, name: str, tensor: Tensor) -> None:
        """Take one of its tensors: a down projection (r, in), an up projection (out, r), or magnitudes (out,)."""
        if role in self.keys:
            raise CheckpointError(f"{name!r} and {self.keys[role]!r} adapt the same weight; one adapter is merged")
        self.keys[role] = name
        self.tensors[name] = tensor

    @property
    def key(self) -> str:
        """A name of one of its tensors, for errors."""
        return self.keys.get(Role.A) or next(iter(self.keys.values()))

    @property
    def magnitude(self) -> Tensor | None:
        """DoRA's length of each row (out,) of the merged weight (out, in); None where it is plain LoRA."""
        return self.tensors.get(self.keys.get(Role.MAGNITUDE, ""))

    def pair(self) -> tuple[Tensor, Tensor]:
        """Both projections, A (r, in) and B (out, r), refusing half a pair."""
        for role, half in ((Role.A, "lora_A"), (Role.B, "lora_B")):
            if role not in self.keys:
                raise CheckpointError(f"{self.key!r} has no {half} beside it; a LoRA adapter is a pair")
        return self.tensors[self.keys[Role.A]], self.tensors[self.keys[Role.B]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """How a checkpoint's adapters are added to their weights: ranks and scales, of settings and of a PEFT folder."""

    settings: TrainingSettings
    """lora_r, lora_alpha, use_rslora."""
    peft: PeftConfig | None = None
    """Where single modules have ranks and alphas of their own."""

    def rank(self, module: str) -> int:
        """Rank of a module's adapter."""
        return self.peft.rank_of(module) if self.peft is not None else self.settings.lora_r

    def scale(self, module: str) -> float:
        """Factor on B A."""
        stated = self.settings.lora_alpha or 0.0
        # Settings come after the folder's own file: who states another alpha there means it, for every module.
        own = self.peft is not None and stated == self.peft.alpha
        alpha = self.peft.alpha_of(module) if self.peft is not None and own else stated
        rank = self.rank(module)
        return alpha / (math.sqrt(rank) if self.settings.use_rslora else rank)


def check(adapters: Mapping[str, Adapter], weights: Mapping[str, Tensor], network: Module, merging: Merging) -> None:
    """Refuse adapters that are no pairs of the stated ranks for the weights that they name."""
    with_magnitude = [name for name, adapter in adapters.items() if adapter.magnitude is not None]
    promised = merging.peft is not None and merging.peft.dora
    for name, adapter in adapters.items():
        place, rank, key = f"{name}.weight", merging.rank(name), adapter.key
        a, b = adapter.pair()
        if place not in weights:
            raise CheckpointError(f"{key!r} adapts {place!r}, which is not in the checkpoint")
        if a.shape[0] != rank or b.shape[-1] != rank:
            raise CheckpointError(
                f"{key!r} has rank {a.shape[0]}, the settings say lora_r = {rank}; correct lora_r "
                f"(and lora_alpha with it: LoRA's scale is lora_alpha / lora_r)"
            )
        if adapter.magnitude is None and (with_magnitude or promised):
            raise CheckpointError(f"{key!r} has no lora_magnitude_vector beside it; with DoRA every adapter has one")
        shape = tuple(weights[place].shape)
        update = (b.shape[0], a.shape[1])
        turned = update[::-1] if isinstance(network.get_submodule(name), Conv1D) else update
        if turned != shape:
            raise CheckpointError(f"{key!r} gives an update of shape {turned} for {place!r} of shape {shape}")
        if adapter.magnitude is not None and adapter.magnitude.numel() != update[0]:
            count = adapter.magnitude.numel()
            raise CheckpointError(
                f"{adapter.keys[Role.MAGNITUDE]!r} holds {count} magnitudes for the {update[0]} rows of {place!r}"
            )
    if with_magnitude and merging.peft is not None and not promised:
        key = adapters[with_magnitude[0]].keys[Role.MAGNITUDE]
        raise CheckpointError(f"the adapter holds {key!r}, but its adapter_config.json does not say use_dora")


def merge(into: Tensor, weight: Tensor, adapter: Adapter, module: Module, scale: float) -> Tensor:
    """Write a weight with scale x B A added into a tensor, which it may be itself, and return that.

    In float64: merging rounds once, when the result is cast. GPT-2 keeps its weights as (in, out), the other way round
    than nn.Linear. DoRA (arXiv 2402.09353, equation 5) then gives each row of (out, in) the length that its magnitude
    says.
    """
    a, b = adapter.pair()
    turned = isinstance(module, Conv1D)
    rows = b.double() @ a.double()
    rows.mul_(scale).add_(weight.T if turned else weight)
    if adapter.magnitude is not None:
        rows.mul_((adapter.magnitude.double().reshape(-1) / rows.norm(dim=1)).unsqueeze(1))
    return into.copy_(rows.T if turned else rows)
