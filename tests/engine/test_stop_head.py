"""Rows that decide themselves when to stop: each held to one sequence alone, in float64 and with a mask of its own."""

import pytest
import torch

from ctlab import Lab
from ctlab.engine import stop_head
from ctlab.engine.answers import generate_batches
from ctlab.engine.layout import Layout
from ctlab.engine.plan import layout_of, plan
from ctlab.engine.undisturbed_thoughts import activation_cache_for
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.probes.measuring import measure
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS
from tests.models.families.making_adalr import CONTINUE, END, SETTINGS, START, STOP, write_adalr

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
MOST = 8  # ids of an answer
LIVELY = ((START, 2.2), (CONTINUE, 1.3), (0, 1.6))  # rows of the embedding: thinks again, thinks on, ends
MODELS = {
    "bare": {"kind": "gpt2", "seed": 0},
    "filtered": {"kind": "gpt2", "seed": 8, "add_latent_to_end": True, "recurrent_filter_mode": "MLP"},
    "rotary": {"kind": "llama", "seed": 11, "add_latent_to_end": True, "recurrent_filter_mode": "MLP", "widened": 8},
}


def condition(name, *forms, **more):
    return Condition.from_json({"name": name, "interventions": list(forms), **more})


CONDITIONS = [
    BASELINE,
    condition("later", {"keys": ["CT0"], "readers": "later"}),
    condition("answer", {"keys": ["CT1"], "readers": "answer"}),
    condition("thoughts", {"keys": "thoughts", "readers": ["CT2", "CT3"], "self": True}),
    condition("end", {"keys": "question", "readers": ["end"]}),
    condition("end_hidden", {"keys": ["end"], "readers": "later"}),
    condition("turned", {"thoughts": ["CT1"], "by": "scale", "factor": -2}),
    condition("zero", {"thoughts": ["CT1"], "by": "zero"}),
    condition("no_op", {"keys": ["CT0"], "readers": "later", "keep": 1}, no_op=True),
]


@pytest.fixture(scope="module", params=MODELS)
def model(request, tmp_path_factory):
    folder = write_adalr(tmp_path_factory.mktemp(request.param), rows=LIVELY, **MODELS[request.param])
    return load_model(folder, settings=SETTINGS).cast("float64")


def answers(model, conditions, **options):
    found = {each.name: {} for each in conditions}
    decoding = Decoding(max_new_tokens=MOST, dtype="float64")
    for batch in generate_batches(model, PROBLEMS, conditions, decoding, **options):
        for name, generations in batch.items():
            found[name].update({each.problem_id: each for each in generations})
    return {name: [each[problem.id] for problem in PROBLEMS] for name, each in found.items()}


class Alone:
    """One question under one condition, the whole sequence anew at every step; written from the rule alone."""

    def __init__(self, model, question, treated):
        self.model, self.treated = model, treated
        self.embed = model.network.get_input_embeddings()
        ids = [*model.encode(question), START]
        self.names = ["question"] * (len(ids) - 1) + ["begin"]
        self.fed = self.embed(torch.tensor(ids))

    def state(self):
        """Last hidden state of the last position."""
        total = len(self.names)
        mask = torch.full((total, total), -torch.inf, dtype=torch.float64).triu(1)
        for edges in self.treated.on_edges:
            for row, reader in enumerate(self.names):
                for key in range(row + 1):
                    thought = self.names[key].startswith("CT")
                    is_key = self.names[key] in (edges.keys if not isinstance(edges.keys, str) else [edges.keys])
                    is_key |= edges.keys == "thoughts" and thought
                    reads = {"later": True, "answer": reader in ("end", "answer")}.get(str(edges.readers))
                    reads = reader in edges.readers if reads is None else reads
                    if is_key and edges.keep == 0 and ((reads and key < row) or (key == row and edges.self_)):
                        mask[row, key] = -torch.inf
        run = self.model.network.base_model
        return run(inputs_embeds=self.fed[None], attention_mask=mask[None, None]).last_hidden_state[0, -1]

    def feed(self, name, vector):
        self.names.append(name)
        self.fed = torch.cat([self.fed, vector[None]])

    def end(self, made):
        more = made if self.model.program.stop.state_in_end else 0
        self.feed("end" if "end" not in self.names else "answer", self.embed.weight[END] + more)

    @torch.no_grad()
    def answer(self):
        head, thoughts, said, again = self.model.network.get_output_embeddings().weight, 0, [], False
        while True:
            state = self.state()
            made, scores = self.model.project(state[None])[0], head @ state
            goes_on = bool(scores[CONTINUE] >= scores[STOP])
            if "end" not in self.names:
                if not goes_on:
                    self.end(made)
                    continue
                if thoughts == SETTINGS["num_latent"]:
                    return thoughts, ()
                patch = self.treated.patch_of(thoughts)
                self.feed(f"CT{thoughts}", made if patch is None else (patch.edit.factor or 0) * made)
                thoughts += 1
                continue
            if again:
                said.append(CONTINUE if goes_on else STOP)
            else:
                scores[[END, CONTINUE, STOP]] = -torch.inf
                said.append(int(scores.argmax()))
            if len(said) == MOST or (said[-1] == 0 and not again):
                return thoughts, tuple(said)
            if not again:
                self.feed("answer", self.embed.weight[said[-1]])
                again = said[-1] == START
            elif goes_on:
                self.feed("answer", made)
            else:
                self.end(made)
                again = False


def test_every_answer_is_that_of_the_question_alone(model):
    found = answers(model, CONDITIONS)
    for treated in CONDITIONS:
        for problem, answer in zip(PROBLEMS, found[treated.name], strict=True):
            expected = Alone(model, problem.question, treated).answer()
            assert (answer.thoughts, answer.token_ids) == expected, (treated.name, problem.question)


def test_the_models_of_these_tests_do_all_there_is_to_do(model):
    found = [each for generations in answers(model, CONDITIONS).values() for each in generations]
    assert len({each.thoughts for each in found}) >= 3
    assert any(START in each.token_ids[:-1] for each in found)
    assert any(each.token_ids[-1:] == (0,) for each in found)
    assert not any({END} & set(each.token_ids) for each in found)


def test_batches_decide_nothing(model):
    assert answers(model, CONDITIONS) == answers(model, CONDITIONS, batch_tokens=1)
    alone = {each.name: answers(model, [each])[each.name] for each in CONDITIONS}
    assert answers(model, CONDITIONS) == alone


def test_rows_that_are_done_may_go_on(model, monkeypatch):
    """As on a GPU, where it is looked for them every fourth step alone."""
    at_once = answers(model, CONDITIONS)
    monkeypatch.setattr(stop_head, "_looks", lambda device, count: count % 4 == 3)
    assert answers(model, CONDITIONS) == at_once
    monkeypatch.setattr(stop_head, "_looks", lambda device, count: False)
    assert answers(model, CONDITIONS) == at_once


def test_a_number_that_is_given_is_thought_by_every_question(tmp_path):
    settings = {**SETTINGS, "num_latent": 2, "stop_head": False, "answer_prompt": " a b"}
    model = load_model(write_adalr(tmp_path, rows=LIVELY, **MODELS["filtered"]), settings=settings)
    assert len(model.end_ids) == 3
    assert {each.thoughts for each in answers(model.cast("float64"), [BASELINE])["baseline"]} == {2}
    assert not model.program.stops_itself
    assert "after_1" in Lab(model, PROBLEMS, store=tmp_path / "store").conditions


def test_after_begin_all_is_one_step():
    longest = Layout(begin=1, thoughts=5, end=2, own_stop=True)
    assert [step.positions for step in longest.steps] == [range(1), range(1, 8)]


def test_conditions_share_question_and_begin_alone(model):
    planned = plan(model, PROBLEMS, CONDITIONS, Decoding())
    assert layout_of(model).own_stop
    # The no-op has rows of its own from begin on; "answer" and "zero" part from the baseline as early as the others.
    assert [len(level.parents) for level in planned.tree.levels] == [1, 2, len(CONDITIONS)]


@pytest.mark.parametrize("by", ["mean", "resample", "baseline"])
def test_thoughts_of_other_runs_are_refused(model, by):
    other = condition("other", {"keys": ["CT0"], "readers": ["CT1"]}, {"thoughts": ["CT2"], "by": by})
    with pytest.raises(ConditionError, match="condition 'other' feeds thoughts of another run, and this model decides"):
        answers(model, [other])
    if other.draws_on_others:
        with pytest.raises(ConditionError, match="condition 'other' feeds thoughts of another run"):
            activation_cache_for([other], model, PROBLEMS, Decoding())


def test_early_answers_are_refused(model, tmp_path):
    assert "after_1" not in Lab(model, PROBLEMS, store=tmp_path / "store").conditions
    with pytest.raises(
        ConditionError, match=r"'early' feeds 1 thoughts .* this model has a stop head, to which no condition"
    ):
        answers(model, [Condition(name="early", num_thoughts=1)])


def test_what_thoughts_read_is_not_measured(model):
    with pytest.raises(InputError, match="this model has a stop head, with which rows think"):
        measure(model, PROBLEMS, [BASELINE])


def test_a_thought_beyond_the_most_is_refused(model):
    with pytest.raises(ConditionError, match="CT5 does not exist: this model thinks CT0 … CT4"):
        answers(model, [condition("far", {"keys": ["CT5"], "readers": "later"})])
