"""How much memory loading a checkpoint takes, for layouts that are met in the wild: random weights of published sizes.

``python -m benchmarks.load_memory`` measures GPT-2's 124 million weights in every layout, ``--large`` Llama's 1.2
billion in some, which takes 3 GB of disk under ``--folder`` and up to 7 GB of memory. Each checkpoint is loaded in a
process of its own; what is counted is what the process holds at its fullest, beyond what it held with every library
imported (Linux's VmHWM, from /proc).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MEBI = 1 << 20
_RANK = 128  # of the published checkpoints
_ADDED = 3
_PREFIX = "codi.base_model.model."
_SMALL = {"model_type": "gpt2", "n_embd": 768, "n_head": 12, "n_layer": 12, "vocab_size": 50257}
_LARGE = {
    **{"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16},
    **{"num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 128256},
    **{"tie_word_embeddings": True, "max_position_embeddings": 1024},
}
_ADAPTED = ("c_attn", "c_proj", "c_fc", "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
_SETTINGS = {"family": "codi", "num_latent": 6, "use_prj": False, "remove_eos": True}
_LORA = {"lora_r": _RANK, "lora_alpha": 32}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One layout of one size."""

    name: str
    """What the table calls it."""
    form: str
    """Which of the layouts below."""
    saved: str = "float32"
    """Type of the weights in the files."""
    loaded: str = "float32"
    """Type that they are loaded in."""
    large: bool = False
    """Llama's size, instead of GPT-2's."""


CASES = (
    Case(name="one file of safetensors", form="plain"),
    Case(name="the same from bfloat16", form="plain", saved="bfloat16"),
    Case(name="the same to bfloat16", form="plain", loaded="bfloat16"),
    Case(name="four shards", form="shards"),
    Case(name="a pickle", form="pickle"),
    Case(name="a pickle, nested, with its optimiser", form="nested"),
    Case(name="two copies of the embedding", form="copies"),
    Case(name="LoRA of rank 128", form="lora"),
    Case(name="DoRA of rank 128", form="dora"),
    Case(name="a folder of peft, LoRA of rank 128", form="peft"),
    Case(name="one file of safetensors", form="plain", saved="bfloat16", loaded="bfloat16", large=True),
    Case(name="the same to float32", form="plain", saved="bfloat16", large=True),
    Case(name="LoRA of rank 128", form="lora", saved="bfloat16", loaded="bfloat16", large=True),
    Case(name="a pickle", form="pickle", saved="bfloat16", loaded="bfloat16", large=True),
)


def main() -> None:
    """Write each checkpoint, load it in a new process, and print a row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="Llama's size instead of GPT-2's")
    parser.add_argument("--folder", type=Path, help="where checkpoints are written and removed (default: temporary)")
    parser.add_argument("--only", default="", help="layouts whose name holds this")
    given = parser.parse_args()
    print("| size | layout | saved as | loaded as | model, MiB | files, MiB | at the fullest, MiB | of the larger |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for case in CASES:
        if case.large == given.large and given.only in case.name:
            with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                print(_row(case, Path(folder)), flush=True)


def _row(case: Case, folder: Path) -> str:
    _python(f"_write({case!r}, Path({str(folder)!r}))")
    found = json.loads(_python(f"_measure({case!r}, Path({str(folder)!r}))"))
    files = sum(path.stat().st_size for path in folder.rglob("*") if path.suffix in (".safetensors", ".bin"))
    size, fullest = found["model"], found["fullest"]
    shutil.rmtree(folder)
    folder.mkdir()
    numbers = " | ".join(f"{part / _MEBI:,.0f}" for part in (size, files, fullest))
    kind = "1.2 billion" if case.large else "124 million"
    return f"| {kind} | {case.name} | {case.saved} | {case.loaded} | {numbers} | {fullest / max(size, files):.2f} |"


def _python(statement: str) -> str:
    imports = "from pathlib import Path; from benchmarks.load_memory import Case, _measure, _write"
    code = [sys.executable, "-c", f"{imports}; {statement}"]
    return subprocess.run(code, check=True, capture_output=True, text=True).stdout


def _write(case: Case, folder: Path) -> None:
    import torch

    config, base = _LARGE if case.large else _SMALL, folder / "base"
    base.mkdir()
    (base / "config.json").write_text(json.dumps(config))
    _write_tokenizer(base)
    adapted = case.form in ("lora", "dora")
    tensors = dict(_tensors(config, getattr(torch, case.saved), rows=config["vocab_size"] + _ADDED))  # type: ignore[operator]
    if adapted:
        tensors = _with_adapters(tensors, dora=case.form == "dora")
    if case.form == "peft":
        _write_peft(folder, tensors)
    else:
        _SAVERS[case.form](folder, {f"{_PREFIX}{name}": tensor for name, tensor in tensors.items()})
    settings = {**_SETTINGS, **(_LORA if adapted else {"lora_r": 0} if case.form != "peft" else {})}
    (folder / "ctlab.json").write_text(json.dumps(settings))


def _tensors(config: dict[str, Any], dtype: Any, *, rows: int) -> Iterator[tuple[str, Any]]:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with torch.device("meta"):
        network = AutoModelForCausalLM.from_config(AutoConfig.for_model(**{**config, "vocab_size": rows}))
    torch.manual_seed(0)
    for name, tensor in network.state_dict().items():
        if name != "lm_head.weight":  # tied
            yield name, torch.empty(tensor.shape, dtype=dtype).normal_(0, 0.02)


def _with_adapters(tensors: dict[str, Any], *, dora: bool, prefix: str = ".base_layer") -> dict[str, Any]:
    import torch

    found: dict[str, Any] = {}
    for name, tensor in tensors.items():
        module, _, leaf = name.rpartition(".")
        if module.rpartition(".")[2] not in _ADAPTED:
            found[name] = tensor
            continue
        found[f"{module}{prefix}.{leaf}"] = tensor
        if leaf == "weight":
            rows, columns = tensor.shape[::-1] if "c_" in module else tensor.shape
            found[f"{module}.lora_A.default.weight"] = torch.empty(_RANK, columns, dtype=tensor.dtype).normal_(0, 0.02)
            found[f"{module}.lora_B.default.weight"] = torch.empty(rows, _RANK, dtype=tensor.dtype).normal_(0, 0.02)
            if dora:
                found[f"{module}.lora_magnitude_vector.default.weight"] = torch.ones(rows, dtype=tensor.dtype)
    return found


def _write_peft(folder: Path, tensors: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    table = "transformer.wte.weight"
    everything = _with_adapters(tensors, dora=False)
    adapter = {name.replace(".default.", "."): tensor for name, tensor in everything.items() if "lora_" in name}
    save_file(
        {f"base_model.model.{name}": tensor for name, tensor in adapter.items()}
        | {f"base_model.model.{table}": tensors[table]},
        folder / "adapter_model.safetensors",
    )
    save_file({**tensors, table: tensors[table][:-_ADDED].contiguous()}, folder / "base" / "model.safetensors")
    said = {"peft_type": "LORA", "r": _RANK, "lora_alpha": 32, "target_modules": ["c_attn", "c_proj", "c_fc"]}
    (folder / "adapter_config.json").write_text(json.dumps({**said, "base_model_name_or_path": "base"}))


def _plain(folder: Path, tensors: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    save_file(tensors, folder / "model.safetensors")


def _copies(folder: Path, tensors: dict[str, Any]) -> None:
    table = tensors[f"{_PREFIX}transformer.wte.weight"]
    _plain(folder, {**tensors, f"{_PREFIX}lm_head.weight": table.clone()})


def _shards(folder: Path, tensors: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    names = sorted(tensors)
    for number in range(4):
        part = {name: tensors[name] for name in names[number::4]}
        save_file(part, folder / f"model-{number + 1:05}-of-00004.safetensors")


def _pickle(folder: Path, tensors: dict[str, Any]) -> None:
    import torch

    torch.save(tensors, folder / "pytorch_model.bin")


def _nested(folder: Path, tensors: dict[str, Any]) -> None:
    import torch

    torch.save({"model": tensors, "epoch": 3, "optimizer": {"state": {}}}, folder / "pytorch_model.bin")


_SAVERS: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "plain": _plain,
    "shards": _shards,
    "pickle": _pickle,
    "nested": _nested,
    "copies": _copies,
    "lora": _plain,
    "dora": _plain,
}


def _write_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.WordLevel({"<eos>": 0, "<unk>": 1}, unk_token="<unk>"))
    PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<eos>", unk_token="<unk>").save_pretrained(folder)


def _measure(case: Case, folder: Path) -> None:
    from ctlab.models import load_model

    load_model("tiny")  # every library that loading needs
    Path("/proc/self/clear_refs").write_text("5")  # the largest so far is now
    before = _held("VmRSS")
    model = load_model(folder, dtype=case.loaded, allow_pickle=True)
    size = sum(weight.numel() * weight.element_size() for weight in model.network.parameters())
    print(json.dumps({"model": size, "fullest": _held("VmHWM") - before}))


def _held(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


if __name__ == "__main__":
    main()
