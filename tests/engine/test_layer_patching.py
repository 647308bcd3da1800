"""Patches at layers against the independent reference in float64: residual streams, keys and values, for every way."""

import json
import zlib
from itertools import product

import pytest
import torch

import ctlab
from ctlab.engine import activation_cache_for, generate_batches
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.edge_factors import edge_factors
from ctlab.engine.layout import Layout
from ctlab.engine.network_layers import turned
from ctlab.engine.undisturbed_thoughts import activation_cache_of
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.models import load_model
from ctlab.models.unrolled import Unrolled
from ctlab.problems import Problem
from tests.engine.layer_oracle import LayerOracle
from tests.engine.test_against_oracle import assert_same
from tests.engine.test_golden import KEYS
from tests.engine.test_thought_patching import DECODING, KINDS, PROBLEMS, TOKENS, Reference, solved
from tests.interventions.ways import way_form
from tests.models.checkpoints.making_checkpoints import write_coconut, write_codi
from tests.shared_data import shared

FEW = PROBLEMS[:4]
"""Two of the same result, two of others; and the set that is drawn on."""
WAYS = [by for by, kind in PATCH_KINDS.items() if kind.works_at_a_layer]
POSITIONS = ("residual", "key", "value")
IN_THE_GATE = {("llama-untied", "key"), ("gpt2-eos", "value"), ("coconut", "residual")}
LAYERS = ([0], [1], [0, 1])


class LayerReference(Reference):
    """What docs/layer_patches.md says, worked out problem by problem."""

    def __init__(self, oracle, model, problems):
        super().__init__(oracle, model, problems)
        self.begin = len(model.begin_ids)
        self.there = {}
        for name, ids in self.questions.items():
            oracle.thoughts(ids)
            self.there[name] = dict(oracle.seen)

    def answer(self, problem_id, forms):
        first = len(self.questions[problem_id]) + self.begin
        self.oracle.swaps = [
            (first + thought, layer, form["at"]["position"], vector)
            for form in forms
            if "at" in form
            for thought, layer in product(self.numbers(form), form["at"]["layers"])
            if (vector := self.put(problem_id, thought, form["at"]["position"], layer, **form)) is not None
        ]
        try:
            return super().answer(problem_id, [form for form in forms if "at" not in form])
        finally:
            self.oracle.swaps = []

    def put(self, problem_id, thought, what, layer, *, thoughts, by, at, seed=0, step=None):
        def of(name):
            return self.there[name][what, layer][len(self.questions[name]) + self.begin + thought]

        def donated(donor):
            return None if donor is None else of(donor)

        def stretched(vector):
            return lambda own: vector * (own.norm() / vector.norm())

        mean = sum(map(of, self.questions)) / len(self.questions)
        return {
            "zero": lambda: 0.0 * mean,
            "mean": lambda: mean,
            "resample": lambda: of(self.other(problem_id, seed)),
            "self": lambda: of(problem_id),
            "baseline": lambda: of(problem_id),
            "mean-own-norm": lambda: stretched(mean),
            "resample-own-norm": lambda: stretched(of(self.other(problem_id, seed))),
            "resample-norm": lambda: lambda own: own * (of(self.other(problem_id, seed)).norm() / own.norm()),
            "matched": lambda: donated(self.donor(problem_id, seed, same=False)),
            "matched-same": lambda: donated(self.donor(problem_id, seed, same=True)),
        }[by]()


def read(folder, form):
    return LayerOracle.read(folder, json.loads((folder / "base" / "config.json").read_text()), form)


@pytest.fixture(scope="module", params=KINDS)
def answerer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    seed = zlib.crc32(request.param.encode()) % 1000
    if request.param == "coconut":
        form = write_coconut(folder, seed=seed)
    else:
        form = write_codi(folder, seed=seed, **KINDS[request.param])
    model = load_model(folder, settings=form, allow_pickle=True).cast("float64")
    return model, LayerReference(read(folder, form), model, FEW)


def at(by, thoughts, position, layers, **fields):
    return way_form(by, thoughts, at={"layers": layers, "position": position}, **fields)


def answers(model, conditions, problems=FEW, budget=300):
    found = {condition.name: {} for condition in conditions}
    for batch in generate_batches(model, problems, conditions, DECODING, batch_tokens=budget):
        for name, generations in batch.items():
            found[name].update((each.problem_id, each.token_ids) for each in generations)
    return found


def compare(answerer, forms, problems=FEW):
    model, reference = answerer
    conditions = [
        Condition.from_json({"name": f"c{number}", "interventions": form, "no_op": True})
        for number, form in enumerate(forms)
    ]
    found = answers(model, conditions, problems)
    for condition, form in zip(conditions, forms, strict=True):
        for problem in problems:
            assert_same(found[condition.name][problem.id], *reference.answer(problem.id, form))
    return found


@pytest.mark.parametrize(
    ("answerer", "position"),
    [
        pytest.param(kind, position, marks=() if (kind, position) in IN_THE_GATE else pytest.mark.slow)
        for kind, position in product(KINDS, POSITIONS)
    ],
    indirect=["answerer"],
)
def test_each_way_answers_as_the_reference_does(answerer, position):
    asked = [(by, LAYERS[number % len(LAYERS)]) for number, by in enumerate(WAYS)]
    found = compare(answerer, [[], *([at(by, ["CT1", "CT3"], position, layers)] for by, layers in asked)])
    baseline = found.pop("c0")
    changed = {by: each != baseline for by, each in zip(WAYS, found.values(), strict=True)}
    assert not any(changed[by] for by, kind in PATCH_KINDS.items() if by in changed and kind.restores)
    # A random model's few tokens stand much; their margins over the second best do not.
    _, reference = answerer
    for by, layers in asked:
        if not PATCH_KINDS[by].restores:
            moved = [reference.answer(each.id, [at(by, ["CT1", "CT3"], position, layers)])[1] for each in FEW[:1]]
            assert moved != [reference.answer(each.id, [])[1] for each in FEW[:1]]


def test_several_patches_together_answer_as_the_reference_does(answerer):
    hide = {"keys": ["CT0"], "readers": "later"}
    compare(
        answerer,
        [
            [hide, at("baseline", ["CT2"], "residual", [0])],
            [hide, at("baseline", "all", "key", [0, 1]), at("baseline", "all", "value", [1, 0])],
            [way_form("zero", ["CT0"]), at("resample", ["CT0"], "residual", [0]), at("zero", ["CT4"], "value", [1])],
            [
                at("mean", ["CT5"], "key", [1]),
                at("mean", ["CT5"], "value", [1]),
                at("matched", ["CT5"], "residual", [0]),
            ],
            [at("resample", ["CT2"], "key", [0], seed=3), way_form("baseline", ["CT4"])],
        ],
    )


@pytest.mark.parametrize("name", ["codi-gpt2", pytest.param("codi-llama", marks=pytest.mark.slow)])
def test_golden_checkpoints_answer_as_the_reference_does(name):
    folder = shared(f"golden/{name}")
    form = json.loads((folder / "expected.json").read_text())
    model = load_model(folder, settings={key: form[key] for key in KEYS}).cast("float64")
    problems = solved(form["questions"][:4])
    reference = LayerReference(read(folder, form), model, problems)
    forms = [[at(by, ["CT0", "CT3"], what, [1])] for by in ("self", "resample", "mean") for what in POSITIONS]
    found = compare((model, reference), forms, problems)
    for itself in range(len(POSITIONS)):
        for problem, tokens in zip(problems, form["conditions"]["baseline"]["tokens"], strict=False):
            assert list(found[f"c{itself}"][problem.id]) == tokens[:TOKENS]


def test_an_early_answer_is_patched_as_one_with_all_thoughts(answerer):
    """The key is put in when the next step begins, whether the condition itself takes that step or not."""
    model, _ = answerer
    form = at("zero", ["CT1"], "value", [0, 1])
    early = Condition.from_json({"name": "early", "interventions": [form], "num_thoughts": 2})
    bare = Condition(name="bare", num_thoughts=2)
    whole = Condition.from_json({"name": "whole", "interventions": [form]})
    alone = answers(model, [early])["early"]
    for beside in ([whole], [bare], [whole, bare, BASELINE]):
        assert answers(model, [early, *beside])["early"] == alone
    assert alone != answers(model, [bare])["bare"]


def test_a_key_is_turned_by_the_place_that_it_is_put_at(answerer):
    """A donor's question is as long as it likes: the same key at another place is another vector in memory."""
    model, _ = answerer
    keys = torch.randn(5, 2, 16, dtype=torch.float64)
    further = torch.tensor([0, 3, -3, 7, 40])
    there = turned(model.network, keys, further)
    assert torch.equal(there[0], keys[0])
    torch.testing.assert_close(turned(model.network, there, -further), keys)
    rotary = hasattr(model.network.base_model, "rotary_emb")
    assert torch.equal(there, keys) != rotary


def test_only_what_conditions_draw_on_is_kept():
    model, problems = ctlab.load_model("tiny"), ctlab.load_problems("tiny").limited(5).problems
    drawing = Condition.from_json({"name": "drawing", "interventions": [at("mean", ["CT0"], "key", [1])]})
    own = Condition.from_json({"name": "own", "interventions": [at("zero", ["CT0"], "key", [2])]})
    kept = activation_cache_for([own, drawing], model, problems, DECODING)
    assert kept.at_layers.keys() == kept.means.keys() == {("key", 1)}
    assert kept.at_layers["key", 1].shape == (5, 6, 128)
    assert not activation_cache_of(model, problems, DECODING).at_layers
    other = Condition.from_json({"name": "other", "interventions": [at("mean", ["CT0"], "key", [2])]})
    assert kept.holds([own, drawing])
    assert not kept.holds([other])
    with pytest.raises(InputError, match="made for other conditions"):
        next(iter(generate_batches(model, problems, [other], DECODING, activations=kept)))
    assert isinstance(kept, ActivationCache)


def refusal(form, model="tiny", **fields):
    condition = Condition.from_json({"name": "patched", "interventions": [form], **fields})
    with pytest.raises((ConditionError, InputError)) as error:
        ctlab.generate(model, ctlab.load_problems("tiny").limited(3), [condition])
    return str(error.value)


def test_what_cannot_be_is_refused_before_anything_is_computed():
    assert "layer 3 of a patch does not exist: this model has layers 0 … 2" in refusal(
        at("zero", ["CT0"], "residual", [0, 3])
    )
    assert "layer 7 of a patch does not exist" in refusal(at("mean", ["CT0"], "residual", [7]))
    assert "CT9 does not exist" in refusal(at("zero", ["CT9"], "residual", [0]))
    assert "nothing before it has disturbed" in refusal(at("self", ["CT0"], "key", [0]))
    assert "which nobody reads" in refusal(at("zero", ["CT5"], "residual", [2]))
    assert "which nobody reads" in refusal(at("zero", ["CT5"], "residual", [2]), num_thoughts=6)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"passes": 2}, "passes over its thoughts several times"),
        ({"own_stop": True}, "decides itself how many thoughts it has"),
        ({"unrolled": Unrolled(prelude=1, core=1, coda=1, steps=2)}, "passes through some of its layers several times"),
    ],
    ids=["passes", "stop", "loop"],
)
def test_models_that_compute_a_thought_s_position_otherwise_are_refused(kind, said):
    patched = Condition.from_json({"name": "patched", "interventions": [at("zero", ["CT0"], "key", [0])]})
    layout = Layout(begin=1, thoughts=3, end=1, **kind)
    with pytest.raises(ConditionError, match=f"condition 'patched': it patches at layers .*this model {said}"):
        edge_factors([patched], layout, layers=4, heads=2)


def test_giving_back_is_refused_where_nothing_was_disturbed_before_that_place():
    def forms(*interventions):
        return Condition.from_json({"name": "given", "interventions": list(interventions)})

    model, problems = ctlab.load_model("tiny"), ctlab.load_problems("tiny").limited(2).problems
    disturbed = at("zero", ["CT1"], "residual", [1])
    allowed = [at("baseline", ["CT1"], "value", [2]), at("baseline", ["CT2"], "residual", [0])]
    for back in allowed:
        assert answers(model.cast("float64"), [forms(disturbed, back)], problems)
    for back in (at("baseline", ["CT1"], "value", [1]), at("baseline", ["CT0"], "residual", [2])):
        with pytest.raises(ConditionError, match="nothing before it has disturbed"):
            answers(model.cast("float64"), [forms(disturbed, back)], problems)


@pytest.mark.parametrize("by", ["zero", "resample"])
def test_a_problem_alone_is_patched_as_among_others(answerer, by):
    model, _ = answerer
    condition = Condition.from_json(
        {"name": "patched", "interventions": [at(by, ["CT2"], what, [1]) for what in POSITIONS]}
    )
    together = answers(model, [condition, BASELINE])
    kept = activation_cache_for([condition], model, FEW, DECODING)
    for problem in FEW[:2]:
        (batch,) = generate_batches(model, [problem], [condition], DECODING, activations=kept)
        assert batch["patched"][0].token_ids == together["patched"][problem.id]


def test_a_measurement_of_such_a_condition_is_refused():
    condition = Condition.from_json({"name": "patched", "interventions": [at("zero", ["CT0"], "residual", [0])]})
    with pytest.raises(InputError, match="what layers give before they are patched"):
        ctlab.measure("tiny", [Problem(question="1 + 1?", gold="2")], [condition])
