"""What a condition must move, and a no-op must not: each part of the verdict alone decides it."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ctlab.certify import moved_logits
from ctlab.interventions import Condition

CHANGED, NO_OP = Condition(name="changed"), Condition(name="nothing", no_op=True)
NAN = float("nan")


def a_sample(*, weakened, answers=((7,), (7,))):
    """A plan of two conditions, what was seen of the first one's edges, and one problem's answers under both."""
    planned = SimpleNamespace(
        conditions=[CHANGED, NO_OP],
        tree=SimpleNamespace(leaves=[0, 1]),
        model=SimpleNamespace(num_thoughts=3, dtype=torch.float32),
    )
    auditor = SimpleNamespace(observed=[SimpleNamespace(added=np.array([weakened]))])
    return planned, auditor, [[list(answer) for answer in answers]]


@pytest.mark.parametrize(
    ("moved", "weakened", "patched", "passed"),
    [
        ([0.5, 0.0], 1.0, 0, True),
        ([0.5, 0.0], 0.0, 1, True),
        ([3.8e-6, 1e-6], 0.0, 0, False),  # rows of their own round by a last bit, and nothing was disturbed
        ([0.0, 0.0], 1.0, 1, False),
        ([NAN, 0.5], 1.0, 0, False),
    ],
)
def test_a_condition_bites_where_something_was_disturbed_and_moved(monkeypatch, moved, weakened, patched, passed):
    planned, auditor, ids = a_sample(weakened=weakened)
    monkeypatch.setattr(moved_logits, "_moved", lambda *given: moved)
    check = moved_logits.effect_check(planned, auditor, 0, 1, patched, ids)
    assert (check.name, check.passed) == ("bites", passed)


@pytest.mark.parametrize(
    ("moved", "weakened", "patched", "differs", "passed"),
    [
        ([1e-6], 0.0, 0, False, True),
        ([0.5], 0.0, 0, False, False),
        ([0.0], 1.0, 0, False, False),
        ([0.0], 0.0, 1, False, False),
        ([0.0], 0.0, 0, True, False),
        ([NAN], 0.0, 0, False, False),
    ],
)
def test_a_no_op_leaves_edges_thoughts_logits_and_answers(monkeypatch, moved, weakened, patched, differs, passed):
    planned, auditor, ids = a_sample(weakened=weakened)
    monkeypatch.setattr(moved_logits, "_moved", lambda *given: moved)
    monkeypatch.setattr(moved_logits, "_largest_logit", lambda *given: 10.0)
    monkeypatch.setattr(moved_logits, "diverged", lambda *given: differs)
    check = moved_logits.no_op_check(planned, auditor, 0, 1, patched, ids)
    assert (check.name, check.passed) == ("no-op", passed)


def test_an_answer_that_ends_elsewhere_diverges_and_a_tie_within_rounding_does_not(monkeypatch):
    planned, _, _ = a_sample(weakened=0.0)
    auditor = SimpleNamespace(
        tail=lambda condition, problem: SimpleNamespace(before_answer=4),
        followed=lambda condition, problem, width: SimpleNamespace(last=torch.zeros(1)),
    )
    told = {"scores": [1.0, 1.0 + 1e-6, 5.0]}
    monkeypatch.setattr(moved_logits, "logits", lambda model, state: torch.tensor([told["scores"]]))

    def diverged(mine, other):
        return moved_logits.diverged(planned, auditor, 0, 0, mine, other)

    assert not diverged([0, 2], [0, 2])
    assert not diverged([0, 2], [1, 2])
    assert diverged([0, 2], [2, 2])
    assert diverged([0, -1], [0, 2])
