"""AdaLR against the official code (baselines) and a dense float64 reference: prompts, tokens, what is refused."""

import json

import pytest

from ctlab.certify import certify
from ctlab.engine.answers import generate_batches
from ctlab.errors import CheckpointError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import CheckpointSettings, load_model
from ctlab.models.thought_program import HiddenState, StopHead, ThoughtProgram
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS
from tests.models.families.making_adalr import CONTINUE, END, SETTINGS, START, STOP, write_adalr
from tests.shared_data import shared

SURE = 1e-3  # a smaller margin is left to float32's rounding
OVERRIDE = "baseline_latent_thought_count_override_6"


class Golden:
    def __init__(self, name):
        self.folder = shared(f"golden/{name}")
        self.form = json.loads((self.folder / "expected.json").read_text())
        # The official limit counts thoughts and answer together.
        self.settings = {"family": "adalr", "num_latent": self.form["max_new_tokens"]}
        self.problems = [Problem(question=question, gold=0) for question in self.form["questions"]]
        self.forms = {name: form for name, form in self.form["conditions"].items() if name != OVERRIDE}
        self.conditions = [written(name, form) for name, form in self.forms.items()]

    def load(self, **settings):
        return load_model(self.folder, settings={**self.settings, **settings})

    def answers(self, model, conditions, most, batch_tokens=None):
        found = {condition.name: {} for condition in conditions}
        decoding = Decoding(max_new_tokens=most)
        for batch in generate_batches(model, self.problems, conditions, decoding, batch_tokens=batch_tokens):
            for name, generations in batch.items():
                found[name].update({each.problem_id: each for each in generations})
        return {name: [each[problem.id] for problem in self.problems] for name, each in found.items()}

    def official(self, answer):
        """All ids that the official code returns, up to its limit."""
        stopped = [self.form["stop_id"]] if answer.token_ids else []
        ids = [self.form["continue_id"]] * answer.thoughts + stopped + list(answer.token_ids)
        return ids[: self.form["max_new_tokens"]]


def written(name, form):
    """One of expected.json's; ``embedding: zeros`` is what a patch by zero feeds."""
    zeros = [
        {"thoughts": each["thoughts"], "by": "zero"} if each.get("embedding") == "zeros" else each
        for each in form["interventions"]
    ]
    return Condition.from_json({"name": name, "interventions": zeros})


def meet(answer, tokens, margins):
    sure = next((at for at, margin in enumerate(margins) if margin < SURE), len(tokens))
    assert answer[:sure] == tokens[:sure]
    if sure == len(tokens):
        assert len(answer) == len(tokens)


@pytest.fixture(scope="module", params=["adalr-llama", "adalr-gpt2"])
def golden(request):
    return Golden(request.param)


def test_prompts_and_ids(golden):
    form, model = golden.form, golden.load()
    for problem, ids in zip(golden.problems, form["input_ids"], strict=True):
        assert [*model.encode(problem.question), *model.begin_ids] == ids
    assert model.stop_head == (form["continue_id"], form["stop_id"])
    assert (model.end_ids, model.eos_token_id) == (tuple(form["end_ids"]), form["eos_token_id"])
    assert (model.logits_considered, set(model.unwritable)) == (
        form["logits_considered"],
        set(form["never_in_the_answer"]),
    )
    said = form["settings"]
    assert model.program.stop == StopHead(state_in_end=said["add_latent_to_end"])
    assert model.program.slots[0] == HiddenState(projected=said["recurrent_filter_mode"] == "MLP")


@pytest.mark.parametrize("batch_tokens", [None, pytest.param(1, marks=pytest.mark.slow)])
def test_every_answer_of_every_condition(golden, batch_tokens):
    """Second runs of thoughts within an answer, and a question on which the model never stops, among them."""
    found = golden.answers(golden.load(), golden.conditions, golden.form["max_new_tokens"], batch_tokens)
    for name, form in golden.forms.items():
        for answer, tokens, margins in zip(found[name], form["tokens"], form["margins"], strict=True):
            meet(golden.official(answer), tokens, margins)


def test_a_number_of_thoughts_that_is_given(golden):
    form = golden.form["conditions"][OVERRIDE]
    model = golden.load(num_latent=6, stop_head=False, answer_prompt=" The answer is:")
    # The official prompt writes CONTINUE for each thought and STOP for the end.
    prompts = [
        [*model.encode(problem.question), *model.begin_ids, *[golden.form["continue_id"]] * 6, golden.form["stop_id"]]
        for problem in golden.problems
    ]
    assert [[*prompt, *model.end_ids[1:]] for prompt in prompts] == form["input_ids"]
    (found,) = golden.answers(model, [BASELINE], 16).values()
    for answer, tokens, margins in zip(found, form["tokens"], form["margins"], strict=True):
        assert answer.thoughts == 6
        meet(list(answer.token_ids), tokens, margins)


def test_golden_conditions_are_certified(golden):
    decoding = Decoding(max_new_tokens=6)
    found = certify(golden.load(num_latent=12), golden.problems, golden.conditions, decoding)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(golden.forms)


def test_ids_and_settings_are_the_folder_s(tmp_path):
    said = {"recurrent_filter_mode": "MLP", "add_latent_to_end": True}
    model = load_model(write_adalr(tmp_path, widened=8, **said), settings=SETTINGS)
    assert (model.begin_ids, model.end_ids, model.stop_head) == ((START,), (END,), (CONTINUE, STOP))
    assert (model.settings.use_prj, model.settings.add_latent_to_end) == (True, True)
    assert model.projection.input_layer.weight.shape[0] == 8 + model.projection.norm.weight.shape[0]


def test_what_is_said_wins_over_the_folder_where_it_is_meant_so(tmp_path):
    settings = {**SETTINGS, "add_latent_to_end": False}
    folder = write_adalr(tmp_path, add_latent_to_end=True)
    with pytest.raises(CheckpointError, match="add_latent_to_end is False, but its config"):
        load_model(folder, settings=settings)
    model = load_model(folder, settings={**settings, "despite_files": ["add_latent_to_end"]})
    assert not model.program.stop.state_in_end


def test_digests_of_the_two_ways_to_think_differ(tmp_path):
    folder = write_adalr(tmp_path)
    digests = {load_model(folder, settings={**SETTINGS, **more}).digest for more in ({}, {"stop_head": False})}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("folder", "settings", "sentence"),
    [
        ({"lora_mode": True}, {}, "its config.json says lora_mode true, so that adapters are not merged"),
        ({"recurrent_filter_mode": "GRU"}, {}, "its config.json says recurrent_filter_mode 'GRU'; read are MLP"),
        ({"stop_token_id": CONTINUE}, {}, f"says stop_token_id {CONTINUE}, and the tokenizer beside it gives"),
        ({"tokens": ("<START>", "<END>", "<|CONTINUE|>")}, {}, "the checkpoint's tokenizer has no token '<|STOP|>'"),
        ({}, {"use_prj": True, "despite_files": ["use_prj"]}, "missing for the projection (use_prj, recurrent"),
        ({}, {"use_prj": True}, "use_prj is True, but its config.json says recurrent_filter_mode False"),
        (
            {"recurrent_filter_mode": "MLP"},
            {"use_prj": False, "despite_files": ["use_prj"]},
            "holds recurrent_filter.input_layer.bias, but the set",
        ),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, folder, settings, sentence):
    with pytest.raises(CheckpointError) as refused:
        load_model(write_adalr(tmp_path, **folder), settings={**SETTINGS, **settings})
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"num_latent": 0}, "num_latent must be a whole number from 1"),
        ({"stop_head": "no"}, "stop_head must be true or false"),
        ({"add_latent_to_end": 1}, "add_latent_to_end must be true or false"),
        ({"answer_prompt": " The answer is:"}, "answer_prompt follows thoughts whose number is given"),
        ({"answer_prompt": 4, "stop_head": False}, "answer_prompt must be the text that follows the thoughts"),
        ({"prj_dim": 8}, "family adalr has no prj_dim"),
    ],
)
def test_settings(change, sentence):
    with pytest.raises(CheckpointError) as refused:
        CheckpointSettings.from_json({**SETTINGS, **change})
    assert sentence in str(refused.value)


def test_a_stop_head_decides_between_states():
    with pytest.raises(CheckpointError, match="a stop head decides after each thought"):
        ThoughtProgram(slots=(), stop=StopHead())


def test_answers_say_how_many_thoughts_they_had(tmp_path):
    model = load_model(write_adalr(tmp_path), settings=SETTINGS)
    problems = [Problem(question=question, gold=1) for question in QUESTIONS]
    (batch,) = generate_batches(model, problems, [BASELINE], Decoding(max_new_tokens=3))
    for answer in batch["baseline"]:
        assert answer.to_json()["thoughts"] == answer.thoughts
        assert type(answer).from_json(answer.to_json()) == answer
        if not answer.token_ids:
            assert (answer.thoughts, answer.text) == (5, "")
