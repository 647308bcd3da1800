"""Models that decide themselves when to stop: every condition is certified, and ways to break them are found."""

from dataclasses import replace

import pytest
import torch

from ctlab.certify import audited_batches, certify
from ctlab.engine import answers
from ctlab.engine.decode_step import OwnKinds
from ctlab.engine.rollout import Rollout
from ctlab.engine.stop_head import StopHeadRollout
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS
from tests.models.families.making_adalr import CONTINUE, SETTINGS, START, STOP, write_adalr

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
DECODING = Decoding(max_new_tokens=6)
LIVELY = ((START, 2.2), (CONTINUE, 1.3), (0, 1.6))  # rows of the embedding: thinks again, thinks on, ends


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopping")
    said = {"add_latent_to_end": True, "recurrent_filter_mode": "MLP"}
    return load_model(write_adalr(folder, "gpt2", seed=8, rows=LIVELY, **said), settings=SETTINGS)


def condition(name, *forms, **more):
    return Condition.from_json({"name": name, "interventions": list(forms), **more})


HIDDEN = condition("hidden", {"keys": ["CT0"], "readers": "later"})
CONDITIONS = [
    BASELINE,
    HIDDEN,
    condition("from_answer", {"keys": ["CT1"], "readers": "answer"}),
    condition("layer", {"keys": "thoughts", "readers": ["end"], "layers": [1], "heads": [0, 2], "keep": 0.25}),
    condition("control", {"keys": "question-control", "readers": "later"}),
    condition("zero", {"thoughts": ["CT0"], "by": "zero"}),
    condition("noise", {"thoughts": "all", "by": "noise"}),
    condition("decoded", {"thoughts": ["CT1"], "by": "decoded"}),
    condition("no_op", {"keys": ["CT0"], "readers": "later", "keep": 1}, no_op=True),
]


def failures(model, conditions):
    return {name: each.failure() for name, each in certify(model, PROBLEMS, conditions, DECODING).items()}


def audits(model, conditions):
    found = []
    for batch in audited_batches(model, PROBLEMS, conditions, DECODING):
        found += [audit.failure for audit in batch.audits.values() if audit.failure]
    return found


def test_every_condition_is_certified_and_audited(model):
    assert failures(model, CONDITIONS) == {each.name: None for each in CONDITIONS}
    assert audits(model, CONDITIONS) == []


def test_a_thought_that_hardly_a_problem_has_is_certified_on_one_that_has_it(model):
    (batch,) = answers.generate_batches(model, PROBLEMS, [BASELINE], DECODING)
    stopped = [each.thoughts for each in batch["baseline"] if each.token_ids]
    most = max(stopped)
    assert stopped.count(most) == 1
    last = condition("last", {"keys": [f"CT{most - 1}"], "readers": "answer"})
    assert failures(model, [last]) == {"last": None}


def test_a_thought_that_no_problem_has_is_not_certified(model):
    few = [problem for problem in PROBLEMS if problem.question == "l m ?"]
    (batch,) = answers.generate_batches(model, few, [BASELINE], DECODING)
    (answer,) = batch["baseline"]
    beyond = condition("beyond", {"keys": [f"CT{answer.thoughts}"], "readers": "later"})
    found = certify(model, few, [beyond], DECODING)["beyond"]
    assert "bites" in str(found.failure())


def stops_early(patch):
    honest = StopHeadRollout._stops
    patch.setattr(StopHeadRollout, "_stops", lambda self, hidden: honest(self, hidden) | (self.rows.thoughts > 0))


def rows_as_long_as_each_other(patch):
    """What stands where is said as if every row had as many thoughts as the longest."""
    honest = StopHeadRollout._own_kinds

    def kinds(self, cache):
        rows = self.rows
        if rows is None:
            return None
        self.rows = replace_thoughts(rows, rows.thoughts.max().expand_as(rows.thoughts))
        found = honest(self, cache)
        self.rows = rows
        return found

    patch.setattr(StopHeadRollout, "_own_kinds", kinds)


def replace_thoughts(rows, thoughts):
    other = rows.select(torch.arange(len(thoughts)))
    other.thoughts = thoughts
    return other


def query_one_off(patch):
    honest = StopHeadRollout._own_kinds

    def kinds(self, cache):
        found = honest(self, cache)
        return None if found is None else OwnKinds(query=(found.query - 1).clamp(min=0), keys=found.keys)

    patch.setattr(StopHeadRollout, "_own_kinds", kinds)


def end_without_state(patch):
    honest = StopHeadRollout.__init__

    def begin(self, *given):
        honest(self, *given)
        self.stop = replace(self.stop, state_in_end=False)

    patch.setattr(StopHeadRollout, "__init__", begin)


def everything_is_writable(patch):
    patch.setattr(Rollout, "_writable", lambda self, scores: scores.index_fill(-1, torch.tensor([STOP]), 99.0))


def thoughts_of_others(patch):
    honest = Rollout._by_problem
    patch.setattr(
        Rollout,
        "_by_problem",
        lambda self, problems, order, thoughts, ids: honest(self, problems, order, thoughts.roll(1), ids),
    )


def thinks_again_for_ever(patch):
    honest = StopHeadRollout._stops
    patch.setattr(StopHeadRollout, "_stops", lambda self, hidden: honest(self, hidden) & ~self.rows.again)


SABOTAGES = (
    rows_as_long_as_each_other,
    query_one_off,
    end_without_state,
    everything_is_writable,
    thoughts_of_others,
    thinks_again_for_ever,
    stops_early,
)


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda each: each.__name__)
def test_what_is_broken_is_found(model, monkeypatch, sabotage):
    conditions = [BASELINE, HIDDEN, CONDITIONS[2]]
    sabotage(monkeypatch)
    assert audits(model, conditions)
    if sabotage is not thoughts_of_others:  # the certificate's own run has the numbers that its own run says
        assert any(failures(model, conditions).values())
