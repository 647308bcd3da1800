"""Certificates of patches at layers hold for an honest engine and fail for a sabotaged one."""

from dataclasses import replace

import pytest

from ctlab.certify import certify
from ctlab.engine import activation_cache, layer_patching, prefix_tree, undisturbed_thoughts
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import run_rows
from ctlab.engine.layer_patching import LayerPatcher
from ctlab.engine.layer_sources import left_by, within
from ctlab.engine.network_layers import blocks_of
from ctlab.engine.plan import decoding_of, plan
from ctlab.engine.undisturbed_thoughts import ThoughtRecorder
from ctlab.interventions import BASELINE, Condition, donors
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.models import load_model
from tests.certify.test_patches import PROBLEMS, first_in_the_gate, next_but_one
from tests.interventions.ways import way_form
from tests.models.checkpoints.making_checkpoints import write_codi

POSITIONS = ("residual", "key", "value")
HIDE = {"keys": ["CT0"], "readers": "later"}


def at(by, thoughts, position, layers, **fields):
    return way_form(by, thoughts, at={"layers": layers, "position": position}, **fields)


FORMS = {
    **{
        f"{by}_{what}_{layer}": [at(by, ["CT1"], what, [layer])]
        for by in ("resample", "mean", "matched")
        for what in POSITIONS
        for layer in (0, 1)
        if by == "resample" or layer == 0
    },
    "given": [HIDE, at("baseline", ["CT2", "CT3"], "residual", [0])],
    "several": [at("resample-own-norm", ["CT0", "CT2"], what, [0, 1]) for what in POSITIONS],
}
SELF = [at("self", ["CT1"], what, [0, 1]) for what in POSITIONS]
CONDITIONS = [
    BASELINE,
    *(Condition.from_json({"name": f"by_{name}", "interventions": form}) for name, form in FORMS.items()),
    Condition.from_json({"name": "by_self", "interventions": SELF, "no_op": True}),
]


def of(*words):
    """Names of forms that have one of the words in them."""
    return {name for name in [*FORMS, "self"] if any(word in name for word in words)}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    return load_model(folder, settings=write_codi(folder, "llama", seed=2))


@pytest.fixture(scope="module")
def honest(model):
    return certify(model, PROBLEMS, CONDITIONS)


def failed(model, conditions=CONDITIONS):
    found = certify(model, PROBLEMS, conditions)
    return {name.removeprefix("by_") for name, each in found.items() if not each.passed}


def test_every_place_is_certified(honest):
    assert {name: each.failure() for name, each in honest.items() if not each.passed} == {}
    names = {name: {check.name for check in each.checks} for name, each in honest.items()}
    drawing = {name for name in FORMS if "undisturbed-layers" in names[f"by_{name}"]}
    assert drawing == of("resample", "mean", "matched", "several")
    assert {name for name in FORMS if "put-as-said" in names[f"by_{name}"]} == set(FORMS) - of("several")
    assert all("replaced-as-said" not in each for each in names.values())  # of what is fed nothing is replaced


def test_what_was_replaced_is_counted_over_the_sample(honest):
    counted = {name: honest[f"by_{name}"].thoughts_replaced for name in [*FORMS, "self"]}
    assert counted.pop("several") == 4 * 2
    assert counted.pop("given") == 4 * 2
    assert counted.pop("self") == 0
    assert set(counted.values()) == {4}


@pytest.mark.parametrize("kind", first_in_the_gate(["gpt2", "qwen2"]))
def test_every_place_is_certified_on_other_networks(tmp_path, kind):
    model = load_model(tmp_path, settings=write_codi(tmp_path, kind, seed=2, remove_eos=False))
    assert failed(model) == set()


@pytest.mark.parametrize("dtype", first_in_the_gate(["bfloat16", "float64"], gate=0))
def test_every_place_is_certified_in_other_precisions(model, dtype):
    assert failed(model.cast(dtype)) == set()


def test_a_swap_for_itself_answers_with_the_same_ids(model):
    planned = plan(model, PROBLEMS, [BASELINE, CONDITIONS[-1]], decoding_of(model))
    leaves = planned.tree.leaves
    for answers in run_rows(planned, range(len(PROBLEMS))):
        assert answers[leaves[0]][2:] == answers[leaves[1]][2:]
    assert leaves[0] != leaves[1]


def renamed(change):
    """Sources of one step with another place: what `within` and `left_by` would say if the place were wrong."""

    def sabotage(monkeypatch):
        def wrong(original):
            def renaming(sources, step):
                return tuple(replace(each, place=change(*each.place)) for each in original(sources, step))

            return renaming

        monkeypatch.setattr(prefix_tree, "within", wrong(within))
        monkeypatch.setattr(prefix_tree, "left_by", wrong(left_by))

    return sabotage


def before_the_layer(monkeypatch):
    """The residual stream is put in where the layer reads it, and not where it hands it on."""

    def changed_layers(network, layers, change):
        class Hooked:
            def __enter__(self):
                self.handles = [
                    block.register_forward_pre_hook(lambda _, args, layer=layer: (change(layer, args[0]), *args[1:]))
                    for layer, block in enumerate(blocks_of(network))
                    if layer in layers
                ]

            def __exit__(self, *_):
                for handle in self.handles:
                    handle.remove()

        return Hooked()

    monkeypatch.setattr(layer_patching, "changed_layers", changed_layers)


def not_turned(monkeypatch):
    monkeypatch.setattr(layer_patching, "turned", lambda network, keys, places: keys)


def mean_of_keys_where_they_lie(monkeypatch):
    monkeypatch.setattr(undisturbed_thoughts, "turned", lambda network, keys, places: keys)


def next_position(monkeypatch):
    """Where the next thought stands, in place of the one that is named."""

    def shifted(sources):
        return tuple(replace(each, thought=each.thought + 1) for each in sources)

    monkeypatch.setattr(prefix_tree, "within", lambda sources, step: within(shifted(sources), step))
    monkeypatch.setattr(prefix_tree, "left_by", lambda sources, step: left_by(shifted(sources), step))


def position_before(monkeypatch):
    original = LayerPatcher.enter

    def enter(self, level, cache):
        entered = tuple(tuple(replace(each, thought=each.thought - 1) for each in of) for of in level.entered)
        original(self, replace(level, entered=entered), cache)

    monkeypatch.setattr(LayerPatcher, "enter", enter)


def one_step_late(monkeypatch):
    def late(sources, step):
        if step is None or not step.thoughts:
            return ()
        (thought,) = step.thoughts
        return left_by(sources, replace(step, thoughts=range(thought - 1, thought)))

    monkeypatch.setattr(prefix_tree, "left_by", late)


def own_in_place_of_others(monkeypatch):
    def own(self, problem_ids, _):
        return [self._row_of[problem] for problem in problem_ids]

    monkeypatch.setattr(ActivationCache, "resampled_rows", own)
    monkeypatch.setattr(ActivationCache, "donor_rows", own)


def another_donor(monkeypatch):
    monkeypatch.setattr(activation_cache, "donors", lambda *asked: next_but_one(donors.donors(*asked)))


def another_problems_undisturbed_run(monkeypatch):
    original = LayerPatcher._undisturbed
    monkeypatch.setattr(LayerPatcher, "_undisturbed", lambda *given: original(*given).roll(1))


def nothing_is_put_in(monkeypatch):
    monkeypatch.setattr(LayerPatcher, "enter", lambda self, level, cache: None)


def branches_are_merged(monkeypatch):
    """Conditions that differ in what layers hand on alone are taken for one computation."""
    monkeypatch.setattr(prefix_tree, "within", lambda sources, step: ())


def kept_of_the_layer_before(monkeypatch):
    original = ThoughtRecorder.at_layer

    def at_layer(self, place):
        what, layer = place
        return original(self, (what, 1 - layer))

    monkeypatch.setattr(ThoughtRecorder, "at_layer", at_layer)


def wrong_formula(monkeypatch):
    kind = type(PATCH_KINDS["resample"])
    honest = kind.vector
    monkeypatch.setattr(kind, "vector", staticmethod(lambda *sources: 1.02 * honest(*sources)))


def not_even_those_with_a_donor(monkeypatch):
    monkeypatch.setattr(LayerPatcher, "_with_donor", lambda self, patch, cache, rows: rows[:0])


SABOTAGES = {
    "the next layer": (renamed(lambda what, layer: (what, 1 - layer)), of("resample")),
    "key for value": (
        renamed(lambda what, layer: ({"key": "value", "value": "key"}.get(what, what), layer)),
        of("resample_key", "resample_value", "mean_key", "mean_value"),
    ),
    "before the layer": (before_the_layer, of("residual", "given")),
    "key not turned": (not_turned, of("resample_key", "mean_key", "matched_key")),
    "mean of turned keys": (mean_of_keys_where_they_lie, of("mean_key")),
    "the next position": (next_position, of("resample", "mean")),
    "the position before": (position_before, of("resample_key", "resample_value")),
    "one step late": (one_step_late, of("resample_key", "resample_value")),
    "its own": (own_in_place_of_others, of("resample", "matched")),
    "another donor": (another_donor, of("matched")),
    "not oneself": (another_problems_undisturbed_run, {"self", "given"}),
    "nothing": (nothing_is_put_in, of("_key", "_value")),
    "one branch": (branches_are_merged, of("residual")),
    "another layer's": (kept_of_the_layer_before, of("resample")),
    "another formula": (wrong_formula, of("resample_residual", "resample_key")),
    "no donor": (not_even_those_with_a_donor, of("matched")),
}
GATE = ("the next layer", "key for value", "before the layer", "key not turned", "the next position", "its own")
GATE += ("another donor", "not oneself", "one branch")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in GATE else pytest.mark.slow) for name in SABOTAGES]
)
def test_a_sabotage_fails(model, monkeypatch, name):
    sabotage, caught = SABOTAGES[name]
    sabotage(monkeypatch)
    asked = [each for each in CONDITIONS if each.name.removeprefix("by_") in caught]
    assert failed(model, [BASELINE, *asked]) == caught


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == "key not turned" else pytest.mark.slow) for name in SABOTAGES],
)
def test_half_precision_is_no_excuse(model, monkeypatch, name):
    """Where the recompute's limit is wide, what lies in memory is looked at; 2 % of a key are within its rounding."""
    sabotage, caught = SABOTAGES[name]
    sabotage(monkeypatch)
    asked = [each for each in CONDITIONS if each.name.removeprefix("by_") in caught]
    found = failed(model.cast("bfloat16"), [BASELINE, *asked])
    assert found == (caught - of("resample_key") if name == "another formula" else caught)
