"""Several passes over the thoughts: every way to disturb them is certified, and ways to break a pass are found."""

import json
from dataclasses import replace

import pytest
import torch

from ctlab.certify import audited_batches, certify
from ctlab.engine import edge_factors, rollout, thought_sources
from ctlab.engine.kv_cache import KVCache
from ctlab.engine.rollout import Rollout
from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.thought_program import HiddenState, Jacobi, ThoughtProgram
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
THOUGHTS, PASSES = 4, 2
DECODING = Decoding(max_new_tokens=3)


class Iterating(LatentReasoner):
    """A model that was trained to think one after the other, run in passes: what it says means nothing."""

    @property
    def program(self):
        return ThoughtProgram(slots=(HiddenState(),) * THOUGHTS, schedule=Jacobi(passes=PASSES))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("passes")
    found = load_model(folder, settings=write_coconut(folder, seed=3), allow_pickle=True)
    given = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Iterating(**{**given, "latent_id": 20})


def condition(name, *forms, **more):
    return Condition.from_json({"name": name, "interventions": list(forms), **more})


HIDDEN = condition("hidden", {"keys": ["CT1"], "readers": "later"})
CONDITIONS = [
    BASELINE,
    HIDDEN,
    condition("last", {"keys": ["CT1"], "readers": "later", "passes": "last"}),
    condition("itself", {"keys": ["CT2"], "readers": "thoughts", "self": True, "passes": "last", "heads": [1]}),
    condition("halved", {"keys": "question", "readers": ["CT0", "CT3"], "keep": 0.5, "layers": [0, 2]}),
    condition("zero", {"thoughts": ["CT1"], "by": "zero"}),
    condition("zero_first", {"thoughts": ["CT1"], "by": "zero", "first_pass": True}),
    condition("noise", {"thoughts": "all", "by": "noise", "seed": 3, "first_pass": True}),
    condition("resampled", {"thoughts": ["CT0", "CT2"], "by": "resample"}),
    condition("mean", {"thoughts": ["CT3"], "by": "mean-own-norm"}),
    condition("decoded", {"thoughts": ["CT2"], "by": "decoded"}),
    condition("restored", {"keys": ["CT1"], "readers": ["CT2"]}, {"thoughts": ["CT3"], "by": "baseline"}),
    condition("no_op", {"thoughts": ["CT1"], "by": "self"}, no_op=True),
]


def test_every_way_is_certified_and_audited(model):
    found = certify(model, PROBLEMS, CONDITIONS, DECODING)
    assert {name: each.failure() for name, each in found.items()} == {each.name: None for each in CONDITIONS}
    # CT1 is read by CT2 and CT3 in three passes, or in one, and by end.
    edges = {name: found[name].edges_removed // found[name].problems for name in ("hidden", "last")}
    end = len(model.end_ids)
    assert edges == {"hidden": 2 * (1 + PASSES) + end, "last": 2 + end}
    assert found["zero_first"].thoughts_replaced == found["zero"].thoughts_replaced * (1 + PASSES) / PASSES
    for batch in audited_batches(model, PROBLEMS, CONDITIONS, DECODING):
        assert [audit.failure for audit in batch.audits.values()] == [""] * len(CONDITIONS)


def one_pass_fewer(patch):
    """The last pass feeds once more what the pass before it fed."""
    honest, before = Rollout._together, []

    def together(self, cache, states, step):
        before.append(honest(self, cache, states, step))
        return before[-2] if step.pass_ == PASSES else before[-1]

    patch.setattr(Rollout, "_together", together)


def keys_of_the_first_pass(patch):
    """What pass 0 left is never overwritten."""
    honest, done = KVCache.append, set()

    def append(self, layer, key, value):
        if key.shape[2] != THOUGHTS:
            done.discard(layer)
        elif layer in done:
            places = slice(self.width, self.width + THOUGHTS)
            key, value = (store[layer][places].permute(1, 2, 0, 3).clone() for store in (self.keys, self.values))
        else:
            done.add(layer)
        return honest(self, layer, key, value)

    patch.setattr(KVCache, "append", append)


def plain_mask(patch, where):
    honest = rollout.decode_masks

    def decode_masks(cache, grid, kinds, *rest):
        new = kinds[0].shape[-2]
        plain_mask.count = plain_mask.count + 1 if new == THOUGHTS else 0
        plain = {id(table): torch.ones_like(table) for table in kinds}
        hide = new == THOUGHTS and plain_mask.count == where
        return honest(cache, grid, [plain[id(table)] for table in kinds] if hide else kinds, *rest)

    plain_mask.count = 0
    patch.setattr(rollout, "decode_masks", decode_masks)


def mask_ignored_in_one_pass(patch):
    plain_mask(patch, 2)


def visible_in_the_first_pass(patch):
    plain_mask(patch, 1)


def last_pass_is_every_pass(patch):
    honest = edge_factors._fill
    patch.setattr(
        edge_factors,
        "_fill",
        lambda table, edges, *rest: honest(table, [replace(each, passes=None) for each in edges], *rest),
    )


def fed_the_state_of_its_own_place(patch):
    honest = Rollout._together
    patch.setattr(
        Rollout, "_together", lambda self, cache, before, step: honest(self, cache, before.roll(-1, dims=1), step)
    )


def patched_in_the_first_pass_too(patch):
    honest = thought_sources.ThoughtSource.of.__func__
    patch.setattr(
        thought_sources.ThoughtSource,
        "of",
        classmethod(lambda cls, each: replace(honest(cls, each), first_pass=True)),
    )


SABOTAGES = {
    one_pass_fewer: (BASELINE, "recomputed"),
    keys_of_the_first_pass: (BASELINE, "recomputed"),
    mask_ignored_in_one_pass: (HIDDEN, "weakened-edges-counted"),
    visible_in_the_first_pass: (HIDDEN, "weakened-edges-counted"),
    last_pass_is_every_pass: (CONDITIONS[2], "weakened-edges-counted"),
    fed_the_state_of_its_own_place: (BASELINE, "recomputed"),
    patched_in_the_first_pass_too: (CONDITIONS[5], "recomputed"),
}


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.__name__)
def test_a_broken_pass_is_found(model, monkeypatch, sabotage):
    asked, check = SABOTAGES[sabotage]
    sabotage(monkeypatch)
    found = certify(model, PROBLEMS, [asked], DECODING)[asked.name]
    assert check in {each.name for each in found.checks if not each.passed}
    decoding = replace(DECODING, max_new_tokens=2)
    failures = [
        audit.failure
        for batch in audited_batches(model, PROBLEMS, [asked], decoding)
        for audit in batch.audits.values()
    ]
    assert any(failures)


def test_a_condition_says_passes_in_its_json_form():
    form = {"keys": ["CT1"], "readers": "later", "passes": "last"}
    said = condition("it", form)
    assert said.to_json()["interventions"] == [form]
    assert json.loads(json.dumps(said.to_json())) == said.to_json()
    assert said.digest != condition("it", {"keys": ["CT1"], "readers": "later"}).digest
    with pytest.raises(ConditionError, match="'passes' of an intervention is"):
        condition("it", {**form, "passes": 2})
    with pytest.raises(ConditionError, match="it decodes to no token"):
        condition("it", {"thoughts": ["CT1"], "by": "decoded", "first_pass": True})
