"""Thoughts that patches draw on, held to a plain pass: one that holds none to anything proves nothing."""

from types import SimpleNamespace

import torch

from ctlab.certify import drawn_thoughts


def test_of_no_thought_nothing_is_proven(monkeypatch):
    monkeypatch.setattr(drawn_thoughts, "_undisturbed_sources", lambda *given: iter(()))
    planned = SimpleNamespace(model=SimpleNamespace(dtype=torch.float32), activations=None)
    check = drawn_thoughts.undisturbed_check(SimpleNamespace(problems=()), planned, None, 0)
    assert (check.name, check.passed) == ("undisturbed-thoughts", False)


def test_of_problems_that_are_not_at_hand_nothing_is_proven(monkeypatch):
    monkeypatch.setattr(drawn_thoughts, "_undisturbed_sources", lambda *given: iter([("far", torch.zeros(1, 4))]))
    monkeypatch.setattr(drawn_thoughts, "prompt_of", lambda *given: None)
    planned = SimpleNamespace(model=SimpleNamespace(dtype=torch.float32), activations=None)
    assert not drawn_thoughts.undisturbed_check(SimpleNamespace(problems=()), planned, None, 0).passed
