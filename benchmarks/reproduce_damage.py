"""Ways to damage a sound checkpoint in a folder: tensors, settings, tokenizer, as people do it by accident."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

EMBEDDING = ("embed_tokens.weight", "wte.weight", "lm_head.weight", "embedding.weight")
"""How the names of embeddings end: those of the input, of a head of its own, and Coconut's copy."""
RANK, ALPHA = 8, 16


def copied(source: Path, folder: Path, settings: Mapping[str, Any]) -> Path:
    """Copy a checkpoint and write its settings beside it."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("expected.json", "checkpoint_*", "training.jsonl"))
    write_settings(folder, settings)
    return folder


def write_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    (folder / "ctlab.json").write_text(json.dumps(settings))


def set_to(folder: Path, **settings: Any) -> None:
    """Change single settings."""
    form = json.loads((folder / "ctlab.json").read_text())
    write_settings(folder, {**form, **settings})


def edit_tensors(folder: Path, change: Callable[[dict[str, Tensor]], None]) -> None:
    """Change a checkpoint's tensors."""
    path = folder / "model.safetensors"
    tensors = load_file(path)
    change(tensors)
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path)


def edit_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file."""
    form = json.loads(path.read_text(encoding="utf-8"))
    change(form)
    path.write_text(json.dumps(form), encoding="utf-8")


def reorder_rows(folder: Path, order: tuple[int, int, int]) -> None:
    """Put the three added rows into another order: ``order`` says which of them comes first, second, third."""

    def change(tensors: dict[str, Tensor]) -> None:
        for name, tensor in tensors.items():
            if name.endswith(EMBEDDING):
                tensors[name] = torch.cat([tensor[:-3], tensor[-3:][list(order)]])

    edit_tensors(folder, change)


def exchange_words(folder: Path) -> None:
    """Exchange the rows of the first and the second half of the words."""

    def change(tensors: dict[str, Tensor]) -> None:
        for name, tensor in tensors.items():
            if name.endswith(EMBEDDING):
                half = (len(tensor) - 3) // 2
                tensors[name] = torch.cat([tensor[half : 2 * half], tensor[:half], tensor[2 * half :]])

    edit_tensors(folder, change)


def shift_words(folder: Path) -> None:
    """Give every word the row of its neighbour, from the second row to the last but one before the added ones."""

    def change(tensors: dict[str, Tensor]) -> None:
        for name, tensor in tensors.items():
            if name.endswith(EMBEDDING):
                tensors[name] = torch.cat([tensor[:1], tensor[1:-4].roll(1, 0), tensor[-4:]])

    edit_tensors(folder, change)


def split_numbers(folder: Path) -> None:
    """Have the tokenizer cut every number into its digits."""

    def change(form: dict[str, Any]) -> None:
        for each in form["pre_tokenizer"]["pretokenizers"]:
            if each["type"] == "Split":
                each["pattern"]["Regex"] = r"\d|[a-z]+|[^\sa-z\d]"

    edit_json(folder / "base" / "tokenizer.json", change)


def cut_rows(folder: Path) -> None:
    """Drop the three added rows, as where the embedding was never resized."""

    def change(tensors: dict[str, Tensor]) -> None:
        for name, tensor in tensors.items():
            if name.endswith(EMBEDDING):
                tensors[name] = tensor[:-3]

    edit_tensors(folder, change)


def drop(folder: Path, start: str) -> None:
    """Drop the tensors whose names begin so."""
    edit_tensors(
        folder, lambda tensors: [tensors.pop(name) for name in list(tensors) if name.startswith(start)] and None
    )


def reinitialise(folder: Path, start: str) -> None:
    """Draw tensors anew with their own spread, as a module that was never loaded has them."""

    def change(tensors: dict[str, Tensor]) -> None:
        generator = torch.Generator().manual_seed(1)
        for name in sorted(tensors):
            if name.startswith(start):
                spread = float(tensors[name].float().std())
                tensors[name] = (torch.randn(tensors[name].shape, generator=generator) * spread).to(tensors[name].dtype)

    edit_tensors(folder, change)


def lose_head(folder: Path) -> None:
    """Untie the head and draw it anew, as a loader does that finds none."""

    def change(tensors: dict[str, Tensor]) -> None:
        inner = next(name for name in tensors if name.endswith(("embed_tokens.weight", "wte.weight")))
        prefix = inner[: inner.index("transformer." if "transformer." in inner else "model.embed")]
        table = tensors[inner]
        drawn = torch.randn(table.shape, generator=torch.Generator().manual_seed(1)) * float(table.float().std())
        tensors[f"{prefix}lm_head.weight"] = drawn.to(table.dtype)

    edit_tensors(folder, change)
    edit_json(folder / "base" / "config.json", lambda form: form.update(tie_word_embeddings=False))


def overflow(folder: Path, factor: float = 2.0**15) -> None:
    """Make one product of a Llama's large and the next weight small: the same function, beyond float16 on the way."""

    def change(tensors: dict[str, Tensor]) -> None:
        for name in list(tensors):
            # LoRA's halves beside it are scaled alike: up's B, down's A.
            if ".layers.1.mlp.up_proj." in name and "lora_A" not in name:
                tensors[name] = tensors[name].float() * factor
            if ".layers.1.mlp.down_proj." in name and "lora_B" not in name:
                tensors[name] = tensors[name].float() / factor

    edit_tensors(folder, change)


def split_adapters(folder: Path, scale: float, alpha: float) -> None:
    """Write attention and MLP weights as a base and an adapter of rank 8 whose sum, at a scale, is what they were."""

    def change(tensors: dict[str, Tensor]) -> None:
        generator = torch.Generator().manual_seed(3)
        for name in sorted(tensors):
            module = name.removesuffix(".weight")
            if not module.endswith("_proj"):
                continue
            weight = tensors.pop(name).float()
            rows, columns = weight.shape
            up, down = (torch.randn(shape, generator=generator) for shape in ((rows, RANK), (RANK, columns)))
            # Of the weight's own size: the base alone is no model, as that of CODI cannot think before it is trained.
            size = float(weight.norm()) / float((up @ down).norm()) / scale
            up, down = up * size**0.5, down * size**0.5
            tensors[f"{module}.base_layer.weight"] = weight - scale * (up @ down)
            tensors[f"{module}.lora_A.default.weight"], tensors[f"{module}.lora_B.default.weight"] = down, up

    edit_tensors(folder, change)
    set_to(folder, lora_r=RANK, lora_alpha=alpha)


def lose_special_tokens(folder: Path) -> None:
    """Save the tokenizer without its post-processor, which puts a token before every question."""
    edit_json(folder / "base" / "tokenizer.json", lambda form: form.update(post_processor=None))


def write_more_numbers(folder: Path) -> None:
    """Have answers announce their number after another one, so that the number after the marker is the wrong one."""

    def change(form: dict[str, Any]) -> None:
        written = {"type": "Replace", "pattern": {"String": "The answer is:"}}
        form["decoder"] = {"type": "Sequence", "decoders": [{**written, "content": "The answer is: after 6 thoughts "}]}

    edit_json(folder / "base" / "tokenizer.json", change)
