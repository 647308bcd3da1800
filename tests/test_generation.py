import pytest
import torch

import ctlab
from ctlab.certify import certify
from ctlab.engine import answers, decoding_of
from ctlab.engine import plan as planning
from ctlab.engine.answers import generate_batches
from ctlab.engine.plan import plan
from ctlab.errors import ConditionError, InputError
from ctlab.generation import producer
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
CT0 = Condition.from_json({"name": "ct0", "interventions": [{"keys": ["CT0"], "readers": "later"}]})


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return load_model(folder, settings=write_codi(folder, seed=4))


@pytest.fixture(scope="module")
def runs(model):
    return ctlab.generate(model, PROBLEMS, [BASELINE, CT0], max_new_tokens=4)


def test_runs_are_in_problem_order_with_certificates(model, runs):
    assert list(runs) == ["baseline", "ct0"]
    for generations in runs.values():
        assert [each.problem_id for each in generations] == [problem.id for problem in PROBLEMS]
        assert all(1 <= len(each.token_ids) <= 4 for each in generations)
        assert [each.text for each in generations] == [model.decode(each.token_ids) for each in generations]
    assert all(certificate.passed for certificate in runs.certificates.values())
    assert set(runs.certificates) == set(runs)


def test_progress_is_told(model):
    told = []
    ctlab.generate(
        model,
        PROBLEMS,
        [BASELINE, CT0],
        max_new_tokens=2,
        batch_tokens=150,
        certificates=False,
        progress=lambda done, total: told.append((done, total)),
    )
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == (14, 14)


def test_another_dtype_for_one_run(model):
    runs = ctlab.generate(model, PROBLEMS[:2], [BASELINE], max_new_tokens=2, dtype="float64", certificates=False)
    assert len(runs["baseline"]) == 2
    assert model.dtype == torch.float32


def test_the_answer_ends_with_the_end_token(model):
    first = ctlab.generate(model, PROBLEMS, [BASELINE], max_new_tokens=4, certificates=False)["baseline"]
    token = first[0].token_ids[1]
    from dataclasses import replace

    ending = replace(model, eos_token_id=token)
    for before, after in zip(
        first,
        ctlab.generate(ending, PROBLEMS, [BASELINE], max_new_tokens=4, certificates=False)["baseline"],
        strict=True,
    ):
        cut = before.token_ids.index(token) + 1 if token in before.token_ids else 4
        assert after.token_ids == before.token_ids[:cut]


def test_running_out_of_memory_halves_the_batch(model, runs, monkeypatch):
    honest, sizes = answers.run_rows, []

    def scarce(planned, indices, *watched):
        sizes.append(len(indices))
        if len(indices) > 2:
            raise torch.OutOfMemoryError("too much")
        return honest(planned, indices, *watched)

    monkeypatch.setattr(answers, "run_rows", scarce)
    found = ctlab.generate(model, PROBLEMS, [BASELINE, CT0], max_new_tokens=4, certificates=False)
    assert dict(found) == dict(runs)
    assert sizes == [7, 3, 1, 2, 4, 2, 2]
    with pytest.raises(torch.OutOfMemoryError):
        list(generate_batches(model, PROBLEMS, [BASELINE], Decoding(padding="as-published", max_new_tokens=2)))


def test_a_store_gets_what_it_lacks(model, runs):
    ids = [problem.id for problem in PROBLEMS]
    produce = producer(model, PROBLEMS, [BASELINE, CT0], Decoding(max_new_tokens=4))
    found = {"baseline": {}, "ct0": {}}
    for batch in produce({"baseline": ids[2:4], "ct0": ids[3:]}):
        for name, generations in batch.items():
            found[name].update({each.problem_id: each for each in generations})
    assert found["baseline"] == {each.problem_id: each for each in runs["baseline"][2:4]}
    assert found["ct0"] == {each.problem_id: each for each in runs["ct0"][3:]}
    assert list(produce({"baseline": [], "ct0": []})) == []


def test_as_published_batches_are_made_again_whole(model):
    many = [Problem(question=f"a {n % 30} b {n // 30} ?", gold=1) for n in range(130)]
    produce = producer(model, many, [BASELINE], Decoding(padding="as-published", max_new_tokens=2))
    (batch,) = produce({"baseline": [many[129].id]})
    assert [each.problem_id for each in batch["baseline"]] == [problem.id for problem in many[128:]]


def test_nothing_to_do(model):
    assert list(generate_batches(model, [], [BASELINE], Decoding())) == []
    assert list(generate_batches(model, PROBLEMS, [], Decoding())) == []
    assert dict(ctlab.generate(model, [], [BASELINE])) == {"baseline": ()}


@pytest.mark.parametrize(
    ("problems", "conditions", "error", "message"),
    [
        (PROBLEMS[:1] * 2, [BASELINE], InputError, "ask the same question"),
        (PROBLEMS, [CT0, CT0], InputError, "condition 'ct0' is given twice"),
        ([Problem(question="a " * 130, gold=1)], [BASELINE], InputError, "leaves no room for thoughts"),
        (
            PROBLEMS,
            [Condition.from_json({"name": "x", "interventions": [{"keys": ["CT8"], "readers": "later"}]})],
            ConditionError,
            "CT8 does not exist",
        ),
        (
            PROBLEMS,
            [Condition.from_json({"name": "x", "interventions": [{"keys": ["CT5"], "readers": "thoughts"}]})],
            ConditionError,
            "weakens no attention edge",
        ),
    ],
)
def test_wrong_use_is_said_before_anything_is_computed(model, problems, conditions, error, message):
    with pytest.raises(error, match=message):
        ctlab.generate(model, problems, conditions, max_new_tokens=2)


def test_decoding_of_a_model(model):
    assert decoding_of(model) == Decoding(dtype="float32", max_new_tokens=64)
    assert decoding_of(model.cast("bfloat16"), max_new_tokens=3).dtype == "bfloat16"


def test_outside_the_engine_the_network_is_its_own(model, runs):
    ids = torch.tensor([model.encode("a b 3 ?")])
    assert torch.isfinite(model.network(input_ids=ids).logits).all()
    model.network.config._attn_implementation = "ctlab"
    try:
        with pytest.raises(RuntimeError, match="belongs to ctlab's engine"):
            model.network(input_ids=ids)
    finally:
        model.network.config._attn_implementation = "sdpa"


def test_questions_are_encoded_a_part_at_a_time_and_kept_small(monkeypatch):
    model, problems = load_model("tiny"), list(ctlab.load_problems("tiny"))[:50]
    whole = plan(model, problems, [BASELINE], decoding_of(model))
    monkeypatch.setattr(planning, "_ENCODED_AT_ONCE", 7)
    assert plan(model, problems, [BASELINE], decoding_of(model)).prompts == whole.prompts
    assert [list(each) for each in whole.prompts] == model.encode_all([problem.question for problem in problems])
    assert all(each.itemsize == 4 for each in whole.prompts)


FORM = CT0.to_json()


@pytest.mark.parametrize("conditions", [CT0, FORM, [FORM], (CT0,)], ids=["one", "form", "forms", "tuple"])
def test_conditions_are_taken_alone_or_together_as_objects_or_forms(model, conditions):
    assert list(ctlab.generate(model, PROBLEMS, conditions, max_new_tokens=1, certificates=False)) == ["ct0"]
    assert list(ctlab.measure(model, PROBLEMS, conditions, max_new_tokens=1)) == ["baseline", "ct0"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": None}, "a model is one that ctlab.load_model returned, or what it takes"),
        ({"problems": ["What is 1 + 1?"]}, "item 1 of the problems is 'What is 1"),
        ({"problems": 3}, "problems are a set's name"),
        ({"conditions": "ct0"}, "not the name 'ct0'; names are known to a ctlab.Lab"),
        ({"conditions": 3}, "a condition is a ctlab.Condition or its JSON form"),
        ({"batch_tokens": "x"}, "batch_tokens must be a whole number from 1"),
        ({"progress": "yes"}, "progress is True, False or called with two numbers"),
    ],
)
def test_what_is_no_model_problem_or_condition_is_said(model, change, message):
    given = {"model": model, "problems": PROBLEMS, "conditions": [CT0], **change}
    with pytest.raises(InputError, match=message):
        ctlab.generate(given.pop("model"), given.pop("problems"), given.pop("conditions"), **given)


def test_an_id_is_loaded_and_progress_can_be_seen(capsys):
    runs = ctlab.generate("tiny", PROBLEMS[:1], "baseline", max_new_tokens=2, certificates=False, progress=True)
    assert len(runs["baseline"]) == 1
    assert "ctlab: generated 1 answers in" in capsys.readouterr().err


def test_runs_can_be_read_and_tabulated(model):
    runs = ctlab.generate(model, PROBLEMS, [BASELINE, CT0], max_new_tokens=6)
    n = len(PROBLEMS)
    assert repr(runs) == f"<Runs: {n} problems under baseline, ct0>"
    assert repr(runs["ct0"]) == f"<{n} answers under ct0>"
    assert runs["ct0"]._repr_html_().count("<tr>") == 1 + min(n, 5)
    assert f"2 runs of {n} problems" in runs._repr_html_()
    table = runs.to_frame()
    assert table["answer"].tolist() == [said.text for name in runs for said in runs[name]]
    assert table["correct"].tolist() == [right for run in runs.labelled.values() for right in run.correct()]
    with pytest.raises(KeyError, match="no run 'ct1'; there are baseline and ct0"):
        runs["ct1"]


def test_a_condition_of_another_model_is_refused():
    other = ctlab.Condition(name="other", model="another model")
    with pytest.raises(InputError, match=r"condition 'other' is answered by another model.*once for each model"):
        ctlab.generate("tiny", "tiny", [other])
    with pytest.raises(InputError, match="condition 'other' is answered by another model"):
        ctlab.measure("tiny", "tiny", [other])
    with pytest.raises(InputError, match="condition 'other' is answered by another model"):
        certify(ctlab.load_model("tiny"), ctlab.load_problems("tiny").problems[:2], [other])
