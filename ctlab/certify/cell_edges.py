"""Edge counts of many conditions of one shape: what the engine would weaken, held to what each says; pure data.

No number of the model is computed here. The engine's tables are taken as a plan has them, level by level of the prefix
tree, spread over one question's positions, and compared edge by edge with the words of the condition
(`expected_edges`). So every condition is looked at, where the weights of so many could not be. What lies behind the
tables (masks, attention, which row is handed on) only the watched runs of a sample can show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ctlab.certify.expected_edges import Segments, dense_factors, is_layer
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
from ctlab.engine.prefix_tree import PrefixTree, grow
from ctlab.interventions import Condition, Intervention

Array = npt.NDArray[np.float64]
_ANSWER = 2
"""Answer tokens whose edges are compared: the first, which end is read by, and one that reads an answer token."""
_CONTROL = 1
"""Position of the question's control token here: any but the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEdges:
    """What was counted of one condition."""

    condition: str
    """Its name."""
    edges: int
    """Edges of one problem that it weakens before the answer, summed over layers and heads; where nothing reads what is
    hidden before it, those of the answer's first token."""
    fault: str
    """How the engine's tables differ from what it says; empty where they do not."""


def count_edges(
    layout: Layout,
    *,
    layers: int,
    heads: int,
    hidden: Sequence[Intervention],
    conditions: Sequence[Condition],
    question: int,
) -> Iterator[CountedEdges]:
    """Count the edges of conditions that are run together, on a question of so many tokens.

    Raises
    ------
    ConditionError
        As `edge_factors` does, for what the model does not have and for a condition that weakens nothing.
    """
    planned = edge_factors(conditions, layout, layers=layers, heads=heads, hidden=hidden)
    tree = grow(planned)
    segments = _segments(layout, max(question, _CONTROL + 1))
    known: dict[tuple[Intervention, ...], Array] = {}
    # Where no condition tells layers or heads apart the table has one for all of them.
    whole = [size if axis == 1 else 1 for size, axis in zip((layers, heads), planned.base.shape, strict=False)]
    for number, condition in enumerate(conditions):
        table = _table(tree, number)
        named = _named(condition, layers, heads)[: table.shape[0], : table.shape[1]]
        changed = (table != planned.base).any(axis=(2, 3))
        if fault := _misplaced(changed, named):
            yield CountedEdges(condition=condition.name, edges=0, fault=fault)
            continue
        edges, fault = 0, ""
        for layer, head in np.argwhere(named).tolist():
            everywhere = [edge for edge in hidden if _applies(edge, layer, head, segments)]
            base, expected = (_said((*everywhere, *each), segments, known) for each in ((), condition.on_edges))
            differing = int((_spread(table[layer, head], layout, segments) != expected).sum())
            if differing and not fault:
                fault = f"{differing} edges of layer {layer}, head {head} are not what the condition says"
            before = segments.rows_before_answer
            # Where nothing before the answer reads what is hidden, it is what its first token reads.
            weakened = (expected < base)[:before].sum() or (expected < base)[: before + 1].sum()
            edges += int(weakened) * whole[0] * whole[1]
        if not fault and not edges and not condition.no_op:
            fault = "it weakens no edge, up to the answer's first token"
        yield CountedEdges(condition=condition.name, edges=edges, fault=fault)


def _segments(layout: Layout, question: int) -> Segments:
    loop = layout.unrolled
    return Segments(
        question=question,
        begin=layout.begin,
        thoughts=layout.thoughts,
        end=layout.end,
        passes=1 if layout.passes is None or not layout.thoughts else layout.passes,
        before_loop=0 if loop is None else loop.prelude,
        in_loop=0 if loop is None else loop.core,
    )


def _table(tree: PrefixTree, number: int) -> Array:
    """A condition's factors as the levels of the tree have them: (layers or 1, heads or 1, query kinds, key kinds)."""
    return np.concatenate([level.factors[level.branch_of[number]] for level in tree.levels], axis=2)


def _named(condition: Condition, layers: int, heads: int) -> npt.NDArray[np.bool_]:
    """Where a condition applies, by its own words: (layers, heads)."""
    named = np.zeros((layers, heads), np.bool_)
    for edges in condition.on_edges:
        if edges.keep == 1:  # of a no-op control
            continue
        rows = range(layers) if edges.layers is None else edges.layers
        columns = range(heads) if edges.heads is None else edges.heads
        named[np.ix_(list(rows), list(columns))] = True
    return named


def _applies(edges: Intervention, layer: int, head: int, segments: Segments) -> bool:
    return is_layer(edges, layer, segments) and (edges.heads is None or head in edges.heads)


def _misplaced(changed: npt.NDArray[np.bool_], named: npt.NDArray[np.bool_]) -> str:
    """Say where edges are weakened and must not be, or are not and must be; empty where all is as named."""
    if np.array_equal(changed, named):
        return ""
    layer, head = np.argwhere(changed != named)[0]
    if changed[layer, head]:
        return f"it weakens edges in layer {layer}, head {head}, which it does not name"
    return f"it weakens no edge in layer {layer}, head {head}, which it names"


def _said(
    interventions: Sequence[Intervention], segments: Segments, known: dict[tuple[Intervention, ...], Array]
) -> Array:
    """What interventions say of each edge (rows, keys) where they apply; worked out once, whatever layers they name."""
    key = tuple(replace(edges, layers=None, heads=None, steps=None) for edges in interventions)
    if key not in known:
        total = segments.before_answer + _ANSWER
        known[key] = dense_factors(key, segments, control=_CONTROL, total=total, layers=1, heads=1)[0, 0]
    return known[key]


def _spread(table: Array, layout: Layout, segments: Segments) -> Array:
    """Spread one layer's and head's factors by kind (query kinds, key kinds) over one question: (rows, keys)."""
    question, total = segments.question, segments.before_answer + _ANSWER
    tail = np.minimum(np.arange(total - question), layout.tail)
    columns = np.concatenate([np.full(question, QUESTION), FIRST_TAIL_KEY + tail])
    own_rows = [*range(layout.rows), *[layout.rows] * _ANSWER]
    after = table[FIRST_TAIL_QUERY + np.array(own_rows)]
    spread = np.concatenate([np.repeat(table[QUESTION_QUERY][None], question, axis=0)[:, columns], after[:, columns]])
    spread[:, _CONTROL] *= np.concatenate([np.full(question, table[QUESTION_QUERY, CONTROL]), after[:, CONTROL]])
    itself = np.arange(question)
    spread[itself, itself] = table[QUESTION_QUERY, QUESTION_ITSELF]
    spread[_CONTROL, _CONTROL] *= table[QUESTION_QUERY, CONTROL_ITSELF]
    positions = np.concatenate([itself, question + np.array([at for at, _ in layout.addresses[:-1]], int)])
    positions = np.concatenate([positions, np.arange(total - _ANSWER, total)])
    causal: npt.NDArray[np.bool_] = np.arange(total)[None] <= positions[:, None]
    return np.where(causal, spread, 0.0)
