"""Every layout that the documentation lists is loaded bit by bit, or refused with the sentence that stands there."""

import re
from pathlib import Path

import pytest
import torch

from ctlab.models import load_model, model_digest
from ctlab.models.checkpoints.safetensors_files import read
from tests.models.checkpoints.layout_cases import CASES, row, said, written
from tests.models.checkpoints.making_checkpoints import save, write_coconut

PAGE = (Path(__file__).parents[3] / "docs" / "checkpoints.md").read_text(encoding="utf-8")
NAMES = [case.name for case in CASES]


def weights(model):
    return {**model.network.state_dict(), **{f"prj.{name}": w for name, w in model.projection.state_dict().items()}}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return weights(load_model(folder, **written(CASES[0], folder)))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_layout(tmp_path, case, original):
    if case.refused:
        sentence = said(case, tmp_path)
        assert sentence
        assert "\n" not in sentence
        assert row(case, sentence) in PAGE
        return
    assert row(case, "") in PAGE
    options = written(case, tmp_path)
    model = load_model(tmp_path, **options)
    assert model.digest == model_digest(tmp_path, **options)
    found = weights(model)
    assert found.keys() == original.keys()
    if case.same:
        assert all(torch.equal(weight, original[name]) for name, weight in found.items())


def test_the_documentation_lists_each_once():
    listed = re.findall(r"^\| (.*?) \| (?:yes|no: .*) \|$", PAGE, re.MULTILINE)
    assert listed == NAMES


def case(name):
    return next(case for case in CASES if case.name == name)


def test_magnitudes_are_the_lengths_of_merged_rows(tmp_path, original):
    name = "model.layers.1.mlp.up_proj.weight"
    found = weights(load_model(tmp_path, **written(case("DoRA (`lora_magnitude_vector`)"), tmp_path)))[name]
    assert torch.allclose(found, 1.5 * original[name], atol=1e-6)  # what `magnitudes` wrote


def test_the_scale_of_rslora_is_alpha_over_the_root_of_the_rank(tmp_path):
    options = written(case("rsLoRA, with `use_rslora`"), tmp_path)
    found = load_model(tmp_path, **options)
    settings = {**options["settings"], "use_rslora": False, "lora_alpha": 16}  # 8 / √4 = 16 / 4
    expected = load_model(tmp_path, settings=settings)
    assert all(torch.equal(weight, weights(expected)[name]) for name, weight in weights(found).items())


def test_what_a_pickle_holds_beside_the_weights_is_named(tmp_path):
    model = load_model(tmp_path, **written(case('`{"model": …}` beside other things in a pickle'), tmp_path))
    assert model.unused == {"pytorch_model.bin: epoch": "state of the training"}


def test_a_study_s_own_wrapper_is_called_as_its_family(tmp_path):
    settings = write_coconut(tmp_path)
    plain = load_model(tmp_path, settings=settings, allow_pickle=True)
    tensors = torch.load(tmp_path / "checkpoint_7", weights_only=True)
    torch.save({f"module.coconut.{name}": tensor for name, tensor in tensors.items()}, tmp_path / "checkpoint_7")
    wrapped = load_model(tmp_path, settings=settings, allow_pickle=True)
    for name, weight in plain.network.state_dict().items():
        assert torch.equal(weight, wrapped.network.state_dict()[name])


def test_a_large_tensor_that_is_saved_twice_is_kept_once(tmp_path):
    large = torch.randn(1 << 19)
    save({"a": large, "b": large.clone()}, tmp_path / "model.safetensors")
    tensors, content = read(tmp_path / "model.safetensors")
    assert tensors["a"].data_ptr() == tensors["b"].data_ptr()
    assert b"".join(map(bytes, content)) == (tmp_path / "model.safetensors").read_bytes()
