"""What a PEFT folder's adapter_config.json says, as far as it decides a weight; everything else in it must be off.

peft (Mangrulkar et al. 2022, https://github.com/huggingface/peft) saves an adapter as two files, this one and
adapter_model.safetensors. No torch is imported here, because models are identified without it.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.families.training_settings import MOST

T = TypeVar("T", int, float)
CONFIG = "adapter_config.json"
"""What peft calls the file."""
_DECIDES_NOTHING = frozenset(
    {
        *("task_type", "auto_mapping", "peft_version", "inference_mode", "lora_dropout", "layers_pattern"),
        # Conv1D or Linear decides how a weight lies; peft corrects a flag that says otherwise.
        "fan_in_fan_out",
        # Read only beside a switch that is refused below.
        *("eva_config", "loftq_config", "corda_config", "lora_ga_config", "qalora_group_size", "runtime_config"),
        *("megatron_config", "megatron_core", "ensure_weight_tying"),
    }
)
"""Keys that say how an adapter was trained, or that only trainers read (fields of peft 0.21's LoraConfig)."""
_PLAIN_STARTS = (True, False, "gaussian", "eva", "orthogonal")
"""Initialisations that leave the base weights alone. Others (pissa, olora, corda, loftq …) change the base before
training, so that the adapter fits none of the published ones."""
_READ = frozenset(
    {
        *(
            "peft_type",
            "base_model_name_or_path",
            "revision",
            "r",
            "lora_alpha",
            "use_rslora",
            "use_dora",
            "rank_pattern",
        ),
        *("alpha_pattern", "target_modules", "exclude_modules", "layers_to_transform", "modules_to_save"),
        *("trainable_token_indices", "bias", "init_lora_weights"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeftConfig:
    """One LoRA adapter in peft's words."""

    base: str | None
    """What it was trained on: a folder or a hub id; None where it does not say."""
    revision: str | None
    """Which version of a base on the hub; None where any is meant."""
    rank: int
    """r, where no pattern says otherwise."""
    alpha: float
    """lora_alpha, where no pattern says otherwise."""
    rslora: bool
    """Whether the scale is alpha / √r (Kalajdzievski 2023, arXiv 2312.03732) instead of alpha / r."""
    dora: bool
    """Whether each adapted weight has a vector of magnitudes (Liu et al. 2024, arXiv 2402.09353)."""
    ranks: Mapping[str, int]
    """r by pattern of module names."""
    alphas: Mapping[str, float]
    """lora_alpha by pattern of module names."""
    targets: tuple[str, ...] | str | None
    """Ends of the names of adapted modules, or one pattern for whole names; None where it does not say."""
    excluded: tuple[str, ...] | str | None
    """Likewise, of modules that are left alone."""
    layers: tuple[int, ...] | None
    """Layers that are adapted; None: all."""
    saved: tuple[str, ...]
    """Ends of the names of modules that were trained whole."""
    biases: bool
    """Whether biases were trained."""
    tokens: Mapping[str, tuple[int, ...]]
    """Ids whose rows were trained alone, by the end of the embedding's name; "" for the input embedding."""

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "PeftConfig":
        """Read and check what the file holds; a key that would change a weight in a way not known here is refused."""
        if form.get("peft_type") != "LORA":
            raise CheckpointError(f"'peft_type' is {shown(form.get('peft_type'))}; of peft's adapters LORA is read")
        if "lora_alpha" not in form or "r" not in form:
            raise CheckpointError("'r' or 'lora_alpha' is missing; without them LoRA's scale is unknown")
        start = form.get("init_lora_weights", True)
        if start not in _PLAIN_STARTS:
            raise CheckpointError(
                f"'init_lora_weights' is {shown(start)}, which changes the base weights before training; convert the "
                f"adapter to plain LoRA with peft (path_initial_model_for_weight_conversion)"
            )
        for key in sorted(set(form) - _READ - _DECIDES_NOTHING):
            if form[key] not in (None, False, "", [], {}):
                raise CheckpointError(
                    f"{shown(key)} is {shown(form[key])}, and what that does to a weight is not known here; merge the "
                    f"adapter with peft (merge_and_unload) and save the whole model"
                )
        return cls(
            base=_text(form, "base_model_name_or_path"),
            revision=_text(form, "revision"),
            rank=_rank("r", form["r"]),
            alpha=_alpha("lora_alpha", form["lora_alpha"]),
            rslora=_flag(form, "use_rslora"),
            dora=_flag(form, "use_dora"),
            ranks={name: _rank("rank_pattern", value) for name, value in _table(form, "rank_pattern").items()},
            alphas={name: _alpha("alpha_pattern", value) for name, value in _table(form, "alpha_pattern").items()},
            targets=_names(form, "target_modules"),
            excluded=_names(form, "exclude_modules"),
            layers=_layers(form.get("layers_to_transform")),
            saved=_listed(form, "modules_to_save"),
            biases=_biases(form.get("bias", "none")),
            tokens=_tokens(form.get("trainable_token_indices")),
        )

    def to_json(self) -> dict[str, Any]:
        """What a model's digest covers: all that decides a weight, and so not where the base lies."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("base", "revision")}
        # Of patterns the first that fits decides, so that their order belongs to what is said.
        return {name: list(value.items()) if isinstance(value, Mapping) else value for name, value in plain.items()}

    def rank_of(self, module: str) -> int:
        """Rank of a module's adapter."""
        return _by_pattern(self.ranks, module, self.rank)

    def alpha_of(self, module: str) -> float:
        """Alpha of a module's adapter."""
        return _by_pattern(self.alphas, module, self.alpha)

    def adapts(self, module: str) -> bool | None:
        """Whether a linear module must have an adapter; None where the file does not say."""
        if self.targets is None:
            return None
        if not _matches(self.targets, module) or (self.excluded is not None and _matches(self.excluded, module)):
            return False
        if self.layers is None:
            return True
        number = re.search(r"\.(\d+)\.", module)
        return number is not None and int(number[1]) in self.layers

    def replaces(self, weight: str) -> bool:
        """Whether the adapter's file may hold a whole weight of the base, by its name there."""
        module, _, leaf = weight.rpartition(".")
        # peft takes every module whose name ends so, input_layernorm for norm too, and what is inside it.
        saved = any(f"{name}." in f"{module}." for name in self.saved)
        return saved or (self.biases and leaf == "bias")

    def trained_rows(self, module: str) -> tuple[int, ...] | None:
        """Ids whose rows of an embedding were trained; None where it is not named."""
        return next((ids for name, ids in self.tokens.items() if not name or _ends(module, name)), None)


def _ends(module: str, name: str) -> bool:
    return module == name or module.endswith(f".{name}")


def _matches(names: tuple[str, ...] | str, module: str) -> bool:
    if isinstance(names, tuple):
        return any(_ends(module, name) for name in names)
    try:
        return re.fullmatch(names, module) is not None  # as peft reads it
    except re.error as error:
        raise CheckpointError(f"{CONFIG}: {shown(names)} is no pattern of names: {error}") from None


def _by_pattern(table: Mapping[str, T], module: str, default: T) -> T:
    for pattern, value in table.items():
        try:
            if re.fullmatch(rf"(.*\.)?({pattern})", module):  # as peft reads it (peft.utils.other.get_pattern_key)
                return value
        except re.error as error:
            raise CheckpointError(f"{CONFIG}: {shown(pattern)} is no pattern of names: {error}") from None
    return default


def _rank(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST:
        raise CheckpointError(f"{key!r} must be a rank, a whole number from 1, not {shown(value)}")
    return value


def _alpha(key: str, value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST
    if not number or not math.isfinite(value):
        raise CheckpointError(f"{key!r} must be a number above 0 (LoRA's scale is alpha / rank), not {shown(value)}")
    return float(value)


def _flag(form: Mapping[str, Any], key: str) -> bool:
    value = form.get(key)
    if not isinstance(value, bool | None):
        raise CheckpointError(f"{key!r} must be true or false, not {shown(value)}")
    return bool(value)


def _text(form: Mapping[str, Any], key: str) -> str | None:
    value = form.get(key)
    if not isinstance(value, str | None):
        raise CheckpointError(f"{key!r} must be text, not {shown(value)}")
    return value or None


def _table(form: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = form.get(key) or {}
    if not isinstance(value, Mapping):
        raise CheckpointError(f"{key!r} must be an object of names and numbers, not {shown(value)}")
    return value


def _names(form: Mapping[str, Any], key: str) -> tuple[str, ...] | str | None:
    value = form.get(key)
    return value if isinstance(value, str | None) else _listed(form, key)


def _listed(form: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = form.get(key) or []
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise CheckpointError(f"{key!r} must be a list of names of modules, not {shown(value)}")
    return tuple(sorted(value))


def _layers(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    return _ids("layers_to_transform", [value] if isinstance(value, int) else value)


def _biases(value: Any) -> bool:
    if value not in ("none", "all", "lora_only"):
        raise CheckpointError(f"'bias' must be none, all or lora_only, not {shown(value)}")
    return bool(value != "none")


def _tokens(value: Any) -> Mapping[str, tuple[int, ...]]:
    key = "trainable_token_indices"
    if isinstance(value, Mapping):
        return {str(name): _ids(key, ids) for name, ids in value.items()}
    return {} if value is None else {"": _ids(key, value)}


def _ids(key: str, value: Any) -> tuple[int, ...]:
    def is_id(item: Any) -> bool:
        return isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= MOST

    if not isinstance(value, list) or not all(map(is_id, value)) or _twice(value):
        raise CheckpointError(f"{key!r} must be a list of different whole numbers from 0, not {shown(value)}")
    return tuple(value)


def _twice(values: Iterable[int]) -> bool:
    listed = list(values)
    return len(set(listed)) < len(listed)
