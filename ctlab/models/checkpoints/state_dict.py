"""A checkpoint's tensors sorted by name: base weights, adapters, the family's own, and what inference leaves out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.config_rules import Extent
from ctlab.models.checkpoints.family_names import remedy
from ctlab.models.checkpoints.lora import Adapter
from ctlab.models.checkpoints.peft_config import CONFIG, PeftConfig
from ctlab.models.checkpoints.tensor_names import Part, Role, part, renamed, unwrapped
from ctlab.models.families.base import Family

# Causal masks and rotary frequencies, which older versions of transformers saved with the weights.
_BUFFERS = re.compile(r"(\A|\.)(attn\.(bias|masked_bias)|attention\.(bias|masked_bias)|rotary_emb\.inv_freq)\Z")
_PEFT = "base_model.model."
"""What stands before the base model's names in a PEFT folder."""
_COMPUTED = "constant that the model computes itself"


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
    replaced: dict[str, str] = field(default_factory=dict)
    """Weights of modules that were trained whole, to the names of the base's own beside them."""
    rows: dict[str, Tensor] = field(default_factory=dict)
    """Rows (ids, D) that replace an embedding's, by the embedding's module."""
    roles: dict[str, Role] = field(default_factory=dict)
    """Whether a weight is the base's own, or one that was trained whole."""
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


def read_state_dict(
    tensors: Mapping[str, Tensor],
    family: Family,
    *,
    peft: PeftConfig | None = None,
    beneath: Mapping[str, Tensor] | None = None,
) -> StateDict:
    """Put every tensor into its place, refusing what has none.

    ``peft`` is what a PEFT folder says, and ``beneath`` are the weights of the base that its adapter was trained on.
    """
    state = StateDict()
    called = f"{family.name}."  # what studies call the attribute that holds the family's module
    plain = unwrapped(tensors, () if called in "".join(family.layout.prefixes) else (called,))
    renamed(tensors, plain)
    prefixes = family.layout.prefixes if peft is None else (_PEFT, *family.layout.prefixes)
    unknown = [
        name
        for name, tensor in tensors.items()
        if not _place(state, name, plain[name], tensor, family, prefixes, adapters=peft is not None)
    ]
    if unknown:
        way = remedy(() if peft else tuple(tensors), family.name, strange=len(unknown))  # peft's names are no family's
        raise CheckpointError(
            f"{len(unknown)} tensors have no place in a model of family {family.name}: "
            f"{', '.join(sorted(unknown)[:3])}; {way}"
        )
    if untrained := sorted(set(state.replaced) - set(state.weights)):
        name = state.replaced[untrained[0]]
        raise CheckpointError(f"{name!r} has no modules_to_save beside it; the weight that was trained is missing")
    if peft is not None:
        _refuse_unnamed(state, peft)
        _lay_beneath(state, beneath or {})
    if not state.weights:
        wanted = " or ".join(f"{prefix}*" for prefix in prefixes)
        raise CheckpointError(f"no tensor is called {wanted}: this is no checkpoint of family {family.name}")
    _check_adapters(state)
    return state


def _check_adapters(state: StateDict) -> None:
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


def _place(
    state: StateDict,
    name: str,
    plain: str,
    tensor: Tensor,
    family: Family,
    prefixes: tuple[str, ...],
    *,
    adapters: bool,
) -> bool:
    layout = family.layout
    if plain.startswith(layout.training_only):
        state.unused[name] = "auxiliary decoder, used in training only"
        return True
    if plain in layout.own:
        state.own[plain] = tensor
        return True
    prefix = next((prefix for prefix in prefixes if plain.startswith(prefix)), None)
    if prefix is None:
        return False
    if _BUFFERS.search(plain):
        state.unused[name] = _COMPUTED
        return True
    inner = _today(plain.removeprefix(prefix))
    named = part(inner) if layout.adapters or adapters else _whole(inner)
    if named.weight in layout.own and named.role in (Role.WEIGHT, Role.SAVED):
        state.own[named.weight] = tensor
        return True
    _enter(state, name, named, tensor)
    return True


def _today(name: str) -> str:
    """The name that transformers gives a weight now; in files of GPT-NeoX the head is called ``embed_out``."""
    return f"lm_head.{name.removeprefix('embed_out.')}" if name.startswith("embed_out.") else name


def _whole(name: str) -> Part:
    module, _, leaf = name.rpartition(".")
    return Part(role=Role.WEIGHT, module=module, leaf=leaf)


def _enter(state: StateDict, name: str, named: Part, tensor: Tensor) -> None:
    match named.role:
        case Role.UNKNOWN:
            raise CheckpointError(
                f"{name!r} belongs to an adapter of a kind that is not merged here; merge it with peft "
                f"(merge_and_unload) and save the whole model"
            )
        case Role.REPLACED:
            state.unused[name] = "base's weight, which a trained one replaces"
            state.replaced[named.weight] = name
        case Role.ORIGINAL_ROWS:
            state.unused[name] = "base's rows, which trained ones replace"
        case Role.TOKENS:
            state.adapter_names.add(named.adapter)
            state.rows[named.module] = tensor
            state.names[f"{named.module}.trained_rows"] = name
        case Role.A | Role.B | Role.MAGNITUDE:
            state.adapter_names.add(named.adapter)
            adapter = state.adapters.setdefault(named.module, Adapter())
            adapter.put(named.role, name, tensor)
        case Role.WEIGHT | Role.SAVED:
            # peft saves an embedding that was trained whole by both of its names.
            if Role.SAVED in (named.role, state.roles.get(named.weight)) and _same(state, named.weight, tensor):
                state.unused[name] = f"copy of {state.names[named.weight]!r}"
                return
            if named.weight in state.weights:
                raise CheckpointError(
                    f"{name!r} and {state.names[named.weight]!r} are the same weight; a checkpoint holds each once"
                )
            if named.role is Role.SAVED:
                state.adapter_names.add(named.adapter)
            state.roles[named.weight] = named.role
            if named.promises:
                state.wrapped.add(named.module)
            state.weights[named.weight] = tensor
            state.names[named.weight] = name


def _same(state: StateDict, weight: str, tensor: Tensor) -> bool:
    return weight in state.weights and torch.equal(state.weights[weight], tensor)


def _refuse_unnamed(state: StateDict, peft: PeftConfig) -> None:
    """Refuse a whole weight in an adapter's file that is neither an embedding nor named as trained whole."""
    # peft saves embeddings of its own accord when their vocabulary was enlarged.
    embeddings = ("wte", "embed_tokens", "embed_in", "lm_head", *(name for name in peft.tokens if name))
    for weight, name in state.names.items():
        module = weight.rpartition(".")[0]
        known = peft.replaces(weight) or module.rpartition(".")[2] in embeddings
        if weight in state.weights and not known:
            raise CheckpointError(
                f"the adapter holds {name!r}, a whole weight that {CONFIG} does not name in 'modules_to_save'"
            )


def _lay_beneath(state: StateDict, beneath: Mapping[str, Tensor]) -> None:
    """Add the base's own weights, as far as the adapter's file does not replace them."""
    plain = renamed(beneath, unwrapped(beneath))
    # Some bases are saved without their head, by names without the trunk's: wte.weight for transformer.wte.weight.
    trunk = next((name.partition(".")[0] + "." for name in (*state.adapters, *state.rows) if "." in name), "")
    bare = trunk and not any(name.startswith(trunk) for name in plain)
    for name, tensor in plain.items():
        inner = _today(name)
        inner = f"{trunk}{inner}" if bare and not inner.startswith("lm_head.") else inner
        if _BUFFERS.search(inner):
            state.unused[name] = _COMPUTED
        elif inner not in state.weights:
            state.weights[inner] = tensor
            state.names[inner] = name
