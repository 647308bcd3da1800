"""PCCoT against the official code (baseline) and a dense float64 reference: tokens, conditions, certificates."""

import json

import pytest

from ctlab.certify import audited_batches, certify
from ctlab.engine.answers import generate_batches
from ctlab.errors import CheckpointError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.probes.measuring import measure
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.shared_data import shared

NAMES = ["pccot-gpt2", "pccot-llama"]
SURE = 1e-3  # a smaller margin is left to float32's rounding


def settings_of(form, **other):
    said = form["settings"]
    return {
        "family": "pccot",
        "num_latent": said["num_latent_tokens"],
        "num_iterations": said["num_iterations"],
        "use_prj": said["use_projection"],
        "answer_prompt": said["answer_prompt"],
        **other,
    }


class Golden:
    def __init__(self, name):
        self.folder = shared(f"golden/{name}")
        self.form = json.loads((self.folder / "expected.json").read_text())
        self.model = load_model(self.folder, settings=settings_of(self.form))
        self.problems = [Problem(question=question, gold=0) for question in self.form["questions"]]
        every = self.form["conditions"]
        self.forms = {
            name: form for name, form in every.items() if "num_iterations" not in name and "batch" not in name
        }
        self.conditions = [written(name, form) for name, form in self.forms.items()]

    def answers(self, conditions, model=None, **options):
        batch_tokens = options.pop("batch_tokens", None)
        decoding = Decoding(max_new_tokens=self.form["max_new_tokens"], **options)
        found = {condition.name: {} for condition in conditions}
        chosen = self.model if model is None else model
        for batch in generate_batches(chosen, self.problems, conditions, decoding, batch_tokens=batch_tokens):
            for name, generations in batch.items():
                found[name].update((each.problem_id, list(each.token_ids)) for each in generations)
        return {name: [each[problem.id] for problem in self.problems] for name, each in found.items()}

    def meet(self, answers, form, *, first_token_ends):
        eos = self.form["eos_token_id"]
        for answer, tokens, margins in zip(answers, form["tokens"], form["margins"], strict=True):
            expected = [eos] if first_token_ends and tokens[0] == eos else tokens
            sure = next((at for at, margin in enumerate(margins) if margin < SURE), len(expected))
            assert answer[:sure] == expected[:sure]
            if sure >= len(expected):
                assert len(answer) == len(expected)


def written(name, form):
    """One of expected.json's; ``embedding: zeros`` is what a patch by zero feeds."""
    interventions = []
    for each in form["interventions"]:
        zeros = each.get("embedding") == "zeros"
        interventions.append({name: value for name, value in each.items() if name != "embedding"})
        if zeros:
            interventions[-1]["by"] = "zero"
    return Condition.from_json({"name": name, "interventions": interventions})


@pytest.fixture(scope="module", params=NAMES)
def golden(request):
    return Golden(request.param)


def test_prompts(golden):
    form, model = golden.form, golden.model
    latent = [form["latent_id"]] * form["num_latent"]
    for problem, ids in zip(golden.problems, form["input_ids"], strict=True):
        assert [*model.encode(problem.question), *model.begin_ids, *latent, *model.end_ids] == ids
    assert (model.latent_id, model.eos_token_id) == (form["latent_id"], form["eos_token_id"])
    assert (model.logits_considered, model.num_thoughts) == (form["logits_considered"], form["num_latent"])


@pytest.mark.parametrize("padding", ["exact", "as-published"])
def test_tokens(golden, padding):
    """A batch of all as one problem at a time, as the official code and the reference."""
    found = golden.answers(golden.conditions, padding=padding)
    assert found == golden.answers(golden.conditions, padding=padding, batch_tokens=1)
    for name, form in golden.forms.items():
        golden.meet(found[name], form, first_token_ends=padding == "exact")


def test_one_pass_fewer_is_another_model(golden):
    model = load_model(golden.folder, settings=settings_of(golden.form, num_iterations=1))
    assert model.digest != golden.model.digest
    form = golden.form["conditions"]["baseline_num_iterations_1"]
    golden.meet(golden.answers([BASELINE], model)["baseline"], form, first_token_ends=True)
    golden.meet(golden.answers([BASELINE], model, padding="as-published")["baseline"], form, first_token_ends=False)


def test_an_early_answer_is_that_of_a_model_with_fewer_slots(golden):
    """A pass never looks at later slots: what the first k hold after all passes does not depend on how many follow."""
    early = [Condition(name=f"after_{k}", num_thoughts=k) for k in range(6)]
    found = golden.answers(early)
    for k in (1, 4):
        model = load_model(golden.folder, settings=settings_of(golden.form, num_latent=k))
        assert found[f"after_{k}"] == golden.answers([BASELINE], model)["baseline"]
    certified = certify(golden.model.cast("float64"), golden.problems, early, Decoding(dtype="float64"))
    assert {name: each.failure() for name, each in certified.items()} == dict.fromkeys(each.name for each in early)


def test_certificates_and_audits(golden):
    decoding = Decoding(max_new_tokens=4)
    found = certify(golden.model, golden.problems, golden.conditions, decoding)
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(golden.forms)
    assert "last" in found["ct1_hidden_later_last_pass"].scope
    assert found["ct1_hidden_later_last_pass"].edges_removed < found["ct1_hidden_later"].edges_removed
    for batch in audited_batches(golden.model, golden.problems, golden.conditions, decoding):
        assert [audit.failure for audit in batch.audits.values()] == [""] * len(golden.conditions)
        assert all(audit.rows for audit in batch.audits.values())


def test_what_is_measured_is_refused(golden):
    with pytest.raises(InputError, match="passes over its thoughts 4 times"):
        measure(golden.model, golden.problems, [BASELINE])


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"use_prj": True}, "the official code leaves the projection out"),
        ({"num_iterations": 0}, "num_iterations must be a whole number from 1"),
        ({"answer_prompt": None}, "answer_prompt must be the text"),
    ],
)
def test_settings_that_cannot_be(golden, other, said):
    with pytest.raises(CheckpointError, match=said):
        load_model(golden.folder, settings=settings_of(golden.form, **other))
