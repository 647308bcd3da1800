"""The size of a model, read off the headers of its files and held against the weights themselves."""

import math
from dataclasses import replace

from safetensors.numpy import load_file

from ctlab.models.checkpoints.checkpoint_files import find
from ctlab.models.checkpoints.weight_count import weight_count
from ctlab.models.checkpoints.weight_files import Weights

TINY = find("tiny", None, None, allow_pickle=False)


def test_it_is_the_number_of_numbers_in_the_files():
    arrays = load_file(TINY.weights[0])
    assert weight_count(TINY) == sum(math.prod(array.shape) for array in arrays.values())


def test_a_file_that_does_not_say_is_not_guessed(tmp_path):
    damaged = tmp_path / "model.safetensors"
    damaged.write_bytes(TINY.weights[0].read_bytes()[:40])
    pickle = tmp_path / "pytorch_model.bin"
    pickle.write_bytes(TINY.weights[0].read_bytes())
    for path in (damaged, tmp_path / "none.safetensors", pickle):
        assert weight_count(replace(TINY, own_weights=Weights(files=(path,)))) is None
