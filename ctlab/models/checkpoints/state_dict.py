"""A checkpoint's tensors sorted by name: base weights, adapters, the family's own, and what inference leaves out."""

import re
from dataclasses import dataclass, field

from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.config_rules import Extent
from ctlab.models.checkpoints.lora import Adapter
from ctlab.models.families.base import Family

# Causal masks and rotary frequencies, which older versions of transformers saved with the weights.
_BUFFERS = re.compile(r"(\.attn\.(bias|masked_bias)|\.rotary_emb\.inv_freq)\Z")
# peft names each half after its adapter, "default" where nobody chose, and saves an adapter alone without a name.
_ADAPTER = re.compile(r"(?P<module>.+)\.lora_(?P<half>[AB])(\.(?P<adapter>[^.]+))?\.weight\Z")


@dataclass(slots=True, kw_only=True)
class StateDict:
    """A checkpoint's tensors, each in its place."""

    weights: dict[str, Tensor] = field(default_factory=dict)
    """Base model's tensors by their names in the base model."""
    adapters: dict[str, Adapter] = field(default_factory=dict)
    """LoRA pairs by the name of the module that they adapt."""
    adapter_names: set[str] = field(default_factory=set)
    """What the adapters are called, "" where they have no name; a checkpoint holds one."""
    wrapped: set[str] = field(default_factory=set)
    """Modules whose weight is stored as ``base_layer``, which promises an adapter."""
    own: dict[str, Tensor] = field(default_factory=dict)
    """Tensors that the family has beside the base model's, by their names in the checkpoint."""
    unused: dict[str, str] = field(default_factory=dict)
    """Tensors that are deliberately not used, and why."""
    names: dict[str, str] = field(default_factory=dict)
    """Name in the base model to name in the checkpoint, for errors."""

    @property
    def extent(self) -> Extent:
        """How large a network these weights can fill."""
        sides = [side for tensor in self.weights.values() for side in tensor.shape]
        return Extent(side=max(sides, default=1), tensors=len(self.weights))


def read_state_dict(tensors: dict[str, Tensor], family: Family) -> StateDict:
    """Put every tensor into its place, refusing what has none."""
    state = StateDict()
    unknown = [name for name, tensor in tensors.items() if not _place(state, name, tensor, family)]
    if unknown:
        raise CheckpointError(
            f"{len(unknown)} tensors have no place in a model of family {family.name}: "
            f"{', '.join(sorted(unknown)[:3])}; if they belong to another family, correct 'family'"
        )
    if not state.weights:
        wanted = " or ".join(f"{prefix}*" for prefix in family.layout.prefixes)
        raise CheckpointError(f"no tensor is called {wanted}: this is no checkpoint of family {family.name}")
    if len(state.adapter_names) > 1:
        called = ", ".join(map(repr, sorted(state.adapter_names)))
        raise CheckpointError(
            f"the checkpoint holds {len(state.adapter_names)} LoRA adapters, {called}, and one is merged; save it with "
            f"the adapter alone that was trained"
        )
    if bare := sorted(state.wrapped - set(state.adapters)):
        raise CheckpointError(
            f"'{state.names[bare[0] + '.weight']}' has no lora_A and lora_B beside it ({len(bare)} such weights)"
        )
    return state


def _place(state: StateDict, name: str, tensor: Tensor, family: Family) -> bool:
    layout = family.layout
    if name.startswith(layout.training_only):
        state.unused[name] = "auxiliary decoder, used in training only"
        return True
    if name in layout.own:
        state.own[name] = tensor
        return True
    prefix = next((prefix for prefix in layout.prefixes if name.startswith(prefix)), None)
    if prefix is None:
        return False
    if _BUFFERS.search(name):
        state.unused[name] = "constant that the model computes itself"
        return True
    inner = name.removeprefix(prefix)
    if layout.adapters and (match := _ADAPTER.match(inner)):
        state.adapter_names.add(match["adapter"] or "")
        adapter = state.adapters.setdefault(match["module"], Adapter())
        adapter.keys.append(name)
        if match["half"] == "A":
            adapter.a = tensor
        else:
            adapter.b = tensor
        return True
    plain = inner.replace(".base_layer.", ".")
    if plain in state.weights:
        raise CheckpointError(f"{name!r} and {state.names[plain]!r} are the same weight; a checkpoint holds each once")
    if plain != inner and plain.endswith(".weight"):
        state.wrapped.add(plain.removesuffix(".weight"))
    state.weights[plain] = tensor
    state.names[plain] = name
    return True
