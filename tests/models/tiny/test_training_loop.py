"""The learning rate's course, and which optimiser moves which weights."""

import argparse

import pytest
import torch
from torch import nn

from ctlab.models.tiny.training_loop import WARMUP, build_optimizers, rate_at


def test_the_rate_rises_stays_and_falls_to_zero():
    options = argparse.Namespace(rate=2.0, steps=1000, decay=400)
    assert rate_at(0, options) == pytest.approx(2.0 / WARMUP)
    assert rate_at(WARMUP - 1, options) == rate_at(600, options) == 2.0
    assert rate_at(800, options) == pytest.approx(1.0)
    assert rate_at(999, options) == pytest.approx(2.0 / 400)


def test_matrices_are_moved_by_muon_and_embeddings_and_vectors_by_adam():
    module = nn.ModuleDict({"embedding": nn.Embedding(3, 2), "inner": nn.Linear(2, 2)})
    muon, adam = (
        [parameter for group in each.param_groups for parameter in group["params"]]
        for each in build_optimizers(module, 1e-3)
    )
    assert [parameter.shape for parameter in muon] == [torch.Size([2, 2])]
    assert [parameter.shape for parameter in adam] == [torch.Size([3, 2]), torch.Size([2])]
