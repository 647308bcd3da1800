"""The recipe runs, is decided by its seed, and goes on where it stopped."""

import argparse

import pytest
import torch

from ctlab.models import load_model
from ctlab.models.tiny_graphs.train_graphs import main, train


def options(folder, **given):
    usual = {"thought": "written", "start": None, "steps": 2, "decay": 0, "batch": 2, "rate": 4e-3, "seed": 1}
    return argparse.Namespace(**{**usual, "stage_steps": 1, "threads": 1, "out": folder} | given)


def weights(folder):
    return torch.load(folder / "state.pt", weights_only=True)["network"]


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    train(options(folder))
    return folder


def test_a_seed_decides_the_weights(start, tmp_path):
    train(options(tmp_path / "again"))
    train(options(tmp_path / "other", seed=2))
    assert same(weights(start), weights(tmp_path / "again"))
    assert not same(weights(start), weights(tmp_path / "other"))


@pytest.mark.parametrize("thought", ["recycled", "pause"])
def test_it_goes_on_where_it_stopped(start, tmp_path, thought):
    train(options(tmp_path / "whole", thought=thought, start=start, steps=4))
    for steps in (2, 4):
        train(options(tmp_path / "parts", thought=thought, start=start, steps=steps))
    assert int(weights(tmp_path / "parts")["stage"]) == 5
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))


def test_the_others_begin_with_the_weights_of_written_steps(start, tmp_path):
    train(options(tmp_path, thought="multipass", start=start, steps=0))
    model = load_model(tmp_path / "checkpoint")
    assert (model.settings.family, model.settings.feedback_mode, model.num_thoughts) == ("pause", "pause_multipass", 6)
    written = load_model(start / "checkpoint")
    known = written.network.get_input_embeddings().weight
    assert torch.equal(model.network.get_input_embeddings().weight[: len(known)], known)


@pytest.mark.parametrize("typed", [["--thought", "pause"], ["--thought", "written", "--start", "somewhere"]])
def test_a_start_is_for_models_that_think(typed, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.argv", ["train_graphs", *typed, "--out", str(tmp_path)])
    with pytest.raises(SystemExit):
        main()
    assert "--start is for the models that think" in capsys.readouterr().err
