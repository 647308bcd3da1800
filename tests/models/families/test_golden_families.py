"""Golden vectors of the families with slots one after another or all at once: every condition, token for token.

What the official code of each family answered (`baseline`) and what a dense reference in float64 says of interventions.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from ctlab.certify import certify
from ctlab.engine.answers import generate_batches
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.patch_kind import Source
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.interventions.usual import early_answers, usual_conditions
from ctlab.models import load_model
from ctlab.models.families import FAMILIES
from ctlab.models.thought_program import LearnedEmbedding
from ctlab.problems import Problem
from ctlab.records.generation import PADDINGS, Decoding
from tests.interventions.ways import way_form
from tests.models.families.golden_settings import BY_FOLDER, golden_settings
from tests.shared_data import shared

SURE = 1e-3  # a smaller margin is left to float32's rounding


NAMES = [name for name in BY_FOLDER if not name.startswith(("pccot", "huginn"))]


class Golden:
    """One folder, loaded."""

    def __init__(self, name: str) -> None:
        self.folder = shared(f"golden/{name}")
        self.form = json.loads((self.folder / "expected.json").read_text())
        self.settings = golden_settings(self.folder)
        self.model = load_model(self.folder, settings=self.settings)
        self.problems = [Problem(question=question, gold=0) for question in self.form["questions"]]

    def answers(self, conditions, *, padding="exact", batch_tokens=None) -> Mapping[str, list[list[int]]]:
        """Ids by condition and question."""
        found: dict[str, dict[str, tuple[int, ...]]] = {condition.name: {} for condition in conditions}
        decoding = Decoding(padding=padding, max_new_tokens=self.form["max_new_tokens"])
        for batch in generate_batches(self.model, self.problems, conditions, decoding, batch_tokens=batch_tokens):
            for condition, generations in batch.items():
                found[condition].update((each.problem_id, each.token_ids) for each in generations)
        return {name: [list(each[problem.id]) for problem in self.problems] for name, each in found.items()}

    def part(self, indices: list[int], **settings: Any) -> "Golden":
        """Some of its questions, under other settings."""
        other = copy.copy(self)
        other.model = load_model(self.folder, settings={**self.settings, **settings})
        other.problems = [self.problems[index] for index in indices]
        return other

    def meet(self, answers: list[list[int]], form: Mapping[str, Any], padding: str = "as-published") -> None:
        """Hold answers to expected ones, each until a margin is too small to be sure of."""
        eos = self.form["eos_token_id"]
        for answer, tokens, margins, stopped in zip(
            answers, form["tokens"], form["margins"], form["stopped"], strict=True
        ):
            expected = tokens
            if len(margins) > len(tokens):  # the official code takes the end token off
                assert stopped == "eos"
                expected = [*tokens, eos]
            if padding == "exact" and tokens[0] == eos:  # some official codes do not look whether the first one is
                expected = [eos]
            sure = next((index for index, margin in enumerate(margins) if margin < SURE), len(margins))
            assert answer[:sure] == expected[:sure], form["interventions"]
            if sure >= len(expected):
                assert len(answer) == len(expected), form["interventions"]

    @property
    def conditions(self) -> list[Condition]:
        """Those that are asked of a model that thinks its usual number of thoughts."""
        forms = self.form["conditions"].items()
        return [condition(name, form) for name, form in forms if "number_of_thoughts" not in form]


def condition(name: str, form: Mapping[str, Any]) -> Condition:
    """One of expected.json's; ``embedding: zeros`` is what a patch by zero feeds."""
    written = [
        {"thoughts": each["thoughts"], "by": "zero"} if each.get("embedding") == "zeros" else each
        for each in form["interventions"]
    ]
    return Condition.from_json({"name": name, "interventions": written})


# The others are of a family that one of these is of, and are slow for that alone.
QUICK = ("coconut-gpt2", "bmarti-m1-cot", "bmarti-m3-pause", "latenttts-codi")
FOLDERS = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in NAMES]
THINKING = [param for param in FOLDERS if param.values != ("bmarti-m1-cot",)]


@pytest.fixture(scope="module", params=FOLDERS)
def golden(request):
    return Golden(request.param)


def test_tokens(golden):
    """As published what the official code and the reference say, in a batch of all as one problem at a time."""
    for padding in PADDINGS:
        found = golden.answers(golden.conditions, padding=padding)
        for name, answers in found.items():
            golden.meet(answers, golden.form["conditions"][name], padding)
    assert found == golden.answers(golden.conditions, padding="as-published", batch_tokens=1)


@pytest.mark.parametrize("golden", [param for param in THINKING if "pause" in param.values[0]], indirect=True)
def test_thoughts_counted_by_the_gold_solution(golden):
    """What the published numbers of the study were made with: as many thoughts as the solution has steps, at most 6."""
    form = golden.form["conditions"]["baseline_thoughts_by_steps"]
    answers: dict[int, list[int]] = {}
    for count in sorted(set(form["number_of_thoughts"])):
        own = [index for index, steps in enumerate(form["number_of_thoughts"]) if steps == count]
        part = golden.part(own, num_latent=count)
        answers.update(zip(own, part.answers([BASELINE], padding="as-published")["baseline"], strict=True))
    golden.meet([answers[index] for index in range(len(answers))], form)


@pytest.mark.parametrize("golden", [param for param in THINKING if "pause" in param.values[0]], indirect=True)
def test_early_answers_of_the_model_with_all_thoughts_are_those(golden):
    """The official answers after 3 to 6 thoughts, from one pass under conditions."""
    form = golden.form["conditions"]["baseline_thoughts_by_steps"]
    early = golden.answers(list(early_answers(6).values()), padding="as-published")
    counts = form["number_of_thoughts"]
    golden.meet([early["baseline" if k == 6 else f"after_{k}"][index] for index, k in enumerate(counts)], form)


@pytest.mark.parametrize("golden", THINKING, indirect=True)
def test_early_answers_in_float64(golden):
    """Held to a recompute in one piece of a sequence with k thoughts."""
    early = list(early_answers(6).values())
    decoding = Decoding(dtype="float64", max_new_tokens=4)
    found = certify(golden.model.cast("float64"), golden.problems, early, decoding)
    failures = {name: each.failure() for name, each in found.items()}
    assert failures == dict.fromkeys(each.name for each in early)


@pytest.mark.parametrize("name", ["coconut-gpt2", "bmarti-m1-cot", "bmarti-m3-pause"])
def test_pickles_are_the_same_weights(name):
    golden = Golden(name)
    (path,) = golden.folder.glob("checkpoint_*")
    model = load_model(path, base=golden.folder / "base", settings=golden.settings, allow_pickle=True)
    assert model.fingerprint() == golden.model.fingerprint()


class Margins:
    """`hooks.Hooks` that notes the gap between the two highest logits wherever an answer's token is read."""

    def __init__(self, planned, indices) -> None:
        self.planned, self.indices, self.rows = planned, indices, {}

    def prefill_attention(self, *seen) -> None: ...
    def question_states(self, *seen) -> None: ...
    def attention(self, *seen) -> None: ...

    def hidden_states(self, step, embeddings, states) -> None:
        last = step.width - self.planned.layout.tail  # answer tokens that are read so far
        if last < 0:
            return
        head = self.planned.model.network.get_output_embeddings()
        top = head(states[:, -1])[:, : self.planned.model.logits_considered].topk(2).values
        gaps = (top[:, 0] - top[:, 1]).tolist()
        rows = zip(step.cache.problem_of.tolist(), step.cache.branch_of.tolist(), gaps, strict=True)
        self.rows.update({(step.level, problem, branch, last): gap for problem, branch, gap in rows})

    def of(self, condition: int, problem: int, tokens: int) -> list[float]:
        """Margins of one answer's tokens; problems count as in the batch."""
        levels = self.planned.tree.levels
        end, answer = len(levels) - 2, len(levels) - 1
        places = [(end if count == 0 else answer, count) for count in range(tokens)]
        return [self.rows[level, problem, levels[level].branch_of[condition], count] for level, count in places]


@pytest.mark.parametrize("golden", THINKING, indirect=True)
def test_margins_in_float64(golden):
    """What ids cannot tell: thoughts that are one fixed vector hardly speak to each other."""
    model, watches = golden.model.cast("float64"), []
    decoding = Decoding(padding="as-published", dtype="float64", max_new_tokens=golden.form["max_new_tokens"])

    def watch(planned, indices):
        watches.append(Margins(planned, indices))
        return watches[-1]

    (batch,) = generate_batches(model, golden.problems, golden.conditions, decoding, watch=watch)
    (seen,) = watches
    for number, condition in enumerate(golden.conditions):
        expected = golden.form["conditions"][condition.name]["margins"]
        for place, index in enumerate(seen.indices):
            answer = batch[condition.name][place].token_ids
            found = seen.of(number, place, len(answer))
            # Six decimals are written down.
            np.testing.assert_allclose(found, expected[index][: len(found)], rtol=0, atol=1e-6, err_msg=condition.name)


def test_certificates(golden):
    """Conditions as the folder has them, held to the family's own formula of a thought."""
    conditions = golden.conditions
    found = certify(golden.model, golden.problems, conditions, Decoding(max_new_tokens=6))
    assert {name: each.failure() for name, each in found.items()} == dict.fromkeys([each.name for each in conditions])


@pytest.mark.slow
@pytest.mark.parametrize("golden", ["coconut-gpt2", "bmarti-m3-pause", "latenttts-codi"], indirect=True)
def test_what_every_model_can_be_asked_is_certified(golden):
    """Every usual condition and every way to patch that needs no worked solution, from what the program says alone."""
    conditions = list(usual_conditions(golden.model.num_thoughts).values())
    one_vector = LearnedEmbedding() in golden.model.program.slots  # of which there are no components
    given_back = [{"thoughts": ["CT2"], "by": "baseline"}, {"keys": ["CT0"], "readers": "later"}]
    middle = sorted(problem.features.n_tokens for problem in golden.problems)[len(golden.problems) // 2]
    asked = {"width": golden.model.network.config.hidden_size, "contrast": f"n_tokens >= {middle}"}
    for kind in PATCH_KINDS.values():
        if not kind.matched and not (one_vector and Source.WITHIN_COMPONENTS in kind.sources):
            fed = given_back if kind.by == "baseline" else [way_form(kind.by, ["CT2"], **asked)]
            form = {"name": f"by_{kind.by}".replace("-", "_"), "interventions": fed, "no_op": kind.by == "self"}
            conditions.append(Condition.from_json(form))
    found = certify(golden.model, golden.problems, conditions, Decoding(max_new_tokens=6))
    # One and the same vector in all problems: another problem's, and the mean, are what is fed anyway.
    fixed = {
        "by_mean",
        "by_mean_own_norm",
        "by_resample",
        "by_resample_own_norm",
        "by_resample_norm",
        "by_add_difference",
        "by_project_random",
        "by_remove_random",
    }
    idle = fixed if one_vector else ()
    assert {name for name, each in found.items() if each.failure()} == set(idle)
    assert all("bites" in found[name].failure() for name in idle)


@pytest.mark.parametrize("golden", THINKING, indirect=True)
def test_another_formula_of_a_thought_fails(golden, monkeypatch):
    family = type(FAMILIES[golden.settings["family"]])
    right = family.recomputed_thought
    monkeypatch.setattr(family, "recomputed_thought", lambda *given: right(*given) * 1.01)
    (found,) = certify(golden.model, golden.problems[:2], golden.conditions[:1], Decoding(max_new_tokens=6)).values()
    assert "thoughts within" in found.failure()
