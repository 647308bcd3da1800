"""Writes a trained network in the layout of the published CODI checkpoints.

``model.safetensors`` (half precision) holds the PEFT-prefixed base weights and ``prj.*``; ``base/`` holds the base
model's config and tokenizer; ``ctlab.json`` holds the family's settings. There is no LoRA: the rank is 0.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import LlamaConfig, PreTrainedTokenizerFast

from ctlab.models.families.codi import CODI
from ctlab.models.tiny.network import Block, Network
from ctlab.models.tiny.objective import THOUGHTS

_PREFIX = CODI.layout.prefixes[0]


def write(network: Network, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write the checkpoint of ``network`` into ``folder``."""
    base = folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in tensors_of(network).items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save_pretrained(base)
    config(network, len(tokenizer)).save_pretrained(base)
    settings = {
        "family": CODI.name,
        "num_latent": THOUGHTS,
        "use_prj": True,
        "prj_dim": network.shape.projection,
        "prj_no_ln": False,
        "remove_eos": True,
        "lora_r": 0,
        "lora_alpha": 0,
    }
    (folder / "ctlab.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def config(network: Network, base_vocabulary: int) -> LlamaConfig:
    """The base model's config: its vocabulary is before the three added ids."""
    shape = network.shape
    return LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=base_vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        max_position_embeddings=512,
        rms_norm_eps=shape.epsilon,
        rope_parameters={"rope_type": "default", "rope_theta": shape.rope_theta},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=0,
        dtype="float32",
    )


def llama_tensors(network: Network, prefix: str) -> dict[str, Tensor]:
    """Name the weights as ``LlamaForCausalLM`` does, behind a prefix; fused projections are split."""
    named = {
        f"{prefix}model.embed_tokens.weight": network.embedding.weight,
        f"{prefix}model.norm.weight": network.norm,
    }
    for index, block in enumerate(network.blocks):
        if not isinstance(block, Block):
            raise TypeError(f"block {index} is a {type(block).__name__}, not a Block")
        layer = f"{prefix}model.layers.{index}."
        q, k, v = block.qkv.weight.chunk(3)
        gate, up = block.gate_up.weight.chunk(2)
        named |= {
            f"{layer}self_attn.q_proj.weight": q,
            f"{layer}self_attn.k_proj.weight": k,
            f"{layer}self_attn.v_proj.weight": v,
            f"{layer}self_attn.o_proj.weight": block.output.weight,
            f"{layer}mlp.gate_proj.weight": gate,
            f"{layer}mlp.up_proj.weight": up,
            f"{layer}mlp.down_proj.weight": block.down.weight,
            f"{layer}input_layernorm.weight": block.attention_norm,
            f"{layer}post_attention_layernorm.weight": block.mlp_norm,
        }
    return {name: torch.as_tensor(tensor) for name, tensor in named.items()}


def tensors_of(network: Network) -> dict[str, Tensor]:
    """Name the weights as the published checkpoints do."""
    named = llama_tensors(network, _PREFIX)
    # The official projection is Sequential(Dropout, Linear, GELU, Linear) with a LayerNorm called ``ln``.
    official = {"0": "1", "2": "3", "3": "ln"}
    for name, tensor in network.projection.state_dict().items():
        place, kind = name.split(".")
        named[f"prj.{official[place]}.{kind}"] = torch.as_tensor(tensor)
    return named
