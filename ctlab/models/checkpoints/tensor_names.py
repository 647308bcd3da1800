"""What wrappers of training code leave in the names of tensors, and what peft's names mean."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from ctlab.errors import CheckpointError

T = TypeVar("T")
_WRAPPERS = ("module.", "_orig_mod.", "_fsdp_wrapped_module.", "_forward_module.")
"""What stands before every name where a wrapper was saved: DistributedDataParallel and DeepSpeed, torch.compile, FSDP,
Fabric."""
_INSIDE = re.compile(r"(?<=\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
"""The same around a part of the model, which torch's wrappers can be."""


def unwrapped(names: Iterable[str], more: tuple[str, ...] = ()) -> dict[str, str]:
    """Return each name without the wrappers, by the name as it is; refuse a file of which a part alone is wrapped.

    ``more`` are wrappers beside torch's: a module of a study's own that holds the model.
    """
    wrappers = (*_WRAPPERS, *more)
    plain = {name: _INSIDE.sub("", name) for name in names}
    while (wrapper := _wrapper(plain.values(), wrappers)) is not None:
        if bare := [name for name, rest in plain.items() if not rest.startswith(wrapper)]:
            wrapped = next(name for name, rest in plain.items() if rest.startswith(wrapper))
            raise CheckpointError(
                f"{len(bare)} of {len(plain)} tensors lack the {wrapper!r} that {wrapped!r} begins with, {bare[0]!r} "
                f"among them; two models are mixed in one file: save one state_dict"
            )
        plain = {name: rest.removeprefix(wrapper) for name, rest in plain.items()}
    return plain


def _wrapper(names: Iterable[str], wrappers: tuple[str, ...]) -> str | None:
    return next((wrapper for name in names for wrapper in wrappers if name.startswith(wrapper)), None)


def renamed(tensors: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    """Call tensors by other names, refusing two that fall together."""
    found: dict[str, T] = {}
    for name, tensor in tensors.items():
        if names[name] in found:
            raise CheckpointError(
                f"two tensors are {names[name]!r} without their wrappers; a checkpoint holds each once"
            )
        found[names[name]] = tensor
    return found


class Role(Enum):
    """What a tensor is to the module that peft wrapped."""

    WEIGHT = auto()
    """A weight of the base, by its own name or behind ``base_layer``."""
    A = auto()
    """Down projection of an adapter."""
    B = auto()
    """Up projection of an adapter."""
    MAGNITUDE = auto()
    """DoRA's magnitudes."""
    SAVED = auto()
    """A weight that was trained whole and replaces the base's (``modules_to_save``)."""
    REPLACED = auto()
    """The base's weight beside it, which is not used."""
    TOKENS = auto()
    """Rows of an embedding that replace the base's (``trainable_token_indices``)."""
    ORIGINAL_ROWS = auto()
    """The base's rows beside them, which are not used."""
    UNKNOWN = auto()
    """Something else of peft's, by which a weight would be another."""


_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern + r"\Z"))
    for role, pattern in (
        # Each half is named after its adapter, "default" where nobody chose; an adapter saved alone has no name.
        (Role.A, r"(?P<module>.+)\.lora_A(\.(?P<adapter>[^.]+))?\.weight"),
        (Role.B, r"(?P<module>.+)\.lora_B(\.(?P<adapter>[^.]+))?\.weight"),
        (Role.MAGNITUDE, r"(?P<module>.+)\.lora_magnitude_vector(\.(?P<adapter>(?!weight\Z)[^.]+))?(\.weight)?"),
        (Role.SAVED, r"(?P<module>.+)\.modules_to_save\.((?P<adapter>[^.]+)\.)?(?P<leaf>.+)"),
        (Role.REPLACED, r"(?P<module>.+)\.original_module\.(?P<leaf>.+)"),
        (Role.TOKENS, r"(?P<module>.+)\.token_adapter\.trainable_tokens_delta(\.(?P<adapter>[^.]+))?"),
        (Role.ORIGINAL_ROWS, r"(?P<module>.+)\.token_adapter\.trainable_tokens_original(\.(?P<adapter>[^.]+))?"),
        (Role.UNKNOWN, r"(?P<module>.+)\.(lora_|trainable_tokens_|token_adapter\.(?!base_layer\.)).*"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One tensor in peft's words."""

    role: Role
    """What it is."""
    module: str
    """The module that it belongs to, by its name in the base model."""
    leaf: str = "weight"
    """Which of the module's tensors it is or replaces."""
    adapter: str = ""
    """What its adapter is called, empty where it has no name."""
    promises: bool = False
    """Whether its name says that there is an adapter beside it (``base_layer``)."""

    @property
    def weight(self) -> str:
        """Name of the tensor in the base model."""
        return f"{self.module}.{self.leaf}" if self.module else self.leaf


def part(name: str) -> Part:
    """Read a tensor's name, without what stands before the base model's own names."""
    for role, pattern in _ROLES:
        if match := pattern.match(name):
            groups = match.groupdict()
            module = groups["module"].replace(".base_layer", "")
            return Part(
                role=role, module=module, leaf=groups.get("leaf") or "weight", adapter=groups.get("adapter") or ""
            )
    plain = name.replace(".token_adapter.base_layer.", ".").replace(".base_layer.", ".")
    module, _, leaf = plain.rpartition(".")
    promises = ".base_layer." in name and ".token_adapter." not in name and leaf == "weight"
    return Part(role=Role.WEIGHT, module=module, leaf=leaf, promises=promises)
