"""Layouts that checkpoints are met in: one case each, a tiny random checkpoint, loaded exactly or refused.

``python -m tests.models.checkpoints.layout_cases`` prints the table of docs/checkpoints.md.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import save, shard, write_base, write_codi

PREFIX = "codi.base_model.model."
UP = f"{PREFIX}model.layers.1.mlp.up_proj"
HEAD = f"{PREFIX}lm_head.weight"
ROWS = f"{PREFIX}model.embed_tokens.token_adapter.trainable_tokens_delta.default"
Tensors = dict[str, Tensor]
Make = Callable[[Path, Tensors], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One layout."""

    name: str
    """In the words of the documentation."""
    make: Make
    """Write the checkpoint's files into a folder that holds its base."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Beside those of the whole checkpoint."""
    pickle: bool = False
    """Whether --ctlab-allow-pickle is given."""
    same: bool = True
    """Whether what is loaded is the whole checkpoint, bit by bit; others are held against peft elsewhere."""
    refused: bool = False
    """Whether it is refused."""
    base: Callable[[Path], Any] = lambda folder: None
    """Change the base before it is read."""


def whole(folder: Path, tensors: Tensors) -> None:
    save(tensors, folder / "model.safetensors")


def other_tokenizer(folder: Path) -> None:
    content = json.loads((folder / "base" / "tokenizer.json").read_text())
    vocabulary = content["model"]["vocab"]
    words = [word for word in vocabulary if not word.startswith("<")]
    turned = dict(zip(words, reversed([vocabulary[word] for word in words]), strict=True))
    content["model"]["vocab"] = {**vocabulary, **turned}
    (folder / "tokenizer.json").write_text(json.dumps(content))


def without(*names: str) -> Make:
    def make(folder: Path, tensors: Tensors) -> None:
        whole(folder, {name: tensor for name, tensor in tensors.items() if name not in names})

    return make


def renaming(change: Callable[[str], str]) -> Make:
    return lambda folder, tensors: whole(folder, {change(name): tensor for name, tensor in tensors.items()})


def adding(more: Callable[[Tensors], Tensors]) -> Make:
    return lambda folder, tensors: whole(folder, {**tensors, **more(tensors)})


def nested(*keys: str, **beside: Any) -> Make:
    def make(folder: Path, tensors: Tensors) -> None:
        form: Any = tensors
        for key in reversed(keys):
            form = {key: form, **beside}
        torch.save(form, folder / "pytorch_model.bin")

    return make


def unindexed(folder: Path, tensors: Tensors, count: int = 3) -> None:
    shard(folder, tensors, count)
    (folder / "model.safetensors.index.json").unlink()


def pickled_shards(folder: Path, tensors: Tensors, *, kept: int = 2) -> None:
    names, table = sorted(tensors), {}
    for number in range(2):
        file = f"pytorch_model-{number + 1:05}-of-00002.bin"
        part = names[number::2]
        if number < kept:
            torch.save({name: tensors[name] for name in part}, folder / file)
        table |= dict.fromkeys(part, file)
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": table}))


def magnitudes(tensors: Tensors, *, but: str = "none") -> Tensors:
    """DoRA's magnitudes, each the length that the merged row has: what is loaded is the same within rounding."""
    found = {}
    for name in [name for name in tensors if name.endswith("lora_A.default.weight") and but not in name]:
        module = name.removesuffix(".lora_A.default.weight")
        weight = tensors[f"{module}.base_layer.weight"].double()
        update = 2 * tensors[f"{module}.lora_B.default.weight"].double() @ tensors[name].double()
        found[f"{module}.lora_magnitude_vector.default.weight"] = (weight + update).norm(dim=1).float() * 1.5
    return found


def saved_norm(tensors: Tensors) -> Tensors:
    return {f"{PREFIX}model.norm.modules_to_save.default.weight": tensors[f"{PREFIX}model.norm.weight"]}


def original_norm(folder: Path, tensors: Tensors, *, saved: bool) -> None:
    norm = f"{PREFIX}model.norm"
    kept = {name: tensor for name, tensor in tensors.items() if name != f"{norm}.weight"}
    kept[f"{norm}.original_module.weight"] = tensors[f"{norm}.weight"] + 1
    whole(folder, {**kept, **(saved_norm(tensors) if saved else {})})


def config(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "base" / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def another_base(folder: Path) -> None:
    write_base(folder / "base", "gpt2")
    config(n_positions=64)(folder)


def empty_config(folder: Path) -> None:
    for path in (folder / "base").iterdir():
        path.unlink()
    (folder / "base").rmdir()
    (folder / "config.json").write_bytes(b"")


def cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:9000])


def then(make: Make, change: Callable[[Path], Any]) -> Make:
    def both(folder: Path, tensors: Tensors) -> None:
        make(folder, tensors)
        change(folder)

    return both


def no(name: str, make: Make, **options: Any) -> Case:
    return Case(name=name, make=make, refused=True, **options)


CASES = (
    Case(name="`model.safetensors`", make=whole),
    Case(name="shards with `model.safetensors.index.json`", make=shard),
    Case(name="shards without an index", make=unindexed),
    Case(name="`pytorch_model.bin`, with `--ctlab-allow-pickle`", make=nested(), pickle=True),
    Case(name="shards with `pytorch_model.bin.index.json`, with the same", make=pickled_shards, pickle=True),
    Case(name='`{"model": …}` beside other things in a pickle', make=nested("model", epoch=3), pickle=True),
    Case(name='`{"state_dict": …}`', make=nested("state_dict"), pickle=True),
    Case(name='`{"model_state_dict": …}`', make=nested("model_state_dict", optimizer={"lr": 0.1}), pickle=True),
    Case(name="every name behind `module.`", make=renaming(lambda name: f"module.{name}")),
    Case(name="behind `_orig_mod.`", make=renaming(lambda name: f"_orig_mod.{name}")),
    Case(
        name="behind both, and `_orig_mod.` within",
        make=renaming(lambda name: f"module._orig_mod.{name.replace('model.norm', 'model._orig_mod.norm')}"),
    ),
    Case(name="an adapter that is not called `default`", make=renaming(lambda name: name.replace("default", "mine"))),
    Case(name="an adapter without a name", make=renaming(lambda name: name.replace(".default.", "."))),
    Case(name="of tied embeddings the input's alone", make=without(f"{PREFIX}lm_head.weight")),
    Case(name="of tied embeddings `lm_head` alone", make=without(f"{PREFIX}model.embed_tokens.weight")),
    Case(
        name="`modules_to_save` beside `original_module`",
        make=partial(original_norm, saved=True),
    ),
    Case(name="rsLoRA, with `use_rslora`", make=whole, settings={"use_rslora": True}, same=False),
    Case(name="DoRA (`lora_magnitude_vector`)", make=adding(magnitudes), same=False),
    no("a pickle", nested()),
    no("an index that names a shard that is not there", partial(pickled_shards, kept=1), pickle=True),
    no("some of the shards", then(unindexed, lambda folder: (folder / "model-00002-of-00003.safetensors").unlink())),
    no("a file cut short", then(whole, cut)),
    no("two sets of weights in a pickle", nested("model", state_dict={"a": torch.ones(2)}), pickle=True),
    no("a wrapper before some of the names", renaming(lambda name: f"module.{name}" if "prj" in name else name)),
    no("two adapters", renaming(lambda name: name.replace("default", "mine") if ".1." in name else name)),
    no("half of an adapter", without(f"{UP}.lora_B.default.weight")),
    no("an adapter missing", without(f"{UP}.lora_A.default.weight", f"{UP}.lora_B.default.weight")),
    no("adapters of another rank", whole, settings={"lora_r": 8}),
    no("adapters whose alpha nobody says", whole, settings={"lora_alpha": None}),
    no("DoRA with a magnitude missing", adding(partial(magnitudes, but="layers.1.mlp.up_proj"))),
    no("`original_module` without `modules_to_save`", partial(original_norm, saved=False)),
    no("trained rows without `adapter_config.json`", adding(lambda _: {ROWS: torch.ones(2, 32)})),
    no("adapters of other kinds", adding(lambda _: {f"{UP}.lora_B.default.bias": torch.ones(48)})),
    no("a tensor missing", without(f"{PREFIX}model.norm.weight")),
    no("a tensor too many", adding(lambda _: {f"{PREFIX}model.norm.bias": torch.ones(32)})),
    no("tied embeddings that differ", adding(lambda tensors: {HEAD: tensors[HEAD] + 1})),
    no("a NaN", adding(lambda tensors: {"prj.1.bias": tensors["prj.1.bias"] * float("nan")})),
    no("quantised weights", adding(lambda _: {"prj.1.bias": torch.ones(24, dtype=torch.int8)})),
    no("a base of another vocabulary", whole, base=config(vocab_size=60)),
    no("a base of another architecture", whole, base=another_base),
    no("a base of fewer layers", whole, base=config(num_hidden_layers=2)),
    no("another model's tokenizer beside the weights", whole, base=other_tokenizer),
    no("a base whose end of sequence is a word", whole, base=config(eos_token_id=40)),
    no("a `config.json` of 0 bytes and no base", whole, base=empty_config),
)


def written(case: Case, folder: Path) -> dict[str, Any]:
    """Write a case's files; return the arguments that load them."""
    torch.manual_seed(0)
    settings = write_codi(folder)
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    case.make(folder, tensors)
    case.base(folder)
    return {"settings": {**settings, **case.settings}, "allow_pickle": case.pickle}


def said(case: Case, folder: Path) -> str:
    """Load a case; return the sentence of its refusal, empty where it is loaded."""
    try:
        load_model(folder, **written(case, folder))
    except CheckpointError as error:
        return str(error).replace(f"model {folder.name}: ", "model M: ").replace(str(folder), "M")
    return ""


def row(case: Case, sentence: str) -> str:
    """A case's row in the table of the documentation."""
    cell = sentence.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return f"| {case.name} | {f'no: {cell}' if cell else 'yes'} |"


def table() -> str:
    """The table of the documentation."""
    rows = ["| layout | loaded? |", "| --- | --- |"]
    for case in CASES:
        with tempfile.TemporaryDirectory() as place:
            rows.append(row(case, said(case, Path(place))))
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
