"""Edges counted by shape: honest tables have no fault, and every planted one is seen in its own cell."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ctlab.certify import cell_edges
from ctlab.certify.cell_edges import CountedEdges, count_edges
from ctlab.engine import edge_factors, prefix_tree
from ctlab.engine.layout import Layout
from ctlab.interventions import Condition, Intervention, usual_conditions
from ctlab.models.unrolled import Unrolled
from ctlab.sweeps import Grid

LAYOUT = Layout(begin=2, thoughts=3, end=1)
GRID = Grid(positions=("CT0", "CT1", "CT2"), layers=(0, 1, 2), heads=(0, 1))
CELLS = [cell.condition for cell in GRID.cells]
VICTIM = 7


def counted(conditions: Any = CELLS, layout: Layout = LAYOUT, hidden: Any = (), layers: int = 3) -> list[CountedEdges]:
    return list(count_edges(layout, layers=layers, heads=2, hidden=hidden, conditions=conditions, question=9))


def hide(name: str, **said: Any) -> Condition:
    return Condition(name=name, interventions=(Intervention(**said),))


def test_edges_of_a_cell_are_its_later_positions() -> None:
    """CT0 is read by CT1, CT2 and end, CT2 by end alone; in one layer and head."""
    found = counted()
    assert {each.fault for each in found} == {""}
    by_position = {cell.position: each.edges for cell, each in zip(GRID.cells, found, strict=True)}
    assert by_position == {"CT0": 3, "CT1": 2, "CT2": 1}


def test_edges_of_all_layers_and_heads_are_as_many_times_more() -> None:
    (found,) = counted([hide("x", keys=("CT0",), readers="later")])
    assert found == CountedEdges(condition="x", edges=3 * 3 * 2, fault="")


@pytest.mark.parametrize("hidden", [(), (Intervention(keys="question", readers=("CT1",), layers=(1,), heads=(0,)),)])
@pytest.mark.parametrize(
    "layout",
    [
        LAYOUT,
        Layout(begin=0, thoughts=3, end=0),
        Layout(begin=1, thoughts=3, end=2, passes=2),
        Layout(begin=1, thoughts=3, end=1, own_stop=True),
    ],
)
def test_whatever_can_be_hidden_is_spread_as_it_is_said(layout: Layout, hidden: tuple[Intervention, ...]) -> None:
    usual = [each for each in usual_conditions(3).values() if each.on_edges]
    more = [
        hide("question_hidden", keys="question", readers="later", layers=(0, 2)),
        hide("itself", keys=("CT1",), readers="thoughts", self_=True, heads=(1,)),
        hide("control_itself", keys="question-control", readers="later", self_=True),
        hide("weakened", keys="thoughts", readers="answer", keep=0.25, layers=(2,), heads=(0,)),
    ]
    conditions = [*usual, *more]
    assert [each.fault for each in counted(conditions, layout, hidden)] == [""] * len(conditions)


def test_layers_of_a_loop_are_counted_where_they_stand() -> None:
    layout = replace(LAYOUT, unrolled=Unrolled(prelude=1, core=2, coda=1, steps=2))
    assert {each.fault for each in counted(layout=layout, layers=6)} == {""}


def test_what_the_model_hides_already_is_not_the_conditions() -> None:
    hidden = (Intervention(keys=("CT0",), readers=("CT1",)),)
    (found,) = counted([hide("x", keys=("CT0",), readers="later", layers=(0,), heads=(0,))], hidden=hidden)
    assert found.edges == 2


def changed(change: Any) -> Any:
    """A fault in the tables: ``change`` is given factors and the numbers of conditions."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        honest = edge_factors.edge_factors

        def faulty(*given: Any, **more: Any) -> Any:
            planned = honest(*given, **more)
            factors = planned.factors.copy()
            change(factors, planned.base)
            return replace(planned, factors=factors)

        patch.setattr(cell_edges, "edge_factors", faulty)

    return plant


def inverted_in_one_layer(factors: Any, base: Any) -> None:
    factors[:, 1] = 1 - factors[:, 1]


def no_op(factors: Any, base: Any) -> None:
    factors[VICTIM] = base


def next_layer(factors: Any, base: Any) -> None:
    factors[VICTIM] = np.roll(factors[VICTIM], 1, axis=0)


def heads_swapped(factors: Any, base: Any) -> None:
    factors[VICTIM] = factors[VICTIM][:, ::-1]


def next_key(factors: Any, base: Any) -> None:
    factors[VICTIM] = np.roll(factors[VICTIM], 1, axis=3)


def one_reader_less(factors: Any, base: Any) -> None:
    reader = np.argwhere(factors[VICTIM] == 0)[0][2]
    factors[VICTIM][:, :, reader] = 1


def weakened_only(factors: Any, base: Any) -> None:
    factors[VICTIM] = np.where(factors[VICTIM] == 0, 1e-4, factors[VICTIM])


def other_cell(factors: Any, base: Any) -> None:
    factors[VICTIM] = factors[VICTIM + 1]


def every_head(factors: Any, base: Any) -> None:
    factors[VICTIM] = factors[VICTIM].min(axis=1, keepdims=True)


@pytest.mark.parametrize(
    "change",
    [
        inverted_in_one_layer,
        no_op,
        next_layer,
        heads_swapped,
        next_key,
        one_reader_less,
        weakened_only,
        other_cell,
        every_head,
    ],
)
def test_a_planted_fault_is_seen_in_the_cell_that_has_it(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(change)(monkeypatch)
    faulty = [number for number, each in enumerate(counted()) if each.fault]
    assert faulty == ([*range(18)] if change is inverted_in_one_layer else [VICTIM])


def test_branches_that_are_merged_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree takes two conditions for one computation that are not."""
    honest = prefix_tree.grow

    def merging(planned: Any) -> Any:
        tree = honest(planned)
        levels = [replace(level, branch_of=_as_its_neighbour(level.branch_of)) for level in tree.levels]
        return replace(tree, levels=tuple(levels))

    monkeypatch.setattr(cell_edges, "grow", merging)
    assert [number for number, each in enumerate(counted()) if each.fault] == [VICTIM]


def _as_its_neighbour(branch_of: tuple[int, ...]) -> tuple[int, ...]:
    return (*branch_of[:VICTIM], branch_of[VICTIM + 1], *branch_of[VICTIM + 1 :])
