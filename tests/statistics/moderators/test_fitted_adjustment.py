"""What a slope is adjusted for, read off its numbers."""

import numpy as np
import pytest

from ctlab.claims import Kind, judge
from ctlab.errors import ClaimError
from ctlab.lab.pending_claim import PendingClaim
from ctlab.statistics import interaction
from ctlab.statistics.moderators import interaction as module
from tests.claims.making import claim
from tests.statistics.fake_runs import FakeRun, labels

ADJUSTED = claim(
    "change",
    kind=Kind.INTERACTION,
    feature="has_division",
    scale="log-odds",
    adjust=("n_operations",),
    conditions=("baseline", "ct0_blocked"),
)


class Features(dict):
    __getattr__ = dict.__getitem__


def runs(dependent=True, n=600):
    draw = np.random.default_rng(7)
    steps = draw.integers(1, 4, n)
    long = (draw.random(n) < np.where(dependent, steps / 4, 0.5)) if dependent else np.arange(n) % 2 == 0
    steps = steps if dependent else np.arange(n) // 2 % 3 + 1
    before = draw.random(n) < 0.8
    after = before & (draw.random(n) < 0.9 - 0.2 * (steps == 1))
    features = tuple(
        Features(has_division=bool(one), n_operations=int(two)) for one, two in zip(long, steps, strict=True)
    )
    return [
        FakeRun(name, labels(each), features=features) for name, each in (("baseline", before), ("ct0_blocked", after))
    ]


def effect_of(given):
    pending = PendingClaim(ADJUSTED, 0.05, lambda each, effect: judge(each, effect, alpha=0.05))
    return pending, interaction("has_division", *given, pending)


def test_an_adjustment_that_was_fitted_is_named():
    pending, effect = effect_of(runs())
    assert effect.details["adjusted_for"] == ["n_operations"]
    assert effect.null.endswith("adjusted for n_operations")
    pending.judge(effect)


def test_an_adjustment_that_never_reached_the_model_is_red(monkeypatch):
    honest = module._sample
    monkeypatch.setattr(module, "_sample", lambda rows, adjusted: honest(rows, []))
    pending, effect = effect_of(runs())
    assert effect.details["adjusted_for"] == []
    assert "adjusted" not in effect.null
    with pytest.raises(ClaimError, match="n_operations, and the model that was fitted for nothing: estimate"):
        pending.judge(effect)


def test_a_feature_that_says_nothing_of_the_other_counts_as_adjusted_for():
    _, effect = effect_of(runs(dependent=False))
    assert effect.details["adjusted_for"] == ["n_operations"]
