"""What a base model's files say before a weight is read: its layers, and keys that are left out. Imports no torch.

Everything that a file may not ask for is refused here already, so that a run ends before its first test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab.models.checkpoints import config_keys, tokenizer_keys
from ctlab.models.checkpoints.config_rules import DEEPEST, Extent
from ctlab.models.checkpoints.weight_files import read_json
from ctlab.models.families.training_settings import MOST
from ctlab.models.thought_program import Loop
from ctlab.models.unrolled import Unrolled

_PARTS = ("n_layers_in_prelude", "n_layers_in_recurrent_block", "n_layers_in_coda")
_ANY = Extent(side=MOST, tensors=DEEPEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCard:
    """A base model in short."""

    num_layers: int | None
    """Layers that its config claims, None where it leaves them to its architecture."""
    unrolled: Unrolled | None
    """Where the layers of a network stand that loops through a part of itself; None of others, and where not said."""
    num_heads: int | None
    """Attention heads a layer, likewise."""
    positions: int | None
    """Positions that it was built for, likewise."""
    left_out: tuple[str, ...]
    """Keys that are not known here, each behind its file's name: transformers never sees them."""


def base_card(folder: Path, loop: Loop | None = None) -> BaseCard:
    """Read a base model's config and tokenizer config, refusing what `load_model` would refuse (CheckpointError).

    ``loop`` says how often a network's core is passed, where there is one.
    """
    path, beside = folder / "config.json", folder / "tokenizer_config.json"
    content = read_json(path)
    form = config_keys.read_config(content, path, _ANY).form
    left_out = [f"{path.name}: {key}" for key in config_keys.unknown_keys(content, path)]
    if beside.is_file():
        settings = read_json(beside)
        tokenizer_keys.read_settings(settings, beside)
        left_out += [f"{beside.name}: {key}" for key in tokenizer_keys.unknown_keys(settings)]
    layers, unrolled = _first(form, "num_hidden_layers", "n_layer"), None
    if loop is not None and all(part in form for part in _PARTS):
        prelude, core, coda = (form[part] for part in _PARTS)
        unrolled = Unrolled(prelude=prelude, core=core, coda=coda, steps=loop.steps)
        layers = unrolled.layers
    heads = _first(form, "num_attention_heads", "n_head", "n_heads")
    positions = _first(form, "max_position_embeddings", "n_positions", "block_size")
    return BaseCard(
        num_layers=layers, unrolled=unrolled, num_heads=heads, positions=positions, left_out=tuple(left_out)
    )


def _first(form: Mapping[str, Any], *names: str) -> int | None:
    """The value of the first of several words that architectures have for one thing."""
    return next((form[name] for name in names if name in form), None)
