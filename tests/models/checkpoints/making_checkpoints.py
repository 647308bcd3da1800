"""Tiny random checkpoints in the layouts that the official CODI, Coconut and SIM-CoT code saves."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

WORDS = ["<eos>", "<bos>", "<unk>", *(str(n) for n in range(30)), *"abcdefghijklmnopqrstuvwxyz", "?", "."]
CONFIGS: dict[str, dict[str, Any]] = {
    "gpt2": {"model_type": "gpt2", "n_embd": 32, "n_head": 4, "n_layer": 3, "n_positions": 128},
    "llama": {
        "model_type": "llama",
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "num_hidden_layers": 3,
    },
}
CONFIGS["mistral"] = {**CONFIGS["llama"], "model_type": "mistral", "sliding_window": None}
CONFIGS["qwen2"] = {**CONFIGS["llama"], "model_type": "qwen2", "num_key_value_heads": 4}
CONFIGS["qwen3"] = {**CONFIGS["llama"], "model_type": "qwen3", "head_dim": 16}
CONFIGS["phi"] = {**CONFIGS["llama"], "model_type": "phi", "partial_rotary_factor": 0.5, "qk_layernorm": True}
CONFIGS["gpt_neox"] = {
    **{key: value for key, value in CONFIGS["llama"].items() if key != "num_key_value_heads"},
    "model_type": "gpt_neox",
    "rotary_pct": 0.25,
    "use_parallel_residual": True,
}
TARGETS = {
    "gpt2": ("c_attn", "c_proj", "c_fc"),
    "phi": ("q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"),
    "gpt_neox": ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"),
    "llama": ("q_proj", "k_proj", "v_proj", "o_proj", "up_proj", "down_proj", "gate_proj"),
}
QUESTIONS = [
    "a b 3 c d 4 ?",
    "e 7 f g 12 h i j k ?",
    "l m ?",
    "n 5 o p 6 q r s t u v 9 w x y z ?",
    "z y 8 x ?",
    "a 1 b 2 c 3 d 4 e 5 f 6 g 7 h ?",
    "b ?",
]


def write_base(folder: Path, kind: str = "llama", *, tied: bool = True, seed: int = 0, added: int = 3) -> Any:
    """Write a base model's config and tokenizer; return the network, its vocabulary widened by ``added``."""
    folder.mkdir(parents=True, exist_ok=True)
    form = {
        **CONFIGS[kind],
        "vocab_size": len(WORDS),
        "initializer_range": 0.2,
        "tie_word_embeddings": tied,
        "bos_token_id": 1,
        "eos_token_id": 0,
    }
    if kind != "gpt2":
        form["max_position_embeddings"] = 128
    (folder / "config.json").write_text(json.dumps(form))
    backend = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    if kind == "llama":
        backend.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 1)])
    PreTrainedTokenizerFast(
        tokenizer_object=backend, eos_token="<eos>", bos_token="<bos>", unk_token="<unk>"
    ).save_pretrained(folder)
    config = AutoConfig.from_pretrained(folder)
    config.vocab_size = len(WORDS) + added
    torch.manual_seed(seed)
    network = AutoModelForCausalLM.from_config(config).eval()
    for parameter in network.parameters():
        if parameter.dim() == 1:  # norms and biases start as constants; trained ones are not
            parameter.data += 0.1 * torch.randn_like(parameter)
    return network


def write_codi(
    folder: Path,
    kind: str = "llama",
    *,
    tied: bool = True,
    seed: int = 0,
    lora_r: int = 4,
    use_prj: bool = True,
    prj_no_ln: bool = False,
    remove_eos: bool = True,
    num_latent: int = 6,
) -> dict[str, Any]:
    """Write a CODI checkpoint with its base in ``base/``; return its settings."""
    network = write_base(folder / "base", kind, tied=tied, seed=seed)
    settings = {
        "family": "codi",
        "num_latent": num_latent,
        "use_prj": use_prj,
        "prj_dim": 24,
        "prj_no_ln": prj_no_ln,
        "remove_eos": remove_eos,
        "lora_r": lora_r,
        "lora_alpha": 8,
    }
    tensors = codi_tensors(network, kind, lora_r)
    if use_prj:
        tensors |= projection_tensors(network.config.hidden_size, 24, layer_norm=not prj_no_ln)
    save(tensors, folder / "model.safetensors")
    return settings


def codi_tensors(network: Any, kind: str, lora_r: int) -> dict[str, Tensor]:
    tensors = {}
    for name, tensor in network.state_dict().items():
        module, _, leaf = name.rpartition(".")
        if lora_r and module.rpartition(".")[2] in TARGETS.get(kind, TARGETS["llama"]):
            tensors[f"codi.base_model.model.{module}.base_layer.{leaf}"] = tensor
            if leaf == "weight":
                rows, columns = tensor.shape[::-1] if kind == "gpt2" else tensor.shape
                tensors[f"codi.base_model.model.{module}.lora_A.default.weight"] = 0.2 * torch.randn(lora_r, columns)
                tensors[f"codi.base_model.model.{module}.lora_B.default.weight"] = 0.2 * torch.randn(rows, lora_r)
        else:
            tensors[f"codi.base_model.model.{name}"] = tensor
    return tensors


def projection_tensors(hidden: int, width: int, *, layer_norm: bool) -> dict[str, Tensor]:
    shapes = {"1.weight": (width, hidden), "1.bias": (width,), "3.weight": (hidden, width), "3.bias": (hidden,)}
    if layer_norm:
        shapes |= {"ln.weight": (hidden,), "ln.bias": (hidden,)}
    return {f"prj.{name}": 0.25 * torch.randn(shape) for name, shape in shapes.items()}


def write_coconut(folder: Path, kind: str = "gpt2", *, seed: int = 0, auxiliary: bool = False) -> dict[str, Any]:
    """Write a Coconut checkpoint as the official training script does: one pickle, ``checkpoint_7``."""
    network = write_base(folder / "base", kind, seed=seed)
    tensors = {f"base_causallm.{name}": tensor for name, tensor in network.state_dict().items()}
    tensors["embedding.weight"] = network.get_input_embeddings().weight.detach().clone()
    if auxiliary:
        ours = [name for name in tensors if name.startswith("base_causallm")]
        tensors |= {name.replace("base_causallm", "expainable_llm"): tensors[name] + 1 for name in ours}
    torch.save(tensors, folder / "checkpoint_7")
    return {"family": "coconut", "num_latent": 6, "question_suffix": ""}


def save(tensors: dict[str, Tensor], path: Path) -> None:
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}, path)


def shard(folder: Path, tensors: dict[str, Tensor], count: int = 2) -> None:
    """Write tensors as shards with an index."""
    names = sorted(tensors)
    table = {}
    for number in range(count):
        file = f"model-{number + 1:05}-of-{count:05}.safetensors"
        part = names[number::count]
        save({name: tensors[name] for name in part}, folder / file)
        table |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": table}))
