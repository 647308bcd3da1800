"""Writes a trained graph model in the layout that its family was published in.

``model.safetensors`` (half precision) holds the weights, ``base/`` the base model's config and tokenizer,
``ctlab.json`` the family's settings.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from safetensors.torch import save_file
from transformers import PreTrainedTokenizerFast

from ctlab.models.families.coconut import COCONUT
from ctlab.models.families.explicit_cot import EXPLICIT_COT
from ctlab.models.families.pause import PAUSE
from ctlab.models.tiny.checkpoint_writer import config, llama_tensors
from ctlab.models.tiny_graphs.curriculum import STAGES, Learner, Thought

# The official training ends every question with a newline; this tokenizer drops blanks.
_SETTINGS: Mapping[Thought, Mapping[str, Any]] = MappingProxyType(
    {
        "written": {"family": EXPLICIT_COT.name, "num_latent": 0, "question_suffix": ""},
        "recycled": {"family": COCONUT.name, "num_latent": STAGES, "question_suffix": ""},
        "pause": {
            "family": PAUSE.name,
            "num_latent": STAGES,
            "feedback_mode": "pause_curriculum",
            "question_suffix": "",
        },
        "multipass": {
            "family": PAUSE.name,
            "num_latent": STAGES,
            "feedback_mode": "pause_multipass",
            "question_suffix": "",
        },
    }
)


"""What the families must be told, by what stands in the place of a thought."""


def write(learner: Learner, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write the checkpoint of ``learner`` into ``folder``."""
    base = folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    explicit = learner.thought == "written"
    prefix = "" if explicit else COCONUT.layout.prefixes[0]
    tensors = llama_tensors(learner.network, prefix)
    if explicit:  # the ids around thoughts are not its own
        embedding = f"{prefix}model.embed_tokens.weight"
        tensors[embedding] = tensors[embedding][: len(tokenizer)]
    if learner.pause is not None:
        tensors["pause_embedding"] = learner.pause
    halves = {name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save_pretrained(base)
    config(learner.network, len(tokenizer)).save_pretrained(base)
    (folder / "ctlab.json").write_text(json.dumps(_SETTINGS[learner.thought], indent=2) + "\n", encoding="utf-8")
