"""Conditions that do the same under other names, held against the certificate's own table of edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.certify.expected_edges import Segments, dense_factors
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.interventions.layer_place import LayerPlace
from ctlab.lab.condition_twins import NEARLY, Twins
from fixtures.conditions import conditions

CARD = {"num_thoughts": 6, "num_layers": 3, "num_heads": 2, "settings": {}}
THOUGHTS = tuple(f"CT{k}" for k in range(6))
LATER = Intervention(keys=("CT0",), readers="later")
BLOCKED = Condition(name="ct0_blocked", interventions=(LATER,))


def named(*interventions, name="other"):
    return Condition(name=name, interventions=interventions)


def hide(readers, keys=("CT0",), **fields):
    return Intervention(keys=keys, readers=readers, **fields)


@pytest.mark.parametrize(
    "costume",
    [
        named(hide(THOUGHTS[1:]), hide("answer")),
        named(hide((*THOUGHTS[1:], "end")), hide("answer", keep=0.0)),
        named(*(hide((reader,)) for reader in THOUGHTS[1:]), hide("answer")),
        named(hide("later", layers=(0, 1, 2))),
        named(hide("later", layers=(0,)), hide("later", layers=(2, 1)), hide("later", heads=(1, 0))),
        named(hide("later"), hide("answer", keep=1.0)),
        named(hide("later"), hide("thoughts", keep=0.5)),  # nothing is left of what is hidden twice
    ],
)
def test_the_same_edges_are_one_condition(costume):
    said = Twins(CARD, [costume, BLOCKED]).likeness(costume, BLOCKED)
    assert said == "other is the same edges under another name, answers exist under ct0_blocked"


def test_a_step_is_its_layers_under_another_name():
    card = {**CARD, "num_layers": 10, "loop": {"prelude": 1, "core": 2, "coda": 1, "steps": 4}}
    by_step, by_layer = (
        named(hide("later", **part)) for part in ({"steps": (1, 3), "layers": (1,)}, {"layers": (8, 4)})
    )
    likeness = Twins(card, [by_step, by_layer]).likeness
    assert likeness(by_step, by_layer) == "other is the same edges under another name, answers exist under other"
    assert likeness(by_step, named(hide("later", steps=(1, 3)))) is None
    assert Twins(CARD, []).likeness(by_step, by_layer) is None  # no such model has it


@pytest.mark.parametrize(
    "other",
    [
        named(hide("answer")),
        named(hide("later", heads=(0,))),
        named(hide("later", layers=(0, 1))),
        named(hide("later", self_=True)),
        named(hide("later", keep=0.25)),
        named(hide("later", keep=2 * NEARLY)),
        named(hide("later", keys=("CT1",))),
        named(LATER, Patch(thoughts=("CT2",), by="zero")),
        named(Patch(thoughts=("CT0",), by="zero")),
    ],
)
def test_other_edges_are_another_one(other):
    assert Twins(CARD, [other, BLOCKED]).likeness(other, BLOCKED) is None


@pytest.mark.parametrize(("keep", "said"), [(1e-12, "1e-12"), (0.004, "0.004"), (NEARLY, "0.01")])
def test_a_factor_that_leaves_almost_nothing_is_said(keep, said):
    other = named(hide("later", keep=keep))
    assert (
        Twins(CARD, [other, BLOCKED]).likeness(other, BLOCKED)
        == f"other differs from ct0_blocked by a factor of {said}"
    )


def test_what_the_model_hides_by_itself_makes_no_difference():
    hidden = {**CARD, "settings": {"hidden": [{"keys": ["CT1"], "readers": "answer"}]}}
    more = named(LATER, hide("answer", keys=("CT1",)))
    assert Twins(CARD, [more, BLOCKED]).likeness(more, BLOCKED) is None
    assert Twins(hidden, [more, BLOCKED]).likeness(more, BLOCKED)


def test_thoughts_that_are_fed_the_same_are_one():
    zeroed = named(*(Patch(thoughts=(name,), by="zero") for name in THOUGHTS), name="each")
    everything = named(Patch(thoughts="all", by="zero"), name="all_zeroed")
    said = Twins(CARD, [zeroed, everything]).likeness(zeroed, everything)
    assert said == "each is the same edges and thoughts under another name, answers exist under all_zeroed"


def test_what_is_put_at_other_layers_is_another_condition():
    def at(layers, position="key", **fields):
        return named(Patch(thoughts=("CT1",), by="zero", at=LayerPlace(layers=layers, position=position)), **fields)

    fed = named(Patch(thoughts=("CT1",), by="zero"), name="fed")
    others = [at((0, 1), name="one"), at((0,)), at((0, 1), "value"), fed]
    twins = Twins({**CARD, "num_layers": None}, others)
    assert all(twins.likeness(others[0], other) is None for other in others[1:])
    parts = named(*at((1,)).interventions, *at((0,)).interventions, name="parts")
    assert twins.likeness(others[0], parts) == (
        "one is the same edges and thoughts under another name, answers exist under parts"
    )


def test_of_the_suite_only_the_last_thought_has_a_condition_twice():
    declared = [each for each in conditions() if each.interventions and not each.no_op]
    twins = Twins(CARD, declared)
    alike = {
        (other.name, one.name)
        for place, one in enumerate(declared)
        for other in declared[:place]
        if twins.likeness(one, other) is not None
    }
    assert alike == {("ct5_blocked", "ct5_from_answer")}, "only the answer comes after CT5"


names = st.sampled_from([*THOUGHTS, "begin"])
edges = st.builds(
    lambda key, readers, **fields: (key, readers, fields),
    st.sampled_from(["thoughts", "question", ("CT0",), ("CT1", "begin")]),
    st.sampled_from(["later", "thoughts", "answer", ("CT2",), ("CT3", "end")]),
    keep=st.sampled_from([0.0, 0.5, 1.0]),
    layers=st.sampled_from([None, (0,), (0, 1, 2)]),
    heads=st.sampled_from([None, (1,), (0, 1)]),
)


def spelled(condition):
    """What a condition does to every edge of one sequence, by the certificate's own rules."""
    segments = Segments(question=3, begin=2, thoughts=6, end=2)
    table = dense_factors(condition.on_edges, segments, control=1, total=16, layers=3, heads=2)
    return np.broadcast_to(table, (3, 2, 16, 16))


@settings(max_examples=60, deadline=None)
@given(st.lists(edges, min_size=1, max_size=3), st.lists(edges, min_size=1, max_size=3))
def test_two_are_one_exactly_where_the_certificates_table_is(one, other):
    made = [
        named(*(Intervention(keys=k, readers=r, **f) for k, r, f in each), name=name)
        for each, name in ((one, "one"), (other, "two"))
    ]
    like = Twins(CARD, made).likeness(*made)
    assert (like is not None) == bool((spelled(made[0]) == spelled(made[1])).all())


def test_two_models_are_no_twins_though_nothing_is_hidden_from_either():
    one, other = Condition(name="coconut", model="COCONUT"), Condition(name="pause", model="pause")
    assert Twins({}, [one, other]).likeness(one, other) is None
    again = Condition(name="coconut_marks", model="COCONUT")
    assert "coconut_marks" in Twins({}, [one, again]).likeness(one, again)


def test_a_thought_that_is_left_out_is_no_twin_of_one_that_is_hidden():
    early = Condition(name="after_5", num_thoughts=5)
    hidden = named(hide("answer", keys=("CT5",)))
    assert Twins(CARD, [early, hidden]).likeness(early, hidden) is None
    assert Twins({}, [early, hidden]).likeness(early, hidden) is None
    assert (
        Twins(CARD, [early]).likeness(early, Condition(name="other", num_thoughts=5)).startswith("after_5 is the same")
    )
