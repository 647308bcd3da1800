"""PCCoT against the official code (baseline) and a dense float64 reference: tokens, conditions, certificates."""

import json
from shutil import copytree

import pytest

from ctlab.certify import audited_batches, certify, certify_probes
from ctlab.engine.answers import generate_batches
from ctlab.errors import CheckpointError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.probes.measuring import measure
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.engine.test_patching_in_passes import DRAWING, condition
from tests.engine.test_thought_patching import solved
from tests.models.families.golden_settings import pccot
from tests.shared_data import shared

NAMES = ["pccot-gpt2", "pccot-llama"]
SURE = 1e-3  # a smaller margin is left to float32's rounding


class Golden:
    def __init__(self, name):
        self.folder = shared(f"golden/{name}")
        self.form = json.loads((self.folder / "expected.json").read_text())
        self.model = load_model(self.folder, settings=pccot(self.form))
        self.problems = [Problem(question=question, gold=0) for question in self.form["questions"]]
        every = self.form["conditions"]
        self.forms = {
            name: form for name, form in every.items() if "num_iterations" not in name and "batch" not in name
        }
        self.conditions = [written(name, form) for name, form in self.forms.items()]

    def alone(self, conditions, model=None):
        """Each problem in an official batch of its own."""
        each = [self.answers(conditions, model, [own], padding="as-published") for own in self.problems]
        return {condition.name: [found[condition.name][0] for found in each] for condition in conditions}

    def answers(self, conditions, model=None, problems=None, **options):
        problems = self.problems if problems is None else problems
        batch_tokens = options.pop("batch_tokens", None)
        decoding = Decoding(max_new_tokens=self.form["max_new_tokens"], **options)
        found = {condition.name: {} for condition in conditions}
        chosen = self.model if model is None else model
        for batch in generate_batches(chosen, problems, conditions, decoding, batch_tokens=batch_tokens):
            for name, generations in batch.items():
                found[name].update((each.problem_id, list(each.token_ids)) for each in generations)
        return {name: [each[problem.id] for problem in problems] for name, each in found.items()}

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


def test_tokens(golden):
    """A batch of all as one problem at a time, as the official code and the reference."""
    found = golden.answers(golden.conditions)
    assert found == golden.answers(golden.conditions, batch_tokens=1)
    for name, form in golden.forms.items():
        golden.meet(found[name], form, first_token_ends=True)


def test_tokens_of_one_question_at_a_time_as_published(golden):
    """The official code on one question: nothing is padded, and a first token that is the end is kept."""
    found = golden.alone(golden.conditions)
    for name, form in golden.forms.items():
        golden.meet(found[name], form, first_token_ends=False)


def test_one_pass_fewer_is_another_model(golden):
    model = load_model(
        golden.folder, settings={**pccot(golden.form), "num_iterations": 1, "despite_files": ["num_iterations"]}
    )
    assert model.digest != golden.model.digest
    form = golden.form["conditions"]["baseline_num_iterations_1"]
    golden.meet(golden.answers([BASELINE], model)["baseline"], form, first_token_ends=True)
    golden.meet(golden.alone([BASELINE], model)["baseline"], form, first_token_ends=False)


def test_an_early_answer_is_that_of_a_model_with_fewer_slots(golden):
    """A pass never looks at later slots: what the first k hold after all passes does not depend on how many follow."""
    early = [Condition(name=f"after_{k}", num_thoughts=k) for k in range(6)]
    found = golden.answers(early)
    for k in (1, 4):
        model = load_model(
            golden.folder, settings={**pccot(golden.form), "num_latent": k, "despite_files": ["num_latent"]}
        )
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


def test_thoughts_of_other_problems_are_certified(golden):
    problems = solved(golden.form["questions"][:7])
    conditions = [condition(by, ["CT1", "CT4"], contrast="n_tokens >= 38") for by in DRAWING]
    found = certify(golden.model, problems, conditions, Decoding(max_new_tokens=4))
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys(found)


def test_what_is_measured_is_certified_at_every_pass(golden):
    decoding = Decoding(max_new_tokens=4)
    for at_pass in (None, 1, 2):
        found = certify_probes(golden.model, golden.problems, golden.conditions, decoding, at_pass=at_pass)
        assert {name: [check for check in checks if not check.passed] for name, checks in found.items()} == {
            name: [] for name in golden.forms
        }


def test_a_thought_that_only_the_last_pass_hides_is_read_in_the_one_before(golden):
    asked = [condition for condition in golden.conditions if condition.name == "ct1_hidden_later_last_pass"]
    mass = {}
    for at_pass in (2, 3):
        seen = measure(golden.model, golden.problems, asked, max_new_tokens=2, at_pass=at_pass)[asked[0].name]
        mass[at_pass] = seen.mass[:, seen.readers.index("CT2"), :, seen.segments.index("CT1")]
    assert (mass[3] == 0).all()
    assert (mass[2] > 0).all()


def test_the_folder_states_its_settings(golden):
    least = load_model(golden.folder, settings={"family": "pccot", "use_prj": False})
    assert (least.digest, least.settings) == (golden.model.digest, golden.model.settings)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            {"num_latent": 12},
            "settings: num_latent is 12, but its pccot_args.json says num_latent_tokens 6; leave num_",
        ),
        ({"num_iterations": 1}, "num_iterations is 1, but its config.json says num_iterations 3"),
        ({"answer_prompt": "A:"}, "answer_prompt is 'A:', but its pccot_args.json says answer_prompt 'The answer is:'"),
        ({"lora_alpha": 4}, "lora_alpha is 4, but its adapter_config.json says lora_alpha 16.0"),
        ({"lora_r": 4}, "lora_r is 4, but its adapter_config.json says r 8"),
        ({"begin_ids": [601]}, "begin_ids is (601,), but its pccot_args.json says bot_token_id (600,)"),
        ({"use_rslora": True}, "use_rslora is True, but its adapter_config.json says use_rslora False"),
        ({"despite_files": ["num_latnet"]}, r"despite_files lists settings that are said beside it, such as"),
    ],
)
def test_settings_that_contradict_the_folder(golden, other, said):
    with pytest.raises(CheckpointError) as refused:
        load_model(golden.folder, settings={**pccot(golden.form), **other})
    assert str(refused.value).startswith(f"model {golden.folder.name}: settings: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"use_chat_template": True}, "its pccot_args.json says use_chat_template true: it was trained with"),
        (
            {"bot_token_id": 601, "eot_token_id": 600},
            "its pccot_args.json says bot_token_id 601, and its embedding and",
        ),
        ({"latent_token_id": 603}, "its pccot_args.json says latent_token_id 603"),
    ],
)
def test_arguments_of_another_model(golden, tmp_path, change, said):
    folder = tmp_path / "mine"
    copytree(golden.folder, folder)
    arguments = folder / "pccot_args.json"
    arguments.write_text(json.dumps({**json.loads(arguments.read_text()), **change}))
    with pytest.raises(CheckpointError, match=f"^model mine: {said}"):
        load_model(folder, settings=pccot(golden.form))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"use_prj": True}, "the official code leaves the projection out"),
        ({"num_iterations": 0}, "num_iterations must be a whole number from 1"),
        (
            {"num_iterations": 257},
            "from 1 to 256 .after as many passes as there are thoughts, one more changes nothing",
        ),
        ({"answer_prompt": None}, "answer_prompt must be the text"),
    ],
)
def test_settings_that_cannot_be(golden, other, said):
    with pytest.raises(CheckpointError, match=said):
        load_model(golden.folder, settings={**pccot(golden.form), **other})
