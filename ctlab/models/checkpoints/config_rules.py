"""What the value of a config's key may be: one rule a key, checked before transformers sees the value."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.families.training_settings import MOST

ACTIVATIONS = (
    *("gelu", "gelu_fast", "gelu_new", "gelu_python", "gelu_pytorch_tanh", "quick_gelu"),
    *("relu", "relu2", "relu6", "silu", "swish", "mish", "sigmoid", "tanh", "linear"),
)
"""Activations by transformers' names: those without parameters and without compiled code of their own."""
ROTARY = ("default", "linear", "dynamic", "yarn", "longrope", "llama3")
"""Kinds of rotary positions that the architectures here have."""
DEEPEST = 1000
"""Most layers; the deepest published network of these architectures has 126 (Llama 3.1, arXiv 2407.21783). Suites make
conditions for the layers that a config claims before weights are looked at."""
_EXACT = 2**53  # whole numbers up to here are floating-point numbers too
_NOTHING = object()
_RIGHT = "; is the base the right one?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How large a network can be that a checkpoint fills: every size is the side of a tensor, a layer needs a tensor.

    A config that says more is refused before a network of that size is built.
    """

    side: int
    """Longest side of a tensor."""
    tensors: int
    """Number of tensors."""


class Null(Enum):
    """What null says of a key."""

    REFUSED = auto()
    """Nothing that could be understood."""
    ABSENT = auto()
    """The same as leaving the key out."""
    KEPT = auto()
    """That there is none, which is not what transformers takes where the key is left out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must be."""

    said: Callable[[Extent], str]
    """The rule in words, after "must be"."""
    holds: Callable[[Any, Extent], bool]
    """Whether a value keeps it."""
    null: Null = Null.REFUSED
    """What null says."""
    hint: str = ""
    """What to look at where a value breaks the rule."""


def kept(form: Mapping[str, Any], rules: Mapping[str, Rule], extent: Extent, *, within: str = "") -> dict[str, Any]:
    """Return the values that have a rule, refusing one that breaks it (CheckpointError without the file's name)."""
    values = {}
    for key, rule in rules.items():
        value = form.get(key, _NOTHING)
        if value is _NOTHING or (value is None and rule.null is Null.ABSENT):
            continue
        if not (value is None and rule.null is Null.KEPT) and not rule.holds(value, extent):
            raise CheckpointError(f"{within + key!r} must be {rule.said(extent)}, not {shown(value)}{rule.hint}")
        values[key] = value
    return values


def whole(value: Any, least: int, most: int) -> bool:
    """Whether a value is a whole number in a range; JSON's true and 4.0 are none."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def number(value: Any) -> bool:
    """Whether a value is a finite number; JSON reads NaN, Infinity and integers of any length."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _EXACT if isinstance(value, int) else math.isfinite(value)


def _side(null: Null = Null.REFUSED) -> Rule:
    return Rule(
        lambda extent: f"a whole number from 1 to {extent.side}, the longest side of a tensor in the checkpoint",
        lambda value, extent: whole(value, 1, extent.side),
        null,
        _RIGHT,
    )


def _positive(*, most: float = math.inf, null: Null = Null.REFUSED) -> Rule:
    words = "a number above 0" if most == math.inf else f"a number above 0 and at most {most:g}"
    return Rule(lambda _: words, lambda value, _: number(value) and 0 < value <= most, null)


def _count(least: int, null: Null = Null.REFUSED) -> Rule:
    return Rule(lambda _: f"a whole number from {least} to {MOST}", lambda value, _: whole(value, least, MOST), null)


def one_of(names: tuple[str, ...], null: Null = Null.REFUSED) -> Rule:
    """The rule that a value is one of some names."""
    words = f"one of {', '.join(names)}"
    return Rule(lambda _: words, lambda value, _: isinstance(value, str) and value in names, null)


def _factors(value: Any, extent: Extent) -> bool:
    return (
        isinstance(value, list) and 0 < len(value) <= extent.side and all(number(item) and item > 0 for item in value)
    )


def _layer_kinds(value: Any, extent: Extent) -> bool:
    kinds = ("full_attention", "sliding_attention")
    return isinstance(value, list) and len(value) <= extent.tensors and all(item in kinds for item in value)


SIDE, MAYBE_SIDE = _side(), _side(Null.KEPT)
LAYERS = Rule(
    lambda extent: f"a whole number from 1 to {min(extent.tensors, DEEPEST)}, a tensor of the checkpoint or more each",
    lambda value, extent: whole(value, 1, min(extent.tensors, DEEPEST)),
    hint=_RIGHT,
)
POSITIONS, FROM_ZERO, WINDOW = _count(1), _count(0), _count(1, Null.KEPT)
FLAG = Rule(lambda _: "true or false", lambda value, _: isinstance(value, bool))
PLAIN = Rule(lambda _: "false: its linear maps have no biases", lambda value, _: value is False, Null.ABSENT)
UNSTRETCHED = Rule(lambda _: "null: its rotary positions are not stretched", lambda value, _: value is None)
NOTHING = Rule(
    lambda _: "0: no noise is added at inference",
    lambda value, _: value == 0 and not isinstance(value, bool),
    Null.ABSENT,
)
NO = Rule(lambda _: "false: ctlab runs decoders alone", lambda value, _: value is False, Null.ABSENT)
EPSILON = _positive(most=1.0)
NUMBER, MAYBE_NUMBER = _positive(), _positive(null=Null.ABSENT)
SHARE = _positive(most=1.0, null=Null.ABSENT)
ACTIVATION = one_of(ACTIVATIONS)
LAYER_KINDS = Rule(lambda _: "a list of full_attention and sliding_attention, one a layer", _layer_kinds, Null.ABSENT)
TABLE = Rule(lambda _: "an object or null", lambda value, _: isinstance(value, Mapping), Null.ABSENT)
KIND = one_of(ROTARY, Null.ABSENT)
FACTORS = Rule(lambda _: "a list of numbers above 0", _factors, Null.ABSENT)

TABLES = ("rope_scaling", "rope_parameters")
"""Keys whose value is an object, which describes rotary positions; the second is what transformers 5 writes."""
ROPE: Mapping[str, Rule] = {
    "rope_type": KIND,
    "type": KIND,
    "rope_theta": MAYBE_NUMBER,
    "partial_rotary_factor": SHARE,
    "original_max_position_embeddings": _count(1, Null.ABSENT),
    "truncate": FLAG,
    **dict.fromkeys(("factor", "attention_factor", "beta_fast", "beta_slow"), MAYBE_NUMBER),
    **dict.fromkeys(("low_freq_factor", "high_freq_factor", "mscale", "mscale_all_dim"), MAYBE_NUMBER),
    **dict.fromkeys(("short_factor", "long_factor"), FACTORS),
}
"""Keys of such an object."""
WITHIN: Mapping[str, Mapping[str, Rule]] = {
    **dict.fromkeys(TABLES, ROPE),
    "init_values": {"embed_scale": MAYBE_NUMBER, "std": MAYBE_NUMBER},
}
"""Keys whose value is an object, to the keys of it that decide the network."""
