"""Questions that are too long, found before a weight is read."""

import json

import pytest
import torch

from ctlab.engine import generate_batches
from ctlab.errors import CheckpointError, InputError
from ctlab.interventions import BASELINE
from ctlab.models import load_model
from ctlab.models.checkpoints.checkpoint_files import find
from ctlab.models.checkpoints.question_room import refuse_long
from ctlab.problems import Problem
from ctlab.records import Decoding
from tests.models.checkpoints.making_checkpoints import write_codi

NEW = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    (folder / "ctlab.json").write_text(json.dumps(write_codi(folder)))
    return folder


def asked(*words):
    return [Problem(question="a " * (count - 1) + f"{row} ?", gold=1) for row, count in enumerate(words)]


def test_the_row_is_named_and_no_weight_is_read(folder, monkeypatch):
    source = find(folder, None, None, allow_pickle=False)
    monkeypatch.setattr(torch.nn.Module, "load_state_dict", None)
    with pytest.raises(InputError, match=r"problem 2 of 3 \('a a a.*'…\): its question of 1\d\d tokens leaves no room"):
        refuse_long(source, asked(3, 127, 3), NEW)


def test_what_fits_by_its_bytes_needs_no_tokenizer(folder, monkeypatch):
    source = find(folder, None, None, allow_pickle=False)
    monkeypatch.setattr("ctlab.models.checkpoints.base_model.read_tokenizer", None)
    refuse_long(source, asked(3, 20), NEW)


def test_it_refuses_what_the_engine_refuses_and_nothing_else(folder):
    source, model = find(folder, None, None, allow_pickle=False), load_model(folder)
    frame = len(model.begin_ids) + len(model.end_ids)
    assert frame >= 2  # what is counted of it
    longest = 128 - NEW - model.num_thoughts - frame
    fits, is_long = ([problem] for problem in (asked(longest - extra)[0] for extra in (2, -frame)))
    assert len(model.encode(fits[0].question)) <= longest < len(model.encode(is_long[0].question))
    refuse_long(source, fits, NEW)
    list(generate_batches(model, fits, [BASELINE], Decoding(max_new_tokens=NEW)))
    for refused in (
        lambda: refuse_long(source, is_long, NEW),
        lambda: list(generate_batches(model, is_long, [BASELINE], Decoding(max_new_tokens=NEW))),
    ):
        with pytest.raises(InputError, match="leaves no room"):
            refused()


def test_thoughts_that_fill_the_positions_are_refused(folder):
    form = json.loads((folder / "ctlab.json").read_text())
    assert load_model(folder, settings={**form, "num_latent": 124})
    said = f"^model {folder.name}: num_latent is 125, and the base model has 128 positions, which must hold question, t"
    with pytest.raises(CheckpointError, match=said):
        load_model(folder, settings={**form, "num_latent": 125})
