"""Randomly initialised CODI checkpoints of published sizes, and the same weights as the official code holds them."""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

import ctlab
from ctlab.models import LatentReasoner
from ctlab.probes.layer_outputs import blocks_of

GPT2_SMALL = {
    "model_type": "gpt2",
    "n_embd": 768,
    "n_layer": 12,
    "n_head": 12,
    "n_positions": 1024,
    "vocab_size": 50257,
}
LLAMA_1B = {
    "model_type": "llama",
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "max_position_embeddings": 2048,
    "vocab_size": 128256,
    "tie_word_embeddings": True,
}
_TARGETS = {
    "gpt2": ["c_attn", "c_proj", "c_fc"],
    "llama": ["q_proj", "k_proj", "v_proj", "o_proj", "up_proj", "down_proj", "gate_proj"],
}
RANK, ALPHA = 128, 32
"""Of LoRA, as the official code trains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One set of weights, twice."""

    model: LatentReasoner
    """As ctlab loads them."""
    unmerged: PreTrainedModel | None
    """As the official code runs them, adapters beside the weights they adapt; None where nobody runs them."""
    encode: Callable[[Sequence[str]], list[list[int]]]
    """Questions to token ids."""


def embedded() -> Pair:
    """The embedded model; it has no adapters."""
    model = ctlab.load_model("tiny")
    plain = AutoModelForCausalLM.from_config(model.network.config).eval()
    plain.load_state_dict(model.network.state_dict())
    return Pair(model=model, unmerged=plain, encode=model.encode_all)


def random_codi(
    form: Mapping[str, object],
    folder: Path,
    texts: Sequence[str],
    *,
    device: str = "cpu",
    dtype: str = "float32",
    unmerged: bool = True,
) -> Pair:
    """Write a random CODI checkpoint in the official layout, with a tokenizer made for ``texts``; load it both ways.

    Without ``unmerged`` the official code's copy is not kept: it would only fill a GPU's memory.
    """
    base = folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    (base / "config.json").write_text(json.dumps({**form, "eos_token_id": 0, "bos_token_id": 0}))
    write_tokenizer(base, int(str(form["vocab_size"])), texts)
    config = AutoConfig.from_pretrained(base)
    config.vocab_size += 3
    torch.manual_seed(0)
    with torch.device(device):
        network = AutoModelForCausalLM.from_config(config, dtype=getattr(torch, dtype)).eval()
    wrapped = with_adapters(network)
    hidden = config.hidden_size
    tensors = {f"codi.{name}": tensor for name, tensor in wrapped.state_dict().items()}
    for name, shape in {
        "1.weight": (hidden, hidden),
        "1.bias": (hidden,),
        "3.weight": (hidden, hidden),
        "3.bias": (hidden,),
        "ln.weight": (hidden,),
        "ln.bias": (hidden,),
    }.items():
        tensors[f"prj.{name}"] = 0.02 * torch.randn(shape) + float(name == "ln.weight")
    save_file(
        {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()},
        folder / "model.safetensors",
    )
    settings = {
        "family": "codi",
        "num_latent": 6,
        "use_prj": True,
        "prj_dim": hidden,
        "remove_eos": True,
        "lora_r": RANK,
        "lora_alpha": ALPHA,
    }
    kept = wrapped if unmerged else None
    del network, wrapped
    model = ctlab.load_model(folder, settings=settings, device=device, dtype=dtype)
    return Pair(model=endless(model), unmerged=kept, encode=model.encode_all)


def with_adapters(network: PreTrainedModel) -> PreTrainedModel:
    """Put random LoRA adapters around a network, as the official code does."""
    from peft import LoraConfig, get_peft_model

    kind = network.config.model_type
    lora = LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        target_modules=_TARGETS[kind],
        task_type="CAUSAL_LM",
        fan_in_fan_out=kind == "gpt2",
        init_lora_weights=False,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)  # peft calls it by its old name
        return get_peft_model(network, lora).eval()


def endless(model: LatentReasoner) -> LatentReasoner:
    """Return a model whose answers never end by themselves."""
    return replace(model, eos_token_id=-1)


def write_tokenizer(folder: Path, vocabulary: int, texts: Sequence[str]) -> None:
    """Write a byte-pair tokenizer trained on the questions themselves, so that they are about as long as in real use.

    One trained on other texts splits words into letters and makes questions twice as long.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE(unk_token=None))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=min(vocabulary, 8000),
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|endoftext|>").save_pretrained(folder)


def states(network: PreTrainedModel) -> PreTrainedModel:
    """The causal language model inside any wrapping."""
    inner = network.get_base_model() if hasattr(network, "peft_config") else network
    assert isinstance(inner, PreTrainedModel)
    return inner


def size(network: PreTrainedModel) -> int:
    """Parameters that every token passes through: embeddings aside."""
    embeddings: set[int] = set()
    for module in (network.get_input_embeddings(), network.get_output_embeddings()):
        embeddings.add(id(module.weight))
    positions = getattr(network.base_model, "wpe", None)
    if positions is not None:
        embeddings.add(id(positions.weight))
    tensors: list[Tensor] = [each for each in network.parameters() if id(each) not in embeddings]
    return sum(each.numel() for each in tensors)


def unread_by_questions(network: PreTrainedModel) -> int:
    """Parameters of the last layer whose results for question tokens nobody reads: all but keys' and values'."""
    block = blocks_of(network)[-1]
    keeping = 0
    for name, each in block.named_parameters():
        if "c_attn" in name:  # queries, keys and values in one
            keeping += each.numel() * 2 // 3
        elif "k_proj" in name or "v_proj" in name:
            keeping += each.numel()
    return sum(each.numel() for each in block.parameters()) - keeping
