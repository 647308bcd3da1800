"""Rows of real batches are held to the reference: which rows, what is seen, what is no false alarm."""

from dataclasses import replace

import pytest
import torch

from ctlab.certify import audited_batches
from ctlab.certify.retold import other_tokens
from ctlab.certify.row_sample import RowSample, places
from ctlab.engine import decoding_of, rollout
from ctlab.engine.plan import plan
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
FORMS = {
    "ct0_blocked": [{"keys": ["CT0"], "readers": "later"}],
    "one_head": [{"keys": ["CT1"], "readers": "later", "heads": [0, 2], "keep": 0.5}],
    "one_layer": [{"keys": ["CT1"], "readers": "later", "layers": [1]}],
    "control": [{"keys": "question-control", "readers": "later"}],
    "resampled": [{"thoughts": ["CT0"], "by": "resample"}],
    "averaged": [{"thoughts": ["CT1"], "by": "mean"}],
    "given_back": [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2"], "by": "baseline"}],
}
CONDITIONS = [BASELINE, *(Condition.from_json({"name": name, "interventions": form}) for name, form in FORMS.items())]


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return load_model(folder, settings=write_codi(folder, request.param, seed=2))


def audits(model, conditions=CONDITIONS, **options):
    found = {}
    for batch in audited_batches(model, PROBLEMS, conditions, decoding_of(model, max_new_tokens=5), **options):
        for name, audit in batch.audits.items():
            found.setdefault(name, []).append(audit)
    return found


@pytest.mark.parametrize("budget", [None, 400])
def test_honest_batches_hold_on_every_network(model, budget):
    found = audits(model, batch_tokens=budget)
    assert {audit.failure for some in found.values() for audit in some} == {""}
    assert all(sum(audit.rows for audit in some) > 0 for some in found.values())
    assert max(audit.states for some in found.values() for audit in some) < 1e-5


def test_a_row_that_only_a_larger_batch_has_is_seen(model, monkeypatch):
    honest = rollout.decode_masks

    def decode_masks(cache, grid, kinds, *rest):
        plain = {id(table): torch.cat([table, torch.ones_like(table[:1])]) for table in kinds}
        branch = torch.where(cache.problem_of >= 4, len(kinds[0]), cache.branch_of)
        return honest(replace(cache, branch_of=branch), grid, [plain[id(table)] for table in kinds], *rest)

    monkeypatch.setattr(rollout, "decode_masks", decode_masks)
    found = {name for name, some in audits(model).items() if any(audit.failure for audit in some)}
    assert found >= {"ct0_blocked", "one_layer", "given_back"}
    assert "baseline" not in found


def test_as_published_nothing_is_recomputed_and_it_says_so(model):
    decoding = decoding_of(model, max_new_tokens=2, padding="as-published")
    (batch,) = audited_batches(model, PROBLEMS, CONDITIONS[:2], decoding)
    assert all("padding is read" in audit.not_recomputed for audit in batch.audits.values())


@pytest.mark.parametrize("count", [1, 2, 5, 33, 512])
def test_every_quarter_and_the_last_row_are_looked_at(count):
    found = places([f"p{number}" for number in range(count)])
    assert found[-1] == count - 1
    quarters = [(quarter * count // 4, max((quarter + 1) * count / 4, 1)) for quarter in range(4)]
    assert all(low <= place < high for place, (low, high) in zip(found, quarters, strict=False))


@pytest.mark.parametrize("size", [1, 2, len(PROBLEMS)])
def test_every_condition_is_seen_at_every_place(model, size):
    planned = plan(model, PROBLEMS, CONDITIONS[:5], decoding_of(model))
    sample, seen = RowSample(planned, size), set()
    for _ in range(len(PROBLEMS) // size):
        seen |= {condition for _, condition in sample.of([f"p{number}" for number in range(size)])}
    assert seen == set(range(5))


@pytest.mark.parametrize(("gap", "found"), [(0.0, (0, 0)), (1e-6, (0, 1)), (0.1, (1, 0)), (float("nan"), (2, 0))])
def test_a_tie_within_rounding_is_no_other_token(gap, found):
    scores = torch.tensor([[1.0, 1.0 + gap, 0.0], [0.0, 0.0, 1.0 + (gap if gap != gap else 0)]])
    assert other_tokens(scores, (0, 2), 1e-4) == found


@pytest.mark.parametrize("budget", [None, 400])
def test_rows_of_named_conditions_alone_are_audited(model, budget):
    found = audits(model, audited={"one_head", "control"}, batch_tokens=budget)
    assert set(found) == {"one_head", "control"}
    assert all(sum(audit.rows for audit in some) > 0 for some in found.values())
    assert {audit.failure for some in found.values() for audit in some} == {""}


def test_answers_are_the_same_whichever_rows_are_audited(model):
    decoding = decoding_of(model, max_new_tokens=5)
    all_of_them, one, none = (
        [dict(batch) for batch in audited_batches(model, PROBLEMS, CONDITIONS, decoding, audited=names)]
        for names in (None, {"ct0_blocked"}, set())
    )
    assert all_of_them == one == none
