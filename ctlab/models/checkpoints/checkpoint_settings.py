"""What a checkpoint does not say itself: its family, how many thoughts it thinks, how its LoRA scales."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ctlab.errors import CheckpointError, ConditionError
from ctlab.interventions import Intervention
from ctlab.interventions.edges import thought_index

FAMILIES = ("codi", "coconut")

EXAMPLES = {
    "codi": {
        "family": "codi",
        "num_latent": 6,
        "use_prj": True,
        "prj_dim": 768,
        "prj_no_ln": False,
        "remove_eos": True,
        "lora_r": 128,
        "lora_alpha": 32,
        "base": "openai-community/gpt2",
    },
    "coconut": {
        "family": "coconut",
        "num_latent": 6,
        "question_suffix": "\n",
        "base": "openai-community/gpt2",
    },
}
"""What to write into ctlab.json. The official Coconut training ends every question with a newline."""

_EXPLAINED_ELSEWHERE = frozenset({"conditions", "dtype_of_reference", "questions"})
"""Keys that accompany settings in files of expected answers; they do not describe the model."""

_REQUIRED = {
    "codi": ("num_latent", "use_prj", "remove_eos", "lora_r"),
    "coconut": ("num_latent",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a checkpoint was trained, as far as inference must know; names as in the official training code."""

    family: str
    """``codi`` or ``coconut``."""
    num_latent: int
    """Thoughts fed at inference."""
    use_prj: bool = False
    """Whether a hidden state is projected before it is fed as a thought."""
    prj_dim: int | None = None
    """Width of the projection's inner layer."""
    prj_no_ln: bool = False
    """Whether the projection has no LayerNorm at its end."""
    remove_eos: bool = True
    """False: trained with the end-of-sequence token before BOT and after EOT."""
    lora_r: int = 0
    """Rank of the LoRA adapters in the checkpoint, 0 for none."""
    lora_alpha: float | None = None
    """LoRA's scale is lora_alpha / lora_r."""
    begin_ids: tuple[int, ...] | None = None
    """Ids between question and thoughts; None: derived from the base vocabulary."""
    end_ids: tuple[int, ...] | None = None
    """Ids between thoughts and answer; None: derived from the base vocabulary."""
    eos_token_id: int | None = None
    """Id that ends an answer; None: the tokenizer's."""
    logits_considered: int | None = None
    """Number of leading logits over which the arg-max is taken; None: the family's."""
    max_new_tokens: int | None = None
    """Most answer tokens by default; None: 64."""
    question_suffix: str = ""
    """Text added to every question; the official Coconut training adds a newline."""
    base: str | None = None
    """Where config and tokenizer come from: a folder inside the checkpoint's, or a hub id."""
    hidden: tuple[Intervention, ...] = ()
    """What this model never sees: interventions that hold under every condition, the baseline included."""

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise CheckpointError(f"family must be one of {', '.join(FAMILIES)}; not {self.family!r}")
        for name, least in (("num_latent", 1), ("lora_r", 0)):
            _whole(name, getattr(self, name), least)
        for name in ("prj_dim", "eos_token_id", "logits_considered", "max_new_tokens"):
            if getattr(self, name) is not None:
                _whole(name, getattr(self, name), 0 if name == "eos_token_id" else 1)
        for name in ("use_prj", "prj_no_ln", "remove_eos"):
            if not isinstance(getattr(self, name), bool):
                raise CheckpointError(f"{name} must be true or false, not {getattr(self, name)!r}")
        for name in ("begin_ids", "end_ids"):
            if (ids := getattr(self, name)) is not None:
                object.__setattr__(self, name, _ids(name, ids))
        for name in ("question_suffix", "base"):
            if not isinstance(getattr(self, name), str | None) or (name != "base" and getattr(self, name) is None):
                raise CheckpointError(f"{name} must be text, not {getattr(self, name)!r}")
        object.__setattr__(self, "hidden", _hidden(self.hidden, self.num_latent))
        self._check_parts()

    def _check_parts(self) -> None:
        alpha = self.lora_alpha
        number = isinstance(alpha, int | float) and not isinstance(alpha, bool) and math.isfinite(alpha)
        if alpha is not None and not number:
            raise CheckpointError(f"lora_alpha must be a number, not {alpha!r}")
        if self.lora_r and not (alpha is not None and alpha > 0):
            raise CheckpointError(
                f"lora_r is {self.lora_r}, so lora_alpha must be a number above 0 (LoRA's scale is lora_alpha / "
                f"lora_r); it is {alpha!r}"
            )
        if self.use_prj and self.prj_dim is None:
            raise CheckpointError("use_prj is true, so prj_dim is needed: the width of the projection's inner layer")
        if self.family == "coconut" and (self.use_prj or self.lora_r):
            raise CheckpointError("family coconut has neither projection nor LoRA; use_prj must be false and lora_r 0")

    def to_json(self) -> dict[str, Any]:
        """JSON form; what was not set is left out."""
        form = {name: value for name, value in asdict(self).items() if value is not None and name != "hidden"}
        if self.hidden:  # left out where there is none, so that the digests of other models stay what they were
            form["hidden"] = [each.to_json() for each in self.hidden]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in form.items()}

    @classmethod
    def from_json(cls, form: Any, *, source: str = "settings") -> "Settings":
        """Read settings, naming their source in every error."""
        if not isinstance(form, Mapping):
            raise CheckpointError(f"{source}: settings are an object such as {_example('codi')}; not {form!r}")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(map(str, form)) - known - _EXPLAINED_ELSEWHERE):
            raise CheckpointError(f"{source}: unknown setting {unknown[0]!r}; known: {', '.join(sorted(known))}")
        family = form.get("family")
        if family not in FAMILIES:
            raise CheckpointError(f"{source}: 'family' must be one of {', '.join(FAMILIES)}; not {family!r}")
        if missing := [name for name in _REQUIRED[family] if name not in form]:
            raise CheckpointError(
                f"{source}: {missing[0]!r} is missing; family {family} needs {', '.join(_REQUIRED[family])}, "
                f"for example {_example(family)}"
            )
        try:
            return cls(**{name: value for name, value in form.items() if name in known})
        except CheckpointError as error:
            raise CheckpointError(f"{source}: {error}") from None


def how_to_write() -> str:
    """Say what belongs into ctlab.json, for errors."""
    return f"write a ctlab.json beside the weights, such as {_example('codi')} or {_example('coconut')}"


def _example(family: str) -> str:
    return json.dumps(EXAMPLES[family])


def _whole(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise CheckpointError(f"{name} must be a whole number from {least}, not {value!r}")


def _ids(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise CheckpointError(f"{name} must be a list of at least one token id, not {value!r}")
    for each in value:
        _whole(name, each, 0)
    return tuple(value)


def _hidden(value: Any, thoughts: int) -> tuple[Intervention, ...]:
    if not isinstance(value, list | tuple):
        raise CheckpointError(
            f'hidden must be a list of interventions such as {{"keys": "question", "readers": "answer"}}, not {value!r}'
        )
    try:
        found = tuple(each if isinstance(each, Intervention) else Intervention.from_json(each) for each in value)
    except ConditionError as error:
        raise CheckpointError(f"hidden: {error}") from None
    for each in found:
        named = [name for names in (each.keys, each.readers) if not isinstance(names, str) for name in names]
        for name in named:
            index = thought_index(name)
            if index is not None and index >= thoughts:
                raise CheckpointError(f"hidden: {name} does not exist: this model thinks CT0 … CT{thoughts - 1}")
    return found
