"""Conditions of other ways of thinking are certified and audited; ways to get them wrong are found by their checks."""

from dataclasses import replace

import pytest

from ctlab.certify import audited_batches, certify
from ctlab.engine import answers, rollout, shared_prefill
from ctlab.engine.rollout import Rollout
from ctlab.engine.written_steps import WrittenSteps, given_ids
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.models.families import FAMILIES
from ctlab.models.families.codi import TeacherWrites
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem, load_problems
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

DECODING = Decoding(max_new_tokens=8)
PROBLEMS = load_problems("tiny").problems[:6]


def condition(name, *forms, **more):
    return Condition.from_json({"name": name, "interventions": list(forms), **more})


EXPLICIT, AT_ONCE = condition("explicit", thinking="explicit"), condition("at_once", thinking="none")
OTHERS = condition("others", {"steps": "all", "by": "resample", "seed": 2}, thinking="explicit")
HIDDEN = condition("hidden", {"keys": "question", "readers": "answer", "keep": 0.5}, thinking="none")
NO_OP = condition("no_op", {"keys": "question", "readers": "answer", "keep": 1}, thinking="explicit", no_op=True)


@pytest.fixture(scope="module")
def model():
    return load_model("tiny")


@pytest.fixture(scope="module")
def with_eos(tmp_path_factory):
    """Trained with an eos after the question and one after the steps."""
    folder = tmp_path_factory.mktemp("eos")
    return load_model(folder, settings=write_codi(folder, seed=5, kind="llama", remove_eos=False))


def failed(model, asked, problems=PROBLEMS):
    """Names of the checks that each certificate failed."""
    found = certify(model, problems, [asked], DECODING)[asked.name]
    return {check.name for check in found.checks if not check.passed}


def test_every_way_of_thinking_is_certified_and_audited(model):
    asked = [BASELINE, EXPLICIT, AT_ONCE, OTHERS, HIDDEN, NO_OP]
    found = certify(model, PROBLEMS, asked, DECODING)
    assert {name: each.failure() for name, each in found.items()} == {each.name: None for each in asked}
    assert {name: each.thinking for name, each in found.items()} == {each.name: each.thinking for each in asked}
    assert found["others"].steps_replaced == found["others"].problems
    assert [name for name, each in found.items() if each.treats] == ["explicit", "others", "no_op", "at_once", "hidden"]
    names = [set(batch.audits) for batch in audited_batches(model, PROBLEMS, asked, DECODING)]
    assert names == [{"baseline"}, {"explicit", "others", "no_op"}, {"at_once", "hidden"}]
    for batch in audited_batches(model, PROBLEMS, asked, DECODING):
        assert {audit.failure for audit in batch.audits.values()} == {""}
        assert all(audit.rows for audit in batch.audits.values())


def test_eos_between_the_parts_is_certified(with_eos, monkeypatch):
    monkeypatch.setattr(TeacherWrites, "most_steps", 20)  # as many as the random network has positions for
    problems = [Problem(question=question, gold=1) for question in QUESTIONS]
    for asked in (EXPLICIT, AT_ONCE):
        assert failed(with_eos, asked, problems) == set()


def changed_task(patch, **change):
    honest = TeacherWrites.task
    patch.setattr(TeacherWrites, "task", lambda *given, **more: replace(honest(*given, **more), **change))


def begin_inserted(patch):
    changed_task(patch, before=(252,))


def thoughts_fed_anyway(patch):
    patch.setattr(LatentReasoner, "program", property(lambda self: FAMILIES["codi"].program(self.settings)))


def padding_read(patch):
    honest = Rollout._masks
    patch.setattr(
        Rollout, "_masks", lambda self, cache, kinds, seen, shared: honest(self, cache, kinds, seen | True, shared)
    )


def no_room_for_steps(patch):
    patch.setattr(answers, "decoding_of_sibling", lambda model, decoding: decoding)


def another_marker(patch):
    changed_task(patch, marker=(10,))


def no_marker(patch):
    changed_task(patch, marker=())


def question_cut(patch):
    honest = LatentReasoner.encode_all
    patch.setattr(
        LatentReasoner,
        "encode_all",
        lambda self, questions: [ids[: len(ids) - (self.task is not None)] for ids in honest(self, questions)],
    )


def what_is_given_is_not_heeded(patch):
    patch.setattr(rollout, "given_ids", lambda given, *rows: given_ids((), *rows))


def given_one_token_late(patch):
    patch.setattr(rollout, "given_ids", lambda given, *rows: given_ids(given, *rows)[:, 1:])


def given_to_the_next_row(patch):
    patch.setattr(rollout, "given_ids", lambda given, *rows: given_ids(given, *rows).roll(1, dims=0))


def own_steps(patch):
    patch.setattr(WrittenSteps, "given", lambda self, problem, seed: self.steps[problem])


def another_seed(patch):
    honest = WrittenSteps.donor
    patch.setattr(WrittenSteps, "donor", lambda self, problem, seed: honest(self, problem, 0))


def steps_that_nobody_wrote(patch):
    """Steps with one token changed, whoever reads them."""
    honest = WrittenSteps.__init__

    def changed(self, *, steps, problem_ids):
        honest(self, steps={name: (12, *ids[1:]) for name, ids in steps.items()}, problem_ids=problem_ids)

    patch.setattr(WrittenSteps, "__init__", changed)


def over_at_half(patch):
    """Answers that end one token before the model ends them."""
    honest = Rollout._by_problem

    def cut(self, problems, order, thoughts, ids):
        return honest(self, problems, order, thoughts, ids.masked_fill(ids == 0, -1))

    patch.setattr(Rollout, "_by_problem", cut)


SABOTAGES = [
    (begin_inserted, EXPLICIT, "asked-as-taught"),
    (begin_inserted, AT_ONCE, "asked-as-taught"),
    (thoughts_fed_anyway, EXPLICIT, "asked-as-taught"),
    (padding_read, EXPLICIT, "padding"),
    (no_room_for_steps, EXPLICIT, "room-to-write"),
    (another_marker, AT_ONCE, "begins-as-said"),
    (no_marker, AT_ONCE, "begins-as-said"),
    (question_cut, EXPLICIT, "asked-as-taught"),
    (what_is_given_is_not_heeded, AT_ONCE, "begins-as-said"),
    (what_is_given_is_not_heeded, OTHERS, "begins-as-said"),
    (given_one_token_late, OTHERS, "begins-as-said"),
    (given_to_the_next_row, OTHERS, "begins-as-said"),
    (own_steps, OTHERS, "begins-as-said"),
    (another_seed, OTHERS, "steps-of-another"),
    (steps_that_nobody_wrote, OTHERS, "steps-of-another"),
    (over_at_half, EXPLICIT, "room-to-write"),
]


@pytest.mark.parametrize(("sabotage", "asked", "check"), SABOTAGES, ids=lambda given: getattr(given, "__name__", None))
def test_a_sabotage_is_found_by_its_check(model, monkeypatch, sabotage, asked, check):
    sabotage(monkeypatch)
    assert check in failed(model, asked)


def test_steps_that_end_the_answer_are_found(with_eos, monkeypatch):
    """Where an eos stands after the steps, too, an answer that stops there has none."""
    monkeypatch.setattr(TeacherWrites, "most_steps", 20)
    monkeypatch.setattr(LatentReasoner, "ends", 1)
    problems = [Problem(question=question, gold=1) for question in QUESTIONS]
    honest = Rollout._argmax
    monkeypatch.setattr(Rollout, "_argmax", lambda self, hidden: honest(self, hidden) * 0)  # writes an eos at once
    assert "room-to-write" in failed(with_eos, EXPLICIT, problems)


@pytest.mark.parametrize("asked", [EXPLICIT, OTHERS, AT_ONCE])
def test_prompts_of_other_rows_are_found_in_the_batch(model, monkeypatch, asked):
    """The certificate's own sample shares no prompts between ways: only the audit of the run can see it."""
    honest = shared_prefill.SharedPrefill.of

    def rolled(self, compute, *, to_the_end):
        prompts, position, states = honest(self, compute, to_the_end=to_the_end)
        return prompts, position, states.roll(1, dims=0)

    monkeypatch.setattr(shared_prefill.SharedPrefill, "of", rolled)
    audits = {}
    for batch in audited_batches(model, PROBLEMS, [BASELINE, asked], DECODING):
        audits |= batch.audits
    assert audits["baseline"].failure == ""
    assert "hidden states within" in audits[asked.name].failure


def test_steps_that_are_not_heeded_in_the_run_are_found(model, monkeypatch):
    monkeypatch.setattr(rollout, "given_ids", lambda given, *rows: given_ids((), *rows))
    (batch,) = audited_batches(model, PROBLEMS, [OTHERS], DECODING)
    assert "other tokens" in batch.audits["others"].failure
