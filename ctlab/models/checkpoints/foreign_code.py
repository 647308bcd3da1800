"""What no file of a checkpoint may ask for: code, be it in its folder or on the hub.

transformers follows some keys of a config to code: `auto_map` to modules beside the weights or in another repository,
`attn_implementation` to a compiled kernel that it fetches and imports, `quantization_config` to what unpacks weights.
They are found by name here and refused, whatever a version of transformers would make of them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown

ATTENTION = (
    "attn_implementation",
    "_attn_implementation",
    "_attn_implementation_internal",
    "experts_implementation",
    "_experts_implementation",
    "_experts_implementation_internal",
)
"""Keys that name how attention (or a mixture of experts) is computed: one name, or one a part of the network."""
WITHIN_TRANSFORMERS = frozenset(
    {"eager", "sdpa", "flash_attention_2", "flash_attention_3", "flash_attention_4", "flex_attention", "grouped_mm"}
)
"""What those keys say in ordinary configs; the engine computes attention itself, so that they decide nothing."""
CODE = {
    "auto_map": "code of its own",
    "trust_remote_code": "code of its own",
    "quantization_config": "code that unpacks its weights",
}
"""Keys that ask for code whenever they hold anything."""


WRITTEN_HERE = frozenset({"RavenConfig", "RavenForCausalLM"})
"""Classes of a checkpoint's own code whose network is written out in `models.recurrent_depth`: a config that names them
is no reason to refuse it, since transformers does not see that key."""


def refuse_code(form: Mapping[str, Any], path: Path, *, written_here: bool = False) -> None:
    """Refuse a config or tokenizer config that asks for code (CheckpointError).

    ``written_here`` says that the network is one of ctlab's own, whatever its config calls the module it came with.
    """
    for key, what in CODE.items():
        named = {str(name).rpartition(".")[2] for name in _leaves(form.get(key))}
        if key == "auto_map" and written_here and named <= WRITTEN_HERE:
            continue
        if form.get(key):
            raise CheckpointError(
                f"{path} asks for {what} ({key!r}), and ctlab runs none that comes with a checkpoint; where the model "
                f"is a plain one, remove the key"
            )
    for key in ATTENTION:
        for name in _leaves(form.get(key)):
            if name is not None and not (isinstance(name, str) and name in WITHIN_TRANSFORMERS):
                raise CheckpointError(
                    f"{path} asks for code from elsewhere ({key!r} is {shown(name)}), and ctlab runs none that comes "
                    f"with a checkpoint; remove the key: ctlab computes attention itself"
                )


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    else:
        yield value
