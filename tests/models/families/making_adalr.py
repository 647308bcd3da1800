"""Tiny random folders as the official adaLR code saves them: a wrapped base, four added tokens, padded rows."""

import json

import torch
from transformers import AutoTokenizer

from tests.models.checkpoints.making_checkpoints import WORDS, save, write_base

TOKENS = ("<START>", "<END>", "<|CONTINUE|>", "<|STOP|>")
START, END, CONTINUE, STOP = range(len(WORDS), len(WORDS) + 4)
PADDED = 3
"""Rows beyond the tokenizer's ids."""
SAID = {
    "add_latent_to_end": False,
    "continue_token_id": CONTINUE,
    "end_token_id": END,
    "lora_mode": False,
    "recurrent_filter_mode": None,
    "start_token_id": START,
    "stop_token_id": STOP,
}
SETTINGS = {"family": "adalr", "num_latent": 5}


def write_adalr(folder, kind="llama", *, seed=0, tokens=TOKENS, widened=0, rows=(), **said):
    """Write a folder; ``rows`` scales rows of the tied embedding, pairs of id and factor, ``said`` changes config.json.

    ``widened`` makes the filter's inner layer wider than the network.
    """
    network = write_base(folder, kind, seed=seed, added=len(TOKENS) + PADDED)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_special_tokens({"additional_special_tokens": list(tokens)})
    tokenizer.save_pretrained(folder)
    path = folder / "config.json"
    form = {**json.loads(path.read_text()), "vocab_size": len(WORDS) + len(TOKENS) + PADDED}
    said = {**SAID, **said}
    path.write_text(json.dumps({**form, "_inserted_LatentThinkingModelSettings": said}))
    tensors = {f"_base_model.{name}": tensor for name, tensor in network.state_dict().items() if "lm_head" not in name}
    embedding = next(tensor for name, tensor in tensors.items() if name.endswith(("embed_tokens.weight", "wte.weight")))
    for id_, factor in rows:
        embedding[id_] *= factor
    if said["recurrent_filter_mode"]:
        width, inner = embedding.shape[1], embedding.shape[1] + widened
        shapes = {"input_layer.weight": (inner, width), "input_layer.bias": (inner,)}
        shapes |= {"output_layer.weight": (width, inner), "output_layer.bias": (width,)}
        shapes |= {"norm.weight": (width,), "norm.bias": (width,)}
        torch.manual_seed(seed + 100)
        tensors |= {f"recurrent_filter.{name}": 0.4 * torch.randn(shape) for name, shape in shapes.items()}
    save(tensors, folder / "model.safetensors")
    return folder
