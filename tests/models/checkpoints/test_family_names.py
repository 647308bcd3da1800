"""Whose tensors a checkpoint's names are: the sentences of a load that went to the wrong family, or to none."""

import pytest

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from ctlab.models.checkpoints.family_names import families_of, named_in
from tests.models.checkpoints.making_checkpoints import save, write_base

GPT2 = ("transformer.wte.weight", "transformer.h.0.attn.c_attn.weight", "transformer.ln_f.bias")
COCONUT = tuple(f"base_causallm.{name}" for name in GPT2)
NOBODY = (
    tuple(f"backbone.{name}" for name in GPT2),
    (*COCONUT, "optimizer.state"),
    (),
)


@pytest.mark.parametrize(
    ("names", "families"),
    [
        (COCONUT, ("coconut", "pause")),
        ((*COCONUT, "expainable_llm.wte.weight"), ("coconut",)),
        ((*COCONUT, "embedding.weight", "pause_embedding"), ("pause",)),
        ([f"module.{name}" for name in COCONUT], ("coconut", "pause")),
        (("codi.base_model.model.model.layers.0.self_attn.q_proj.weight", "prj.1.weight"), ("codi",)),
        (GPT2, ("explicit_cot", "latenttts")),
        ([f"_base_model.{name}" for name in GPT2], ("adalr",)),
        (("transformer.wte.weight", "transformer.core_block.0.attn.Wqkv.weight", "freqs_cis"), ("huginn",)),
        (("transformer.wte.weight", "transformer.core_block.0.attn.Wqkv.weight"), ("huginn",)),
        ((*GPT2, "projector.1.weight"), ("latenttts",)),
        *((names, ()) for names in NOBODY),
    ],
)
def test_families_by_names_alone(names, families):
    assert families_of(names) == families


def test_what_is_no_safetensors_file_names_nothing(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 40)
    assert named_in(tmp_path / "model.safetensors") == named_in(tmp_path / "none") == ()


@pytest.fixture
def folder(tmp_path):
    def write(prefix):
        weights = write_base(tmp_path / "base", "gpt2", added=3).state_dict()
        save({f"{prefix}{name}": tensor for name, tensor in weights.items()}, tmp_path / "model.safetensors")
        return tmp_path

    return write


def refused(folder, settings=None):
    with pytest.raises(CheckpointError) as error:
        load_model(folder, settings=settings)
    return str(error.value)


def test_a_model_of_no_family_is_refused_as_such(folder):
    where = folder("backbone.")
    ends = "docs/adding/family.md says what another takes"
    assert refused(where).startswith(f"model {where.name} cannot be read: its tensors are called backbone.")
    assert refused(where).endswith(ends)
    for settings in ({"family": "coconut", "num_latent": 3}, {"family": "explicit_cot", "num_latent": 0}):
        assert refused(where, {**settings, "question_suffix": ""}).endswith(ends)


def test_a_model_of_another_family_names_it(folder):
    where = folder("base_causallm.")
    assert '"family": "coconut", "num_latent": 6' in refused(where)
    said = refused(where, {"family": "explicit_cot", "num_latent": 0, "question_suffix": ""})
    assert said.endswith("its tensors are named as those of family coconut or pause: correct 'family'")
