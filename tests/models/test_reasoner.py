import pytest
import torch

from ctlab.errors import InputError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import write_codi


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return load_model(folder, settings=write_codi(folder))


def test_questions_are_prepared_as_the_official_evaluation_does(model):
    assert model.encode("  a  b 3 ") == model.encode("a b 3")
    assert model.encode_all([]) == []
    assert model.encode_all(["a b", "c"]) == [model.encode("a b"), model.encode("c")]
    assert model.encode("a")[0] == model.tokenizer.bos_token_id


def test_casting_makes_a_copy(model):
    half = model.cast("bfloat16")
    assert (half.dtype, model.dtype) == (torch.bfloat16, torch.float32)
    assert model.cast("float32") is model
    assert half.project(torch.zeros(1, 32, dtype=torch.bfloat16)).dtype == torch.bfloat16
    frequencies = half.network.model.rotary_emb.inv_freq
    assert frequencies.dtype == torch.float32
    with pytest.raises(InputError, match="dtype must be one of"):
        model.cast("int4")


def test_a_model_is_described_in_a_line(model):
    assert len(repr(model)) < 1000
