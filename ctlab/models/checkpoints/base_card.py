"""What a base model's files say before a weight is read: its layers, and keys that are left out. Imports no torch.

Everything that a file may not ask for is refused here already, so that a run ends before its first test.
"""

from dataclasses import dataclass
from pathlib import Path

from ctlab.models.checkpoints import config_keys, tokenizer_keys
from ctlab.models.checkpoints.config_rules import DEEPEST, Extent
from ctlab.models.checkpoints.weight_files import read_json
from ctlab.models.families.training_settings import MOST

_ANY = Extent(side=MOST, tensors=DEEPEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCard:
    """A base model in short."""

    num_layers: int | None
    """Layers that its config claims, None where it leaves them to its architecture."""
    num_heads: int | None
    """Attention heads a layer, likewise."""
    positions: int | None
    """Positions that it was built for, likewise."""
    left_out: tuple[str, ...]
    """Keys that are not known here, each behind its file's name: transformers never sees them."""


def base_card(folder: Path) -> BaseCard:
    """Read a base model's config and tokenizer config, refusing what `load_model` would refuse (CheckpointError)."""
    path, beside = folder / "config.json", folder / "tokenizer_config.json"
    content = read_json(path)
    form = config_keys.read_config(content, path, _ANY).form
    left_out = [f"{path.name}: {key}" for key in config_keys.unknown_keys(content, path)]
    if beside.is_file():
        settings = read_json(beside)
        tokenizer_keys.read_settings(settings, beside)
        left_out += [f"{beside.name}: {key}" for key in tokenizer_keys.unknown_keys(settings)]
    layers = form.get("num_hidden_layers", form.get("n_layer"))  # the second is GPT-2's word, here and below
    heads = form.get("num_attention_heads", form.get("n_head"))
    positions = form.get("max_position_embeddings", form.get("n_positions"))
    return BaseCard(num_layers=layers, num_heads=heads, positions=positions, left_out=tuple(left_out))
