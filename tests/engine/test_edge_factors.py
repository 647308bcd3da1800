"""Edge factors against the plain enumeration of edges, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.certify.expected_edges import Segments, dense_factors
from ctlab.engine.edge_factors import (
    CONTROL,
    CONTROL_ITSELF,
    FIRST_TAIL_KEY,
    FIRST_TAIL_QUERY,
    QUESTION,
    QUESTION_ITSELF,
    QUESTION_QUERY,
    edge_factors,
)
from ctlab.engine.layout import Layout
from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition, Intervention
from ctlab.models.unrolled import Unrolled
from tests.engine.test_against_oracle import INTERVENTIONS, readable

LAYOUT = Layout(begin=2, thoughts=6, end=2)
QUESTION_LENGTH, ANSWER = 3, 2


def spread(table, control):
    """A dense (layers, heads, S, S) array out of one condition's table."""
    total = QUESTION_LENGTH + LAYOUT.tail + ANSWER
    dense = np.zeros((*table.shape[:2], total, total))
    for reader in range(total):
        for key in range(reader + 1):
            if reader < QUESTION_LENGTH:
                query, own = QUESTION_QUERY, (QUESTION_ITSELF, CONTROL_ITSELF) if key == reader else (QUESTION, CONTROL)
            else:
                query, own = FIRST_TAIL_QUERY + min(reader - QUESTION_LENGTH, LAYOUT.tail), (QUESTION, CONTROL)
            if key < QUESTION_LENGTH:
                factor = table[..., query, own[0]] * (table[..., query, own[1]] if key == control else 1)
            else:
                factor = table[..., query, FIRST_TAIL_KEY + min(key - QUESTION_LENGTH, LAYOUT.tail)]
            dense[..., reader, key] = factor
    return dense


@settings(max_examples=200, deadline=None)
@given(form=st.lists(INTERVENTIONS, max_size=3), control=st.integers(0, QUESTION_LENGTH - 1))
def test_tables_and_edges_agree(form, control):
    condition = readable("c", form)
    if condition is None:
        return
    factors = edge_factors([condition], LAYOUT, layers=3, heads=4)
    total = QUESTION_LENGTH + LAYOUT.tail + ANSWER
    expected = dense_factors(
        condition.interventions,
        Segments(question=QUESTION_LENGTH, begin=LAYOUT.begin, thoughts=LAYOUT.thoughts, end=LAYOUT.end),
        control=control,
        total=total,
        layers=3,
        heads=4,
    )
    found = spread(factors.factors[0], control)
    assert np.allclose(*np.broadcast_arrays(found, expected))


def condition(*forms, **options):
    return Condition.from_json({"name": "c", "interventions": list(forms), **options})


@pytest.mark.parametrize(
    "form",
    [
        {"keys": ["CT5"], "readers": "thoughts"},
        {"keys": ["CT0"], "readers": "later", "keep": 1},
        {"keys": ["CT0"], "readers": ["CT0"]},
    ],
)
def test_a_condition_that_does_nothing_is_refused_unless_declared(form):
    with pytest.raises(ConditionError, match="condition 'c' weakens no attention edge"):
        edge_factors([condition(form)], LAYOUT, layers=3, heads=4)
    edge_factors([condition(form, no_op=True)], LAYOUT, layers=3, heads=4)
    edge_factors([BASELINE], LAYOUT, layers=3, heads=4)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"keys": ["CT6"], "readers": "later"}, "CT6 does not exist: this model thinks CT0 … CT5"),
        ({"keys": ["CT0"], "readers": ["CT9"]}, "CT9 does not exist"),
        ({"keys": ["CT0"], "readers": "later", "layers": [3]}, "layer 3 does not exist: this model has layers 0 … 2"),
        ({"keys": ["CT0"], "readers": "later", "heads": [0, 7]}, "head 7 does not exist: this model has heads 0 … 3"),
    ],
)
def test_what_the_model_does_not_have(form, message):
    with pytest.raises(ConditionError, match=f"condition 'c': {message}"):
        edge_factors([condition(form)], LAYOUT, layers=3, heads=4)


LOOP = Unrolled(prelude=1, core=2, coda=1, steps=4)
indices = {
    name: st.none() | st.sets(st.integers(0, most), min_size=1).map(tuple)
    for name, most in (("layers", 1), ("steps", 3))
}


@settings(max_examples=60, deadline=None)
@given(forms=st.lists(st.fixed_dictionaries(indices), min_size=1, max_size=3))
def test_steps_and_edges_agree(forms):
    """In a network that loops: engine and certificate each find the layers of a step by a rule of their own."""
    layout = replace(LAYOUT, unrolled=LOOP)
    edges = tuple(Intervention(keys=("CT0",), readers="later", keep=0.5, **form) for form in forms)
    found = edge_factors([Condition(name="c", interventions=edges)], layout, layers=LOOP.layers, heads=4).factors[0]
    segments = Segments(
        question=QUESTION_LENGTH,
        begin=LAYOUT.begin,
        thoughts=LAYOUT.thoughts,
        end=LAYOUT.end,
        before_loop=LOOP.prelude,
        in_loop=LOOP.core,
    )
    total = QUESTION_LENGTH + LAYOUT.tail + ANSWER
    expected = dense_factors(edges, segments, control=None, total=total, layers=LOOP.layers, heads=4)
    assert np.allclose(*np.broadcast_arrays(spread(found, 0), expected))


def test_steps_of_a_network_that_has_none():
    step = condition({"keys": ["CT0"], "readers": "later", "steps": [0]})
    with pytest.raises(ConditionError, match="it names steps, and this model passes once through its layers"):
        edge_factors([step], LAYOUT, layers=3, heads=4)


def test_overlaps_multiply():
    half = {"keys": ["CT0"], "readers": "later", "keep": 0.5}
    table = edge_factors([condition(half, {**half, "keep": 0.25})], LAYOUT, layers=3, heads=4).factors[0, 0, 0]
    assert table[FIRST_TAIL_QUERY + 3, FIRST_TAIL_KEY + 2] == 0.125


def test_axes_are_narrow_where_nobody_needs_them():
    plain = condition({"keys": ["CT0"], "readers": "later"})
    assert edge_factors([plain], LAYOUT, layers=3, heads=4).factors.shape[:3] == (1, 1, 1)
    one = condition({"keys": ["CT0"], "readers": "later", "layers": [1]})
    assert edge_factors([plain, one], LAYOUT, layers=3, heads=4).factors.shape[:3] == (2, 3, 1)


def test_scope_in_words():
    both = condition({"keys": ["CT0"], "readers": "later", "layers": [0, 2], "heads": [3]})
    factors = edge_factors([both, BASELINE], LAYOUT, layers=3, heads=4)
    assert factors.scope(0) == "layers 0, 2 and heads 3"
    assert factors.scope(1) == "all layers and heads"
