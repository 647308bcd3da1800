"""Hostile and damaged checkpoints, loaded: the cases of ``tests/models/checkpoints``, and damage at random.

Each is done to a copy of a tiny random CODI checkpoint. It must be refused in a sentence, or compute what the whole
one computes where it has the whole one's digest. No code of a checkpoint is run, and the network is asked for nothing.
"""

import json
import pickle
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from benchmarks.faults_cases import Came, came_of, cases, forbidden
from benchmarks.faults_identity import flip
from benchmarks.faults_outcomes import HARM, Outcome, Row, row
from ctlab.models import load_model
from tests.models.checkpoints import (
    test_base_card,
    test_checkpoint_files,
    test_checkpoint_settings,
    test_config_keys,
    test_finite,
    test_foreign_code,
    test_loading,
    test_tokenizer_keys,
)
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

_WEIGHTS = "model.safetensors"
_AT_RANDOM = 40
Harm = Callable[[Path], None]


def hostile_rows(folder: Path, most: int | None = None) -> Iterator[Row]:
    """Load every hostile checkpoint, or the first ``most`` of each kind."""
    template = folder / "whole"
    template.mkdir(parents=True)
    (template / "ctlab.json").write_text(json.dumps(write_codi(template)), encoding="utf-8")
    truth = _computed(template)

    def read(found: dict[str, Any]) -> Outcome:
        if found["digest"] != truth["digest"]:
            return Outcome.RECOVERED  # another model, and its digest says so
        return Outcome.UNNOTICED if _equal(found, truth) else Outcome.WRONG

    def loaded(at: Path, refused: bool) -> Came:
        return came_of(lambda: _computed(at), forbidden if refused else read)

    for fault, harms, refused in _kinds():
        came = []
        for harm in harms[:most]:
            copy = shutil.copytree(template, folder / "tried")
            harm(copy)
            came.append(loaded(copy, refused))
            shutil.rmtree(copy)
        bad = [f"{fault}, case {n}: {outcome}: {why}" for n, (outcome, why) in enumerate(came) if outcome in HARM]
        yield row(fault, [outcome for outcome, _ in came], bad)


def _kinds() -> Iterator[tuple[str, Sequence[Harm], bool]]:
    """Name, cases, and whether each must be refused; what need not be is read as the whole one, or refused."""
    foreign, files, loading = test_foreign_code, test_checkpoint_files, test_loading
    yield (
        "attention from the hub",
        [
            partial(_json, file="config.json", change={case["key"]: case["value"]})
            for case in cases(foreign.test_attention_from_the_hub_is_refused)
        ],
        True,
    )
    yield (
        "code of its own",
        [partial(_json, **case) for case in cases(foreign.test_code_beside_the_weights_is_refused)],
        True,
    )
    yield (
        "a tokenizer class that is none",
        [
            partial(_json, file=case["file"], change={"tokenizer_class": case["name"]})
            for case in cases(foreign.test_only_readers_of_vocabularies_are_tokenizers)
        ],
        True,
    )
    yield (
        "files beside, of other libraries",
        [
            partial(_beside, place=place, file=file, content=content)
            for place in ("", "base")
            for file, content in foreign.BESIDE.items()
        ],
        False,
    )
    yield (
        "a wrong value in a base's config",
        [
            partial(_json, file=case.get("file", "config.json"), change=case["change"])
            for test in (
                test_config_keys.test_wrong_values_are_one_sentence,
                test_base_card.test_refused_before_a_weight_is_read,
            )
            for case in cases(test)
        ],
        True,
    )
    yield (
        "a wrong value in ctlab.json",
        [
            partial(_json, file="ctlab.json", change=case["change"], place="")
            for test in (
                test_checkpoint_settings.test_wrong_values_are_named,
                loading.test_settings_that_do_not_match_the_tensors,
            )
            for case in cases(test)
        ],
        True,
    )
    yield (
        "a wrong value in a tokenizer's files",
        [
            partial(_json, **{name: case[name] for name in ("file", "change")})
            for case in cases(test_tokenizer_keys.test_wrong_values_are_one_sentence)
        ],
        True,
    )
    yield (
        "a vocabulary that is none",
        [
            partial(_written, file="base/tokenizer.json", content=case["content"])
            for case in cases(test_tokenizer_keys.test_a_damaged_vocabulary_is_one_sentence)
        ],
        True,
    )
    yield (
        "a path out of its folder",
        [
            *(
                partial(_json, file="ctlab.json", change=case, place="")
                for case in cases(files.test_a_configured_base_may_not_leave_its_folder)
            ),
            *(
                partial(_written, file=files.INDEX, content=json.dumps({"weight_map": {"a": case["shard_name"]}}))
                for case in cases(files.test_a_shard_may_not_leave_its_folder)
            ),
        ],
        True,
    )
    yield (
        "a tensor missing, too many or misshapen",
        [
            *(
                partial(_tensors, change=partial(_dropped, **case))
                for case in _only(loading.test_a_missing_tensor_is_named, "name")
            ),
            *(
                partial(_tensors, change=partial(_added, **case))
                for case in cases(loading.test_an_extra_tensor_is_named)
            ),
            *(
                partial(_tensors, change=partial(_added, **case))
                for case in cases(loading.test_a_misshapen_tensor_is_named)
            ),
        ],
        True,
    )
    yield (
        "a weight that is NaN or infinite",
        [
            partial(test_finite.planted, **case)
            for case in cases(test_finite.test_a_tensor_with_one_number_that_is_none)
        ],
        True,
    )
    yield "a pickle that runs code", [partial(_pickled, form=form) for form in ("raw", "torch")], True
    yield "weights cut at random", [partial(_cut, draw=Random(n)) for n in range(_AT_RANDOM)], True
    yield "a bit of the weights' header", [partial(_header, draw=Random(n)) for n in range(_AT_RANDOM)], False
    yield "a bit of a base's files", [partial(_base_bit, draw=Random(n)) for n in range(_AT_RANDOM)], False


def _only(test: Callable[..., None], *names: str) -> list[dict[str, Any]]:
    return [{name: case[name] for name in names} for case in cases(test)]


def _computed(folder: Path) -> dict[str, Any]:
    """What answers are made of, every weight and the ids of questions, and the digest that they are filed under."""
    model = load_model(folder, allow_pickle=not (folder / _WEIGHTS).is_file())  # as who has nothing but a pickle would
    return {
        **model.network.state_dict(),
        "digest": model.digest,
        "ids": [model.encode(question) for question in QUESTIONS],
    }


def _equal(found: dict[str, Any], truth: dict[str, Any]) -> bool:
    def same(one: Any, other: Any) -> bool:
        return torch.equal(one, other) if isinstance(one, Tensor) else one == other

    return found.keys() == truth.keys() and all(same(found[name], truth[name]) for name in truth)


def _json(folder: Path, file: str, change: dict[str, Any], place: str = "base") -> None:
    path = folder / place / file
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps({**content, **change}), encoding="utf-8")


def _written(folder: Path, file: str, content: str) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    if file.endswith(".index.json"):
        (folder / _WEIGHTS).unlink()


def _beside(folder: Path, place: str, file: str, content: Any) -> None:
    path = folder / place / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def _tensors(folder: Path, change: Callable[[dict[str, Tensor]], None]) -> None:
    tensors = load_file(folder / _WEIGHTS)
    change(tensors)
    save_file(tensors, folder / _WEIGHTS)


def _dropped(tensors: dict[str, Tensor], name: str) -> None:
    del tensors[name]


def _added(tensors: dict[str, Tensor], name: str, shape: tuple[int, ...] = (2,)) -> None:
    tensors[name] = torch.zeros(shape)


class _Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, (test_foreign_code.RUN,))


def _pickled(folder: Path, form: str) -> None:
    (folder / _WEIGHTS).unlink()
    path = folder / "pytorch_model.bin"
    if form == "raw":
        path.write_bytes(pickle.dumps({"codi.x": _Evil()}))
    else:
        torch.save({"codi.x": _Evil()}, path)


def _cut(folder: Path, draw: Random) -> None:
    content = (folder / _WEIGHTS).read_bytes()
    (folder / _WEIGHTS).write_bytes(content[: draw.randrange(len(content))])


def _header(folder: Path, draw: Random) -> None:
    content = (folder / _WEIGHTS).read_bytes()
    flip(folder / _WEIGHTS, draw, content[: 8 + int.from_bytes(content[:8], "little")])


def _base_bit(folder: Path, draw: Random) -> None:
    flip(draw.choice(sorted((folder / "base").iterdir())), draw)
