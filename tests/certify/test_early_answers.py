"""Answers after fewer thoughts are certified, alone and beside edges and patches; ways to break them are found."""

from dataclasses import replace

import pytest

from ctlab.certify import audited_batches, certify
from ctlab.engine import edge_factors, plan, prefix_tree
from ctlab.engine.kv_cache import KVCache
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.certify.test_passes import Iterating
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
DECODING = Decoding(max_new_tokens=3)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("early")
    return load_model(folder, settings=write_codi(folder, seed=5, kind="llama"))


@pytest.fixture(scope="module")
def iterating(tmp_path_factory):
    folder = tmp_path_factory.mktemp("passes")
    found = load_model(folder, settings=write_coconut(folder, seed=3), allow_pickle=True)
    given = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Iterating(**{**given, "latent_id": 20})


def condition(name, *forms, **more):
    return Condition.from_json({"name": name, "interventions": list(forms), **more})


def conditions(thoughts):
    return [
        BASELINE,
        *(condition(f"after_{k}", num_thoughts=k) for k in range(thoughts)),
        condition("after_all", num_thoughts=thoughts, no_op=True),
        condition("hidden", {"keys": ["CT0"], "readers": "later"}, num_thoughts=2),
        condition("halved", {"keys": "thoughts", "readers": "later", "keep": 0.5, "heads": [1]}, num_thoughts=3),
        condition("question", {"keys": "question", "readers": "answer"}, num_thoughts=1),
        condition("noise", {"thoughts": "all", "by": "noise", "seed": 3}, num_thoughts=2),
        condition("resampled", {"thoughts": ["CT1"], "by": "resample"}, num_thoughts=2),
        condition("mean", {"thoughts": "all", "by": "mean-own-norm"}, num_thoughts=3),
        condition("decoded", {"thoughts": ["CT1"], "by": "decoded"}, num_thoughts=3),
        condition(
            "restored",
            {"keys": ["CT0"], "readers": ["CT1"]},
            {"thoughts": ["CT2"], "by": "baseline"},
            num_thoughts=3,
        ),
    ]


@pytest.mark.parametrize("way", ["model", "iterating"])
def test_every_way_is_certified_and_audited(way, request):
    """In a schedule with passes too: what comes after a thought has no say in it, in any pass."""
    model = request.getfixturevalue(way)
    asked = conditions(model.num_thoughts)
    found = certify(model, PROBLEMS, asked, DECODING)
    assert {name: each.failure() for name, each in found.items()} == {each.name: None for each in asked}
    for batch in audited_batches(model, PROBLEMS, asked, DECODING):
        assert [audit.failure for audit in batch.audits.values()] == [""] * len(asked)
    left_out = {name: each.thoughts_left_out // each.problems for name, each in found.items()}
    assert left_out == {each.name: model.num_thoughts - each.fed(model.num_thoughts) for each in asked}
    # CT0 is read by CT1, in every pass, and by end; there is no CT2.
    edges = found["hidden"].edges_removed // found["hidden"].problems
    assert edges == model.program.passes + len(model.end_ids)


def left_out_shifted(patch, change):
    honest = plan.grow

    def grow(factors):
        tree = honest(factors)
        levels = [replace(level, left_out=tuple(map(change, level.left_out))) for level in tree.levels]
        return replace(tree, levels=tuple(levels))

    patch.setattr(plan, "grow", grow)


def end_one_position_late(patch):
    left_out_shifted(patch, lambda each: each and each - 1)


def end_one_position_early(patch):
    left_out_shifted(patch, lambda each: each and each + 1)


def end_after_all_thoughts(patch):
    """Those left out are hidden, and the sequence is as long as with them."""
    left_out_shifted(patch, lambda each: 0)


def fed_thoughts_off(patch, by):
    honest = edge_factors._left_out
    patch.setattr(edge_factors, "_left_out", lambda layout, fed: honest(layout, max(0, fed + by)))


def one_thought_too_many(patch):
    fed_thoughts_off(patch, 1)


def one_thought_too_few(patch):
    fed_thoughts_off(patch, -1)


def thoughts_of_another_condition(patch):
    """Early answers go along with whichever rows are there, whatever these do to the thoughts that both feed."""
    honest = prefix_tree.computed_of
    patch.setattr(prefix_tree, "computed_of", lambda fed, step, rows: honest(fed if fed == 6 else 0, step, rows))


def thoughts_made_anew(patch):
    """Rows that part before end read thoughts that were made once more, of their own rows as they now stand."""
    honest = KVCache.fork

    def fork(self, parents):
        forked, index = honest(self, parents)
        if index is not None and self.width > 3:  # begin and some thoughts: the fork before end
            for store in (forked.keys, forked.values):
                for layer in store:
                    layer[1 : self.width] = layer[1 : self.width] * 1.01
        return forked, index

    patch.setattr(KVCache, "fork", fork)


AFTER_2 = condition("after_2", num_thoughts=2)
BESIDE = condition("zeroed", {"thoughts": ["CT0"], "by": "zero"})


def test_an_honest_engine_is_not_found_broken(model):
    found = certify(model, PROBLEMS[:2], [BESIDE, BASELINE, AFTER_2], DECODING)
    assert {each.failure() for each in found.values()} == {None}


@pytest.mark.parametrize(
    ("sabotage", "check"),
    [
        (end_one_position_late, "recomputed"),
        (end_one_position_early, "recomputed"),
        (end_after_all_thoughts, "recomputed"),
        (one_thought_too_many, "left-out-thoughts-unread"),
        (one_thought_too_few, "recomputed"),
        (thoughts_of_another_condition, "thoughts-of-the-baseline"),
        (thoughts_made_anew, "recomputed"),
    ],
)
def test_what_breaks_an_early_answer_is_found(model, monkeypatch, sabotage, check):
    asked, problems = [BESIDE, BASELINE, AFTER_2], PROBLEMS[:2]
    sabotage(monkeypatch)
    found = certify(model, problems, asked, DECODING)["after_2"]
    assert check in {each.name for each in found.checks if not each.passed}
    audits = [batch.audits["after_2"] for batch in audited_batches(model, problems, asked, DECODING)]
    assert all(audit.failure for audit in audits)


def test_a_no_op_that_leaves_a_thought_out_is_none(model):
    found = certify(model, PROBLEMS, [condition("still", num_thoughts=5, no_op=True)], DECODING)["still"]
    assert "no-op" in found.failure()


def test_more_thoughts_of_a_patch_than_are_fed_are_not_counted(model):
    asked = [
        condition("all", {"thoughts": "all", "by": "zero"}),
        condition("two", {"thoughts": "all", "by": "zero"}, num_thoughts=2),
    ]
    found = certify(model, PROBLEMS, asked, DECODING)
    assert {name: each.thoughts_replaced // each.problems for name, each in found.items()} == {"all": 6, "two": 2}
