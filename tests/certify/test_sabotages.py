"""Ways to break the engine, each VOID in a small run of the suite's own claims (docs/generation.md, a table)."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import fixtures.conditions
from ctlab.engine import answers, attention, edge_factors, generate_batches, masks, rollout
from ctlab.engine.kv_cache import KVCache
from ctlab.engine.prefix_tree import FIRST_THOUGHT
from ctlab.engine.rollout import Rollout
from ctlab.engine.thought_patching import ThoughtPatcher
from ctlab.errors import CertificateError
from ctlab.interventions import BASELINE
from ctlab.lab import ClaimRun
from ctlab.lab.executors import ModelEngine
from ctlab.models import load_model
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import load_problems
from ctlab.records import Verdict
from ctlab.records.generation import Decoding
from ctlab.settings import Settings
from ctlab.statistics import cochran_q, rate_difference, stronger
from tests.fakes import FakeLog

pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained")
PROBLEMS = 60
JUDGED = {
    "ct0-lowers-accuracy": lambda runs, claim: rate_difference("CORRECT", *runs, claim),
    "another-problems-ct0-lowers-accuracy": lambda runs, claim: rate_difference("CORRECT", *runs, claim),
    "heads-differ": lambda runs, claim: cochran_q(runs[1:], claim),
    "ct0-reads-itself": lambda runs, claim: stronger(*runs[1:], claim),
}


@pytest.fixture(scope="module")
def model():
    return load_model("tiny")


@pytest.fixture
def verdict(model, tmp_path):
    """Judge a claim of the suite on a few problems, as pytest does: a certificate that fails is VOID."""
    settings = Settings(
        limit=PROBLEMS, recorded={}, store=tmp_path / "store", report=tmp_path, registry="hypotheses.registry"
    )

    class Suite:
        def conditions(self, card):
            return fixtures.conditions.pytest_ctlab_conditions(card)

        def engine(self, settings):
            engine = ModelEngine(settings)
            engine._loaded = model
            return engine

    def judged(claim_id):
        run = ClaimRun(settings, Path(__file__).parents[2], Suite(), FakeLog())
        run.check()
        claim = run.registered.claims[claim_id]
        run.select([claim])
        try:
            pending = run.pending(claim)
            effect = JUDGED[claim_id]([run.run(name) for name in claim.conditions], pending)
            return pending.judge(effect), pending.judgement.reason
        except CertificateError as error:
            return Verdict.VOID, str(error)

    return judged


def inverted(patch):
    patch.setattr(masks, "additive", lambda keep: torch.where(keep > 0, -1e4, 0.0))


def one_position_off(patch):
    honest = masks.decode_columns

    def shifted(prompt, width, tail, device):
        columns = honest(prompt, width, tail, device)
        return torch.cat([columns[:prompt], columns[prompt:].roll(1)])

    patch.setattr(masks, "decode_columns", shifted)


def not_projected(patch):
    patch.setattr(LatentReasoner, "project", lambda self, hidden: hidden)


def wrong_rotary_position(patch):
    honest = attention.forward

    def forward(network, embeddings, positions, step):
        thought = FIRST_THOUGHT <= getattr(step, "level", 0) < FIRST_THOUGHT + 6
        return honest(network, embeddings, positions + thought, step)

    patch.setattr(attention, "forward", forward)


def wrong_slot(patch):
    honest, before = Rollout._next_thoughts, {}

    def late(self, cache, hidden):
        """What was made one step before is fed in place of the thought."""
        made, last = honest(self, cache, hidden), before.get(self)
        before[self] = made
        return last if last is not None and last.shape == made.shape else made

    patch.setattr(Rollout, "_next_thoughts", late)


def rows_shifted(patch):
    honest = KVCache.fork

    def fork(self, parents):
        forked, index = honest(self, parents)
        if index is not None:
            forked.keys = [layer.roll(1, dims=1) for layer in forked.keys]
            index = index.roll(1)
        return forked, index

    patch.setattr(KVCache, "fork", fork)


def heads_ignored(patch):
    honest = edge_factors._indices
    patch.setattr(
        edge_factors,
        "_indices",
        lambda what, listed, size, axis: honest(what, None if what == "head" else listed, size, axis),
    )


def rewritten(patch, change):
    honest = edge_factors._fill
    patch.setattr(
        edge_factors, "_fill", lambda table, edges, *rest: honest(table, [change(each) for each in edges], *rest)
    )


def self_ignored(patch):
    rewritten(patch, lambda edges: replace(edges, self_=False))


def no_op_that_is_none(patch):
    rewritten(patch, lambda edges: replace(edges, keep=0.5) if edges.keep == 1 else edges)


def wrong_problem(patch):
    honest = ThoughtPatcher._problems
    patch.setattr(ThoughtPatcher, "_problems", lambda self, *rows: (ids := honest(self, *rows))[1:] + ids[:1])


def plain_mask(patch, rows):
    """Some rows get the mask of the baseline; ``rows`` says which, of the rows in flight and the answer's place."""
    honest = rollout.decode_masks

    def decode_masks(cache, grid, kinds, visible, tail, shared):
        plain = {id(table): torch.cat([table, torch.ones_like(table[:1])]) for table in kinds}
        branch = torch.where(rows(cache, tail), len(kinds[0]), cache.branch_of)
        seen = replace(cache, branch_of=branch)
        return honest(seen, grid, [plain[id(table)] for table in kinds], visible, tail, shared)

    patch.setattr(rollout, "decode_masks", decode_masks)


def rows_beyond_the_fourth(patch):
    """A batch of up to four problems, such as the certificate's own, is perfect."""
    plain_mask(patch, lambda cache, tail: cache.problem_of >= 4)


def from_the_second_answer_token(patch):
    plain_mask(patch, lambda cache, tail: torch.full_like(cache.branch_of, cache.width > tail, dtype=torch.bool))


def no_op_is_a_copy(patch):
    honest = answers.collect

    def collect(*given):
        found = dict(honest(*given))
        return found | {"no_op": found["baseline"]} if {"no_op", "baseline"} <= found.keys() else found

    patch.setattr(answers, "collect", collect)


SABOTAGES = {
    rows_beyond_the_fourth: ("ct0-lowers-accuracy", "rows-of-the-run"),
    from_the_second_answer_token: ("ct0-lowers-accuracy", "weights-as-said"),
    no_op_is_a_copy: ("ct0-lowers-accuracy", "rows-of-the-run"),
    inverted: ("ct0-lowers-accuracy", "weights-as-said"),
    one_position_off: ("ct0-lowers-accuracy", "weakened-edges-counted"),
    not_projected: ("ct0-lowers-accuracy", "recomputed"),
    wrong_rotary_position: ("ct0-lowers-accuracy", "recomputed"),
    wrong_slot: ("ct0-lowers-accuracy", "recomputed"),
    rows_shifted: ("ct0-lowers-accuracy", "recomputed"),
    heads_ignored: ("heads-differ", "weakened-edges-counted|weights-as-said"),
    self_ignored: ("ct0-reads-itself", "weakened-edges-counted"),
    wrong_problem: ("another-problems-ct0-lowers-accuracy", "replaced-as-said"),
    no_op_that_is_none: ("ct0-lowers-accuracy", "no-op"),
}


@pytest.mark.slow
@pytest.mark.parametrize("claim_id", JUDGED)
def test_an_honest_engine_is_not_void(verdict, claim_id):
    found, reason = verdict(claim_id)
    assert found != Verdict.VOID, reason


@pytest.mark.slow
@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.__name__)
def test_a_sabotaged_engine_is_void(verdict, monkeypatch, sabotage):
    claim_id, check = SABOTAGES[sabotage]
    sabotage(monkeypatch)
    found, reason = verdict(claim_id)
    assert found == Verdict.VOID
    assert any(name in reason for name in check.split("|")), reason


@pytest.mark.parametrize("sabotage", [None, rows_shifted], ids=["honest", "rows_shifted"])
def test_the_no_op_alone_notices_rows_that_are_mixed_up(model, monkeypatch, sabotage):
    """The suite's control, over the whole run and without any certificate."""
    by_name = {condition.name: condition for condition in fixtures.conditions.conditions()}
    if sabotage is not None:
        sabotage(monkeypatch)
    said = {}
    chosen = [BASELINE, by_name["ct0_blocked"], by_name["no_op"]]
    for batch in generate_batches(model, list(load_problems("tiny"))[:40], chosen, Decoding(max_new_tokens=16)):
        for name, generations in batch.items():
            said.setdefault(name, []).extend(each.token_ids for each in generations)
    same = sum(map(tuple.__eq__, said["baseline"], said["no_op"]))
    assert same == 40 if sabotage is None else same < 20
