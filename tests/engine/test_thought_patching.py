"""Replaced thoughts against the independent reference in float64: answers, for every way and some of them together."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ctlab
from ctlab.engine import activation_cache_for, undisturbed_thoughts
from ctlab.engine.answers import generate_batches
from ctlab.engine.batch_run import run
from ctlab.engine.plan import plan
from ctlab.engine.undisturbed_thoughts import activation_cache_of
from ctlab.errors import ConditionError, InputError
from ctlab.generation import producer
from ctlab.interventions import Condition
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.interventions.resample_sources import resample_sources
from ctlab.models import load_model
from ctlab.probes import measured
from ctlab.problems import Problem
from ctlab.records import Decoding
from tests.engine.oracle import Oracle
from tests.engine.test_against_oracle import assert_same
from tests.engine.test_golden import KEYS
from tests.interventions.ways import way_form
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi
from tests.shared_data import shared

SOLVED = ["2+3=5", "1+4=5", "9-2=7", "4*2=8", "6+1=7", "3+3=6", ""]
"""Worked solutions of one step, alike in shape: 6 is the result of one alone, and the last problem has none."""


def solved(questions):
    """Problems with these solutions: each but the last has donors of another result, four have one of the same."""
    return [
        Problem(question=question, solution=f"<<{step}>>" if step else "", gold=step.partition("=")[2] or 1)
        for question, step in zip(questions, SOLVED, strict=False)
    ]


PROBLEMS = solved(QUESTIONS)
TOKENS = 4
DECODING = Decoding(dtype="float64", max_new_tokens=TOKENS)
KINDS: dict[str, dict[str, Any]] = {
    "gpt2-eos": {"kind": "gpt2", "remove_eos": False},
    "llama-untied": {"kind": "llama", "tied": False},
    "coconut": {},
}
WAYS = tuple(PATCH_KINDS)


@pytest.fixture(scope="module", params=KINDS)
def answerer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    seed = zlib.crc32(request.param.encode()) % 1000
    if request.param == "coconut":
        form = write_coconut(folder, seed=seed)
    else:
        form = write_codi(folder, seed=seed, **KINDS[request.param])
    oracle = Oracle.read(folder, json.loads((folder / "base" / "config.json").read_text()), form)
    model = load_model(folder, settings=form, allow_pickle=True).cast("float64")
    return model, Reference(oracle, model, PROBLEMS)


class Reference:
    """What docs/generation.md says of each way, worked out problem by problem."""

    def __init__(self, oracle, model, problems):
        self.oracle = oracle
        self.questions = {problem.id: model.encode(problem.question) for problem in problems}
        self.problems = {problem.id: problem for problem in problems}
        self.results = {problem.id: problem.gold_text for problem in problems if problem.solution}
        self.undisturbed = {name: oracle.thoughts(ids) for name, ids in self.questions.items()}

    def answer(self, problem_id, forms):
        edges = [form for form in forms if "keys" in form]
        ways = {thought: form for form in forms if "by" in form for thought in self.numbers(form)}

        def instead(thought, state, made):
            return self.fed(problem_id, thought, state, made, **ways[thought]) if thought in ways else made

        return self.oracle.answer(self.questions[problem_id], edges, TOKENS, instead=instead)

    def numbers(self, form):
        """Which of the vectors that are fed as thoughts a patch replaces."""
        return [k for k in range(6) if form["thoughts"] == "all" or f"CT{k}" in form["thoughts"]]

    def fed(self, problem_id, thought, state, made, *, thoughts, by, seed=0, step=None, first_pass=False, **edit):
        def stretched(vector):
            return vector * (made.norm() / vector.norm())

        ways = {
            "zero": lambda: made * 0,
            "mean": lambda: sum(each[thought] for each in self.undisturbed.values()) / len(self.undisturbed),
            "noise": lambda: self.direction(problem_id, thought, seed, len(made)) * made.norm(),
            "resample": lambda: self.undisturbed[self.other(problem_id, seed)][thought],
            "self": lambda: self.undisturbed[problem_id][thought],
            "decoded": lambda: self.oracle.said(state),
            "baseline": lambda: self.undisturbed[problem_id][thought],
            "decoded-own-norm": lambda: stretched(ways["decoded"]()),
            "mean-own-norm": lambda: stretched(ways["mean"]()),
            "resample-own-norm": lambda: stretched(ways["resample"]()),
            "resample-norm": lambda: made / made.norm() * ways["resample"]().norm(),
            **self.edits(problem_id, thought, made, seed, edit),
            "matched": lambda: self.donated(self.donor(problem_id, seed, same=False), thought, made),
            "matched-same": lambda: self.donated(self.donor(problem_id, seed, same=True), thought, made),
        }
        return ways[by]()

    def edits(self, problem_id, thought, made, seed, edit):
        """What docs/edits.md says, with projections written as matrices (D, D)."""
        others = self.fitted_on(problem_id, seed)
        fit = torch.stack([self.undisturbed[name][thought] for name in others])
        mean, given = fit.mean(0), json.loads(Path(edit["file"]).read_text()) if "file" in edit else {}

        def components():
            away = (fit - mean).numpy()
            return onto(torch.from_numpy(np.linalg.svd(away.T @ away)[0][:, : edit["dimensions"]].T.copy()))

        def random():
            name = f"subspace\n{seed}\nCT{self.number_of(thought)}\n{problem_id}"
            rng = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest(), 16))
            return onto(torch.from_numpy(rng.standard_normal((edit["dimensions"], len(made)))))

        def file():
            return onto(torch.tensor(given["directions"], dtype=torch.float64))

        def onto(axes):
            return torch.linalg.pinv(axes) @ axes

        def difference():
            feature, least = edit["contrast"].split(" >= ")
            holds = torch.tensor([getattr(self.problems[name].features, feature) >= float(least) for name in others])
            return fit[holds].mean(0) - fit[~holds].mean(0)

        own, centre = made.double(), torch.tensor(given.get("centre", 0.0), dtype=torch.float64)
        return {
            "scale": lambda: own * edit["factor"],
            "add-difference": lambda: own + edit["factor"] * difference(),
            "add-noise": lambda: (
                own + edit["factor"] * own.norm() * self.direction(problem_id, thought, seed, len(own))
            ),
            "add-given": lambda: own + edit["factor"] * own.norm() * torch.tensor(given["directions"][0]).double(),
            "project-components": lambda: mean + (own - mean) @ components(),
            "remove-components": lambda: own - (own - mean) @ components(),
            "project-random": lambda: mean + (own - mean) @ random(),
            "remove-random": lambda: own - (own - mean) @ random(),
            "project-given": lambda: centre + (own - centre) @ file(),
            "remove-given": lambda: own - (own - centre) @ file(),
        }

    def number_of(self, thought):
        return thought

    def fitted_on(self, problem_id, seed):
        """Every second problem of an order by hashes: those among which this one is not."""
        order = sorted(self.questions, key=lambda name: hashlib.sha256(f"half\n{seed}\n{name}".encode()).hexdigest())
        return order[1 - order.index(problem_id) % 2 :: 2]

    def direction(self, problem_id, thought, seed, width):
        number = int(hashlib.sha256(f"{seed}\nCT{thought}\n{problem_id}".encode()).hexdigest(), 16)
        noise = torch.from_numpy(np.random.default_rng(number).standard_normal(width))
        return noise / noise.norm()

    def donated(self, donor, thought, made):
        return made if donor is None else self.undisturbed[donor][thought]

    def donor(self, problem_id, seed, *, same):
        """The next one further on in the circle whose only step has another result, or the same."""
        circle = sorted(self.results, key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest())
        if problem_id not in circle:
            return None
        further = (circle * 2)[circle.index(problem_id) + 1 :][: len(circle) - 1]
        own = self.results[problem_id]
        return next((name for name in further if (self.results[name] == own) == same), None)

    def other(self, problem_id, seed):
        circle = sorted(self.questions, key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest())
        return (circle * 2)[circle.index(problem_id) + 1]


def compare(answerer, forms, budget=300, problems=PROBLEMS):
    model, reference = answerer
    conditions = [
        Condition.from_json({"name": f"c{number}", "interventions": form, "no_op": True})
        for number, form in enumerate(forms)
    ]
    found = {condition.name: {} for condition in conditions}
    for batch in generate_batches(model, problems, conditions, DECODING, batch_tokens=budget):
        for name, generations in batch.items():
            found[name].update((each.problem_id, each.token_ids) for each in generations)
    assert all(len(each) == len(problems) for each in found.values())
    for condition, form in zip(conditions, forms, strict=True):
        for problem in problems:
            assert_same(found[condition.name][problem.id], *reference.answer(problem.id, form))
    return found


@pytest.mark.parametrize(
    "thoughts",
    [
        pytest.param(["CT0"], marks=pytest.mark.slow),
        ["CT2", "CT4"],
        pytest.param("all", marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_each_way_answers_as_the_reference_does(answerer, thoughts):
    found = compare(answerer, [[], *([way_form(by, thoughts)] for by in WAYS)])
    baseline = found.pop("c0")
    changed = {by: answers != baseline for by, answers in zip(WAYS, found.values(), strict=True)}
    assert not any(changed[by] for by, kind in PATCH_KINDS.items() if kind.restores)
    # a gentle way may leave the few tokens of a random model as they are, but hardly most of the ways do
    assert sum(changed.values()) > len(WAYS) / 2


def test_hiding_and_giving_back_answer_as_the_reference_does(answerer):
    hide = {"keys": ["CT0"], "readers": "later"}
    compare(
        answerer,
        [
            [hide],
            [hide, {"thoughts": ["CT2"], "by": "baseline"}],
            [hide, {"thoughts": ["CT2", "CT3", "CT4", "CT5"], "by": "baseline"}],
            [{"thoughts": ["CT0"], "by": "resample"}, {"thoughts": ["CT1"], "by": "baseline"}],
        ],
    )


@pytest.mark.parametrize(
    "name",
    ["codi-gpt2", *(pytest.param(name, marks=pytest.mark.slow) for name in ("codi-gpt2-eos-noln", "codi-llama"))],
)
def test_golden_checkpoints_answer_as_the_reference_does(name):
    folder = shared(f"golden/{name}")
    form = json.loads((folder / "expected.json").read_text())
    model = load_model(folder, settings={key: form[key] for key in KEYS}).cast("float64")
    problems = solved(form["questions"][:4])
    oracle = Oracle.read(folder, json.loads((folder / "base" / "config.json").read_text()), form)
    reference = Reference(oracle, model, problems)
    few = {"width": 64, "contrast": "n_tokens >= 30", "dimensions": 1}  # of four problems, two in each half
    forms = [[way_form(by, ["CT0", "CT3"], **few)] for by in WAYS]
    found = compare((model, reference), forms, problems=problems)
    for itself in (f"c{WAYS.index('self')}", f"c{WAYS.index('baseline')}"):
        for problem, tokens in zip(problems, form["conditions"]["baseline"]["tokens"], strict=False):
            assert list(found[itself][problem.id]) == tokens[:TOKENS]


REPLACEMENTS = st.builds(
    lambda thoughts, by, seed: way_form(by, thoughts, **({"seed": seed} if PATCH_KINDS[by].seeded else {})),
    st.lists(st.sampled_from([f"CT{k}" for k in range(6)]), min_size=1, max_size=3, unique=True),
    st.sampled_from(WAYS),
    st.integers(0, 2),
)
EDGES = st.fixed_dictionaries(
    {
        "keys": st.sampled_from([["CT0"], ["CT1", "CT3"], "thoughts", "question"]),
        "readers": st.sampled_from(["thoughts", "answer", ["CT4"]]),
        "keep": st.sampled_from([0.25, 0.5]),
    },
    optional={"layers": st.just([1])},
)
FORMS = st.lists(st.lists(st.one_of(REPLACEMENTS, EDGES), min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.mark.parametrize(
    "answerer",
    ["coconut", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("gpt2-eos", "llama-untied"))],
    indirect=True,
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=FORMS, budget=st.sampled_from([1, 400, 4000]))
def test_random_mixtures_answer_as_the_reference_does(answerer, forms, budget):
    fed_once = [form for form in forms if readable(form)]
    if fed_once:
        compare(answerer, fed_once, budget)


def readable(form):
    try:
        return Condition.from_json({"name": "c", "interventions": form})
    except ConditionError:
        return None  # a thought that is replaced twice


def test_the_activation_cache_holds_the_undisturbed_thoughts(answerer):
    model, reference = answerer
    for budget in (1, 200, None):
        activations = activation_cache_of(model, PROBLEMS, DECODING, batch_tokens=budget)
        for problem in PROBLEMS:
            np.testing.assert_allclose(
                activations.of(problem.id),
                reference.undisturbed[problem.id],
                atol=1e-6 if reference.oracle.gpt2 else 1e-4,
            )


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return load_model(folder, settings=write_codi(folder, "llama", seed=7))


def way(by, name="c", thoughts=("CT0",), **fields):
    return Condition.from_json({"name": name, "interventions": [way_form(by, thoughts, **fields)]})


def test_a_part_of_the_set_answers_as_in_the_whole(model):
    conditions = [way("resample", "resampled"), way("mean", "mean"), way("noise", "noise"), way("matched", "matched")]
    decoding = Decoding(max_new_tokens=TOKENS)
    whole = ctlab.generate(model, PROBLEMS, conditions, max_new_tokens=TOKENS, certificates=False)
    part = [problem.id for problem in PROBLEMS[2:4]]
    produce = producer(model, PROBLEMS, conditions, decoding)
    found = {}
    for batch in produce({condition.name: part for condition in conditions}):
        for name, generations in batch.items():
            found.update({(name, each.problem_id): each for each in generations})
    assert found == {(name, each.problem_id): each for name in whole for each in whole[name] if each.problem_id in part}
    activations = activation_cache_for(conditions, model, PROBLEMS, decoding)
    (batch,) = generate_batches(model, PROBLEMS[2:4], conditions, decoding, activations=activations)
    assert batch == {name: whole[name][2:4] for name in whole}
    # drawn from the two alone, each would get the other's: another experiment
    (among_two,) = generate_batches(model, PROBLEMS[2:4], conditions, decoding)
    assert among_two["resampled"] != whole["resampled"][2:4]
    assert among_two["noise"] == whole["noise"][2:4]


def test_what_is_given_back_brings_its_own_baseline_and_says_nothing_of_it(model):
    hide = {"keys": ["CT0"], "readers": "later"}
    giving = Condition.from_json({"name": "giving", "interventions": [hide, {"thoughts": ["CT3"], "by": "baseline"}]})
    alone = ctlab.generate(model, PROBLEMS, [giving], max_new_tokens=TOKENS)
    beside = ctlab.generate(model, PROBLEMS, [ctlab.Condition(name="plain"), giving], max_new_tokens=TOKENS)
    assert list(alone) == ["giving"]
    assert alone["giving"] == beside["giving"]
    assert alone.certificates["giving"].passed
    measured = ctlab.measure(model, PROBLEMS, [giving], max_new_tokens=TOKENS)
    assert list(measured) == ["baseline", "giving"]


def test_where_nothing_but_thoughts_is_read_the_thoughts_of_another_problem_give_its_answer(model):
    """The question hidden from all that comes after it, an answer can depend on nothing but what is fed as thoughts.

    Positions are relative in this network, so that not even the question's length is left.
    """
    conditions = [
        Condition.from_json(
            {
                "name": name,
                "interventions": [{"keys": "question", "readers": "later"}, {"thoughts": "all", "by": by, **fields}],
            }
        )
        for name, by, fields in (("own", "baseline", {}), ("others", "resample", {"seed": 3}), ("mean", "mean", {}))
    ]
    runs = ctlab.generate(model, PROBLEMS, conditions, max_new_tokens=TOKENS, dtype="float64")
    assert all(each.passed for each in runs.certificates.values())
    answers = {each.problem_id: each.token_ids for each in runs["own"]}
    assert len(set(answers.values())) > 3
    sources = resample_sources(list(answers), 3)
    assert {each.problem_id: each.token_ids for each in runs["others"]} == {
        problem: answers[source] for problem, source in sources.items()
    }
    assert len({each.token_ids for each in runs["mean"]}) == 1


def test_only_zero_is_fed_as_zero(model):
    planned = plan(model, PROBLEMS, [way("zero")], Decoding(max_new_tokens=1))

    class Inputs:
        def __init__(self):
            self.at = {}

        def prefill_attention(self, *_):
            pass

        attention = prefill_attention

        def hidden_states(self, step, embeddings, states):
            self.at[step.cache.width] = embeddings

    inputs = Inputs()
    run(planned, range(len(PROBLEMS)), inputs)
    begin = planned.layout.begin
    assert (inputs.at[begin] == 0).all()
    assert all((each.abs().sum(-1) > 0).all() for width, each in inputs.at.items() if width != begin)


def test_answers_say_whose_thought_was_fed_and_a_problem_without_a_donor_is_left_as_it_is(model):
    conditions = [
        ctlab.Condition(name="baseline"),
        way("matched", "exchanged", ("CT0", "CT3")),
        way("matched-same", "control", ("CT0", "CT3")),
    ]
    runs = ctlab.generate(model, PROBLEMS, conditions, max_new_tokens=TOKENS, batch_tokens=60)
    assert all(each.passed for each in runs.certificates.values()), runs.certificates
    result = {problem.id: problem.gold_text for problem in PROBLEMS}
    without = {}
    for name, same in (("exchanged", False), ("control", True)):
        donors = {each.problem_id: each.donor for each in runs[name]}
        assert all((result[one] == result[other]) == same for one, other in donors.items() if other)
        without[name] = [number for number, each in enumerate(runs[name]) if not each.donor]
        for number in without[name]:
            assert runs[name][number] == runs["baseline"][number]
    assert without == {"exchanged": [6], "control": [3, 5, 6]}
    assert not any(each.donor for each in runs["baseline"])
    assert runs["exchanged"] != runs["baseline"]


def test_a_condition_that_finds_no_donor_at_all_is_refused(model):
    late = way("matched", step=2)
    with pytest.raises(
        InputError, match=r"condition 'c': none of the 7 problems has a donor, .* result of step 2; give"
    ):
        ctlab.generate(model, PROBLEMS, [late], max_new_tokens=2)
    unsolved = [Problem(question=question, gold=1) for question in QUESTIONS]
    with pytest.raises(InputError, match="none of the 7 problems has a donor"):
        ctlab.measure(model, unsolved, [way("matched")], max_new_tokens=2)


def test_a_batch_in_which_nobody_has_a_donor_is_answered_as_it_is(model):
    decoding = Decoding(max_new_tokens=TOKENS)
    conditions = [ctlab.Condition(name="baseline"), way("matched")]
    activations = activation_cache_of(model, PROBLEMS, decoding)
    (batch,) = generate_batches(model, PROBLEMS[6:], conditions, decoding, activations=activations)
    assert batch["c"] == batch["baseline"]
    assert [each.donor for each in batch["c"]] == [""]


@pytest.mark.parametrize("by", ["resample", "mean", "matched"])
def test_one_problem_has_no_other(model, by):
    with pytest.raises(InputError, match="only where there are two problems or more, not 1"):
        ctlab.generate(model, PROBLEMS[:1], [way(by)], max_new_tokens=2)
    assert ctlab.generate(model, PROBLEMS[:1], [way("noise")], max_new_tokens=2)["c"]


def test_a_cache_of_other_problems_is_refused(model):
    decoding = Decoding(max_new_tokens=2)
    activations = activation_cache_of(model, PROBLEMS[:3], decoding)
    with pytest.raises(InputError, match="is not among the 3 whose thoughts are drawn on"):
        list(generate_batches(model, PROBLEMS, [way("resample")], decoding, activations=activations))


def test_running_out_of_memory_halves_the_caches_batch_too(model, monkeypatch):
    from ctlab.engine import undisturbed_thoughts

    honest, decoding = undisturbed_thoughts.run, Decoding(max_new_tokens=2)
    whole = activation_cache_of(model, PROBLEMS, decoding)

    def scarce(planned, indices, hooks=None):
        if len(indices) > 2:
            raise torch.OutOfMemoryError("too much")
        return honest(planned, indices, hooks)

    monkeypatch.setattr(undisturbed_thoughts, "run", scarce)
    np.testing.assert_allclose(activation_cache_of(model, PROBLEMS, decoding).thoughts, whole.thoughts, atol=1e-3)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_a_swap_for_itself_changes_no_token(model, dtype):
    conditions = [ctlab.Condition(name="baseline")]
    conditions += [
        Condition.from_json({"name": name, "interventions": [{"thoughts": thoughts, "by": by}], "no_op": True})
        for name, thoughts, by in (("one", ["CT0"], "self"), ("every", "all", "self"), ("back", "all", "baseline"))
    ]
    runs = ctlab.generate(model, PROBLEMS, conditions, max_new_tokens=TOKENS, dtype=dtype)
    assert {name: each.failure() for name, each in runs.certificates.items()} == dict.fromkeys(runs)
    assert all(runs[name] == runs["baseline"] for name in runs)
    assert runs.certificates["back"].identical_to == "every"
    assert runs.certificates["one"].thoughts_replaced == 0


def test_measuring_sees_what_was_fed(model):
    hide = {"keys": ["CT0"], "readers": "later"}
    conditions = [
        way("zero", "zeroed", ("CT1",)),
        way("noise", "noise", ("CT1",)),
        way("resample", "resampled", ("CT1",)),
        Condition.from_json({"name": "hidden", "interventions": [hide]}),
        Condition.from_json({"name": "given", "interventions": [hide, {"thoughts": ["CT2"], "by": "baseline"}]}),
    ]
    found = ctlab.measure(model, PROBLEMS, conditions, max_new_tokens=2)
    fed = {name: (seen.distance[:, :, 0], seen.cosine[:, :, 0]) for name, seen in found.items() if name != "baseline"}
    for name in ("zeroed", "noise", "resampled"):
        assert (fed[name][0][:, 0] == 0).all()
        assert (fed[name][0][:, 1:6] > 0).all()
    np.testing.assert_allclose(fed["zeroed"][0][:, 1], 1)
    assert (fed["zeroed"][1][:, 1] == 0).all()
    # of equal norm: |a - b|^2 = 2 |a|^2 (1 - cosine)
    np.testing.assert_allclose(fed["noise"][0][:, 1] ** 2, 2 - 2 * fed["noise"][1][:, 1], atol=1e-4)
    # what the thought would have said is read before it is replaced
    assert (found["resampled"].decoded_ids[:, :2] == found["baseline"].decoded_ids[:, :2]).all()
    assert (fed["hidden"][0][:, 2] > 0).all()
    assert (fed["given"][0][:, 2] == 0).all()
    assert (fed["given"][0][:, 3] > 0).all()


def test_a_part_is_measured_with_the_activations_of_the_whole(model):
    conditions, decoding = [way("resample")], Decoding(max_new_tokens=2)
    whole = ctlab.measure(model, PROBLEMS, conditions, max_new_tokens=2)["c"]
    activations = activation_cache_for(conditions, model, PROBLEMS, decoding)
    part = measured(model, PROBLEMS[:3], conditions, decoding, activations=activations)["c"]
    np.testing.assert_allclose(part.distance, whole.distance[:3], atol=1e-3)


PAIRED = [
    Problem(question=f"{a} + {b} ?", solution=f"<<{a}+{b}={a + b}>>", gold=a + b)
    for a, b in ((12, 3), (25, 4), (31, 8), (44, 7))
] + [Problem(question="nobody ?", gold=3)]


@pytest.mark.parametrize("pairs", ["generated", "crossed"])
def test_generated_donors_think_for_themselves_and_are_fed_exactly(answerer, pairs):
    """Held to the reference in float64, which is asked the donor's question; who has no pair is left as it is."""
    model, first = answerer
    reference = Reference(first.oracle, model, PAIRED)
    form = {"thoughts": ["CT1", "CT3"], "by": "matched", "step": 1, "pairs": pairs}
    condition = Condition.from_json({"name": "c", "interventions": [form]})
    found = {}
    for batch in generate_batches(model, PAIRED, [condition], DECODING, batch_tokens=60):
        found |= {each.problem_id: each for each in batch["c"]}
    chosen = generated_pairs(tuple(PAIRED), condition.matching)
    assert len(chosen) == 4
    for problem in PAIRED:
        pair = chosen.get(problem.id)
        assert found[problem.id].donor == ("" if pair is None else pair.donor.id)
        thoughts = None if pair is None else first.oracle.thoughts(model.encode(pair.donor.question))

        def instead(thought, state, made, thoughts=thoughts):
            return made if thoughts is None or thought not in (1, 3) else thoughts[thought]

        expected = reference.oracle.answer(reference.questions[problem.id], [], TOKENS, instead=instead)
        assert_same(found[problem.id].token_ids, *expected)


def test_a_cache_is_given_what_it_lacks_and_nothing_is_thought_twice(answerer, monkeypatch):
    model, _ = answerer
    forms = [
        {
            "name": f"c{seed}",
            "interventions": [{"thoughts": ["CT1"], "by": "matched", "step": 1, "pairs": "generated", "seed": seed}],
        }
        for seed in range(2)
    ]
    one, other = map(Condition.from_json, forms)
    first = activation_cache_for([one], model, PAIRED, DECODING)
    asked = []
    honest = undisturbed_thoughts._kept
    monkeypatch.setattr(
        undisturbed_thoughts, "_kept", lambda planned, *given: asked.append(planned.problems) or honest(planned, *given)
    )
    second = activation_cache_for([one, other], model, PAIRED, DECODING, known=first)
    assert [len(problems) for problems in asked] == [len(second.generated) - len(first.generated)]
    assert activation_cache_for([one], model, PAIRED, DECODING, known=second) is second
    assert second.generated[: len(first.generated)] == first.generated
    for donor in first.generated:
        np.testing.assert_array_equal(second.of(donor.id), first.of(donor.id))
    np.testing.assert_array_equal(second.mean, first.mean)
    with pytest.raises(InputError, match="thoughts of donor"):
        list(generate_batches(model, PAIRED, [other], DECODING, activations=first))
