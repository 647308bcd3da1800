"""Scores prove themselves, and fail to when they are of another token, answer, row or normalisation."""

import pytest
import torch
from torch.nn import functional

from ctlab.certify import certify_scores
from ctlab.engine import decoding_of, masks
from ctlab.engine.forced_answers import ForcedRollout, GivenAnswers
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.problems.answer_texts import answer_texts
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi
from tests.models.families.test_pccot import NAMES
from tests.models.families.test_pccot import Golden as GoldenPasses

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
CONDITIONS = [
    BASELINE,
    *(
        Condition.from_json({"name": name, "interventions": [form]})
        for name, form in {
            "ct0_blocked": {"keys": ["CT0"], "readers": "later"},
            "from_answer": {"keys": ["CT1"], "readers": "answer", "keep": 0.5, "heads": [0]},
            "ct0_zeroed": {"thoughts": ["CT0"], "by": "zero"},
            "ct1_resampled": {"thoughts": ["CT1"], "by": "resample"},
        }.items()
    ),
]
GIVEN = answer_texts(PROBLEMS, lambda problem: ("3 a", "7", "z y 8 x", "a b 5"))


@pytest.fixture(scope="module", params=["gpt2", "llama", "coconut"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    coconut = request.param == "coconut"
    form = write_coconut(folder, seed=3) if coconut else write_codi(folder, kind=request.param, seed=3, tied=False)
    return load_model(folder, settings=form, allow_pickle=True)


def failed(model, conditions=CONDITIONS, at=("answer", "CT0", "CT3")):
    found = certify_scores(model, PROBLEMS, conditions, decoding_of(model), GIVEN, at=at)
    assert list(found) == [condition.name for condition in conditions]
    return {check.name for checks in found.values() for check in checks if not check.passed}


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_every_family_passes_in_every_type(model, dtype):
    assert failed(model.cast(dtype)) == set()


def test_early_answers_pass(model):
    assert failed(model, [Condition(name="after_1", num_thoughts=1)], at=("answer", "CT0")) == set()


@pytest.mark.parametrize("name", NAMES)
def test_thoughts_in_passes_are_read_where_the_last_pass_makes_them(name):
    golden = GoldenPasses(name)
    given = answer_texts(golden.problems, lambda problem: ("12", "7"))
    decoding = decoding_of(golden.model)
    found = certify_scores(golden.model, golden.problems, [BASELINE], decoding, given, at=("answer", "CT0", "CT1"))
    assert [check.passed for check in found["baseline"]] == [True] * 4


def test_states_shifted_by_one_token_are_found(model, monkeypatch):
    honest = ForcedRollout._step
    monkeypatch.setattr(
        ForcedRollout,
        "_step",
        lambda self, *given: honest(self, *given).roll(1, 1) if self._new > 1 else honest(self, *given),
    )
    assert failed(model) >= {"scores-recomputed", "scores-end"}


def test_a_missing_end_is_found(model, monkeypatch):
    honest = ForcedRollout._continued

    def endless(self, *given):
        inside, end = honest(self, *given)
        return inside, torch.zeros_like(end)

    monkeypatch.setattr(ForcedRollout, "_continued", endless)
    assert failed(model) == {"scores-end"}


def test_answers_in_another_order_are_found(model, monkeypatch):
    honest = GivenAnswers.of.__func__
    monkeypatch.setattr(
        GivenAnswers, "of", classmethod(lambda cls, ids, *rest: honest(cls, [own[::-1] for own in ids], *rest))
    )
    assert "scores-recomputed" in failed(model)


def test_a_softmax_over_ids_that_no_answer_holds_is_found(model, monkeypatch):
    def all_of_them(self, hidden):
        yield functional.linear(hidden, self.model.network.get_output_embeddings().weight)

    considers = model.logits_considered == len(model.network.get_output_embeddings().weight)
    monkeypatch.setattr(ForcedRollout, "_logits", all_of_them)
    assert considers or "scores-recomputed" in failed(model)


def test_padding_that_leaks_from_longer_questions_is_found(model, monkeypatch):
    honest = ForcedRollout._masks
    monkeypatch.setattr(
        ForcedRollout,
        "_masks",
        lambda self, cache, kinds, visible, shared: honest(self, cache, kinds, visible | True, shared),
    )
    assert "scores-recomputed" in failed(model)


def test_a_condition_that_the_answer_ignores_is_found(model, monkeypatch):
    honest = ForcedRollout._masks

    def ignoring(self, cache, kinds, visible, shared):
        given = [torch.ones_like(table) for table in kinds] if self._new > 1 else kinds
        return honest(self, cache, given, visible, shared)

    monkeypatch.setattr(ForcedRollout, "_masks", ignoring)
    assert failed(model, [BASELINE]) == set()
    assert "scores-recomputed" in failed(model)


def test_tokens_that_see_the_future_are_found(model, monkeypatch):
    honest = masks.causal
    monkeypatch.setattr(masks, "causal", lambda *given: honest(*given) | True)
    assert "scores-recomputed" in failed(model)


def test_positions_one_off_are_found(model, monkeypatch):
    honest = ForcedRollout._continued
    monkeypatch.setattr(
        ForcedRollout, "_continued", lambda self, cache, position, answer: honest(self, cache, position + 1, answer)
    )
    assert "scores-recomputed" in failed(model)


def test_a_first_token_told_by_another_row_is_found(model, monkeypatch):
    honest = ForcedRollout._force
    monkeypatch.setattr(
        ForcedRollout, "_force", lambda self, cache, hidden, position: honest(self, cache, hidden.roll(1, 0), position)
    )
    assert failed(model) == {"scores-recomputed"}


def test_a_thought_read_one_too_late_is_found(model, monkeypatch):
    honest = ForcedRollout._patched

    def late(self, cache, step, slot, hidden, projected):
        found = honest(self, cache, step, slot, hidden, projected)
        if (thought := step.thoughts[slot]) - 1 in self.before_thought:
            row, answer = self.given.pairs(cache.problem_of)
            table = self._table(self.level)
            table[cache.branch_of[row], answer] = self._log_probability(hidden, row, self.given.tokens[answer, 0])
            self.before_thought[thought - 1] = self.level, table
        return found

    monkeypatch.setattr(ForcedRollout, "_patched", late)
    assert failed(model) == {"scores-at-thoughts"}


def test_thoughts_that_are_not_made_of_the_states_before_them_are_found(model, monkeypatch):
    honest = ForcedRollout._next_thoughts
    monkeypatch.setattr(ForcedRollout, "_next_thoughts", lambda self, *given: honest(self, *given) * 1.01)
    assert "scores-thoughts" in failed(model)
