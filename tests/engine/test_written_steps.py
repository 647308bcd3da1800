"""Steps that the same weights write, no steps, and another problem's in their place: against the float64 reference."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch

import ctlab
from ctlab.engine import answers as answers_module
from ctlab.engine import generate_batches, rollout
from ctlab.engine.undisturbed_thoughts import activation_cache_for
from ctlab.engine.written_steps import WrittenSteps, given_ids
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.condition import undisturbed
from ctlab.models import load_model
from ctlab.models.sibling import sibling
from ctlab.problems import Problem, load_problems
from ctlab.records.generation import Decoding
from tests.engine.oracle import Oracle
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

TINY = Path(ctlab.__file__).parent / "models" / "tiny" / "checkpoint"
PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
TOKENS = 5
UNK = 2  # three words that the random checkpoints' tokenizer lacks: "The answer is:"


def condition(name, *forms, **more):
    return Condition.from_json({"name": name, "interventions": list(forms), **more})


EXPLICIT, AT_ONCE = condition("explicit", thinking="explicit"), condition("at_once", thinking="none")
OTHERS = condition("others", {"steps": "all", "by": "resample"}, thinking="explicit")
HIDDEN = [{"keys": "question", "readers": "answer", "keep": 0.25, "heads": [1]}]


def answers(model, conditions, problems, tokens=TOKENS, **options):
    found = {each.name: {} for each in conditions}
    for batch in generate_batches(model, problems, conditions, Decoding(max_new_tokens=tokens), **options):
        for name, generations in batch.items():
            found[name].update((each.problem_id, each.token_ids) for each in generations)
    return {name: [list(each[problem.id]) for problem in problems] for name, each in found.items()}


class Writing(Oracle):
    """The reference, asked to write: tokens one after another, whatever it is made to begin with."""

    def writes(self, ids, most, *, given=(), ends=1, interventions=()):
        ids, written, margins, end = list(ids), [], [], 0
        names = ["question"] * len(ids) + ["answer"] * (most + 1)
        keep = self._keep(names, list(interventions), None)
        considered = self._ids()[3]
        while len(written) < most:
            scores = (self._head() @ self._forward(self.embedding[ids + written], keep)[-1])[:considered]
            best = scores.topk(2)
            token = given[len(written)] if len(written) < len(given) else int(best.indices[0])
            margins.append(float(best.values[0] - best.values[1]) if len(written) >= len(given) else 1.0)
            written.append(token)
            end += token == 0
            if end == ends:
                break
        return written, margins


def assert_same(found, expected):
    written, margins = expected
    close = next((at for at, margin in enumerate(margins) if margin < 1e-3), len(written))
    assert found[:close] == written[:close]
    assert close < len(written) or len(found) == len(written)


@pytest.fixture(scope="module", params=[True, False], ids=["remove_eos", "eos"])
def checkpoint(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("codi")
    form = write_codi(folder, seed=5, kind="gpt2", remove_eos=request.param)
    oracle = Writing.read(folder, json.loads((folder / "base" / "config.json").read_text()), form)
    return load_model(folder, settings=form), oracle, [] if request.param else [0]


def test_steps_are_written_as_the_reference_writes_them(checkpoint, monkeypatch):
    """After the question, and after the eos that ends it in training; the answer goes on to as many ends."""
    model, oracle, delimiter = checkpoint
    monkeypatch.setattr(type(ctlab.models.families.FAMILIES["codi"].writes), "most_steps", 7)
    hidden = condition("hidden", *HIDDEN, thinking="explicit")
    found = answers(model, [EXPLICIT, hidden], PROBLEMS[:3])
    for number, problem in enumerate(PROBLEMS[:3]):
        ids = [*model.encode(problem.question), *delimiter]
        ends = 1 + len(delimiter)
        assert_same(found["explicit"][number], oracle.writes(ids, TOKENS + 7, ends=ends))
        assert_same(found["hidden"][number], question_hidden(oracle, ids, delimiter, TOKENS + 7, ends, HIDDEN))


def question_hidden(oracle, ids, delimiter, most, ends, interventions):
    """What is fed after the question reads it as begin does: only what is written is the answer."""
    names = ["question"] * (len(ids) - len(delimiter)) + ["begin"] * len(delimiter) + ["answer"] * (most + 1)
    keep, written, margins = oracle._keep(names, interventions, None), [], []
    while len(written) < most and written.count(0) < ends:
        scores = oracle._head() @ oracle._forward(oracle.embedding[ids + written], keep)[-1]
        best = scores[: oracle._ids()[3]].topk(2)
        written.append(int(best.indices[0]))
        margins.append(float(best.values[0] - best.values[1]))
    return written, margins


def test_asked_at_once_the_marker_is_written_for_the_model(checkpoint):
    model, oracle, delimiter = checkpoint
    found = answers(model, [AT_ONCE], PROBLEMS[:3])["at_once"]
    for problem, mine in zip(PROBLEMS[:3], found, strict=True):
        ids = [*model.encode(problem.question), *delimiter, *delimiter]
        assert_same(mine, oracle.writes(ids, TOKENS, given=[UNK] * 3))


def test_it_is_not_the_answer_after_no_thought(checkpoint):
    """There begin and end stand between, and the model writes the marker itself."""
    model, oracle, _ = checkpoint
    found = answers(model, [AT_ONCE, condition("after_0", num_thoughts=0)], PROBLEMS[:3])
    none = Writing(tensors=oracle.tensors, config=oracle.config, settings=oracle.settings, rows=oracle.rows)
    none.settings = {**oracle.settings, "num_latent": 0}
    for number, problem in enumerate(PROBLEMS[:3]):
        assert_same(found["after_0"][number], none.answer(model.encode(problem.question), [], TOKENS))
        assert found["at_once"][number] != found["after_0"][number]


@cache
def tiny():
    settings = {"num_latent": 6, "family": "codi", "remove_eos": True, "lora_r": 0, "lora_alpha": 0, "use_prj": True}
    config = json.loads((TINY / "base" / "config.json").read_text())
    return load_model("tiny"), Writing.read(TINY, config, {**settings, "prj_no_ln": False})


def test_the_embedded_model_writes_its_steps_and_answers_with_those_of_another():
    model, oracle = tiny()
    problems = load_problems("tiny").problems[:8]
    found = answers(model, [BASELINE, EXPLICIT, OTHERS], problems, tokens=8)
    [marker] = model.tokenizer("The answer is:")["input_ids"]
    own = {each.id: ids[: ids.index(marker)] for each, ids in zip(problems, found["explicit"], strict=True)}
    for problem, mine, others in list(zip(problems, found["explicit"], found["others"], strict=True))[:3]:
        ids = model.encode(problem.question)
        assert_same(mine, oracle.writes(ids, 40))
        given = others[: others.index(marker)]
        assert given in [steps for name, steps in own.items() if name != problem.id]
        assert_same(others, oracle.writes(ids, 40, given=[*given, marker]))


def test_prompts_are_computed_once_for_all_ways_of_thinking(monkeypatch):
    """Counted: one prefill a batch; and every answer is the one that is given alone."""
    model, _ = tiny()
    problems = load_problems("tiny").problems[:6]
    conditions = [BASELINE, EXPLICIT, AT_ONCE]
    alone = {each.name: answers(model, [each], problems, tokens=8)[each.name] for each in conditions}
    count, honest = [], rollout.prefill
    monkeypatch.setattr(rollout, "prefill", lambda *given, **more: count.append(1) or honest(*given, **more))
    assert answers(model, conditions, problems, tokens=8) == alone
    assert len(count) == 1
    weakened = condition("weakened", {"keys": "question", "readers": "later", "keep": 0.5}, thinking="explicit")
    answers(model, [BASELINE, weakened], problems, tokens=8)
    assert len(count) == 3  # where the question is read otherwise, it is computed otherwise


def test_a_part_of_a_set_is_given_the_same_steps_as_the_whole():
    model, _ = tiny()
    problems = load_problems("tiny").problems[:6]
    cache_ = activation_cache_for([OTHERS], model, problems, Decoding(max_new_tokens=8))
    whole = answers(model, [OTHERS], problems, tokens=8)["others"]
    assert answers(model, [OTHERS], problems[2:4], tokens=8, activations=cache_)["others"] == whole[2:4]


def test_an_answer_depends_on_no_batch_mate():
    model, _ = tiny()
    problems = load_problems("tiny").problems[:5]
    together = answers(model, [EXPLICIT, OTHERS], problems, tokens=8)
    cache_ = activation_cache_for([OTHERS], model, problems, Decoding(max_new_tokens=8))
    small = answers(model, [EXPLICIT, OTHERS], problems, tokens=8, batch_tokens=1, activations=cache_)
    assert small == together


def test_who_has_no_steps_is_given_some_and_gives_none():
    written = WrittenSteps(steps={"a": (1,), "c": (3,)}, problem_ids=("a", "b", "c", "d"))
    for seed in range(4):
        donors = {problem: written.donor(problem, seed) for problem in "abcd"}
        assert donors["a"] == "c"
        assert donors["c"] == "a"
        assert {donors["b"], donors["d"]} <= {"a", "c"}
        assert written.given("a", seed) == (3,)


def test_ids_that_are_given_stand_by_row():
    rows = given_ids([[(), (7, 8)], [(9,), ()]], torch.tensor([0, 0, 1, 1]), torch.tensor([1, 0, 0, 1]))
    assert rows.tolist() == [[7, 8], [-1, -1], [9, -1], [-1, -1]]
    assert given_ids([], torch.tensor([0, 1]), torch.tensor([0, 0])).shape == (2, 0)


def test_a_family_without_written_steps_refuses_before_anything_is_computed(tmp_path, monkeypatch):
    folder = tmp_path / "coconut"
    model = load_model(folder, settings=write_coconut(folder), allow_pickle=True)
    monkeypatch.setattr(answers_module, "run_rows", None)
    with pytest.raises(ConditionError, match=r"\"explicit\" is not for .*: family coconut is taught one way to think"):
        answers(model, [BASELINE, EXPLICIT], PROBLEMS)


def test_official_padding_has_no_written_steps():
    model, _ = tiny()
    problems, decoding = load_problems("tiny").problems[:2], Decoding(max_new_tokens=8, padding="as-published")
    with pytest.raises(InputError, match=r"\"none\" and padding 'as-published' do not go together"):
        list(generate_batches(model, problems, [AT_ONCE], decoding))


def test_one_problem_has_no_other_to_take_steps_of():
    model, _ = tiny()
    with pytest.raises(InputError, match="of 1 problems 1 have"):
        answers(model, [OTHERS], load_problems("tiny").problems[:1], tokens=8)


def test_a_measurement_of_what_is_written_is_refused():
    model, _ = tiny()
    with pytest.raises(
        InputError, match="'explicit' has 'thinking' \"explicit\", and here the model is asked to think"
    ):
        ctlab.measure(model, load_problems("tiny").problems[:2], [EXPLICIT])


def test_a_sibling_of_a_sibling_is_no_way_back():
    model, _ = tiny()
    writing = sibling(model, "explicit")
    assert sibling(writing, "explicit") is writing
    with pytest.raises(InputError, match="ask the loaded one"):
        sibling(writing, "latent")
    assert undisturbed("explicit").plain
    assert not undisturbed("explicit").undisturbed
    assert replace(writing, task=None, thinking="latent").num_thoughts == 6
