"""A condition as numbers: the factor on every kind of attention edge, by layer and head.

Edges come in a few kinds, whatever the question's length: a *query kind* is the question, a tail position, or the
answer; a *key kind* is the question, its control token, each of these read by itself, a tail position, or the answer.
Some ten by fifteen numbers say all of a condition, before any prompt is known, and two conditions are one computation
exactly where these are equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctlab.engine.early_answers import fed_of, refuse_all_fed
from ctlab.engine.layer_sources import LayerSources, layer_sources_of, refuse_idle_at_layers
from ctlab.engine.layout import Layout
from ctlab.engine.thought_sources import ThoughtSources, refuse_idle, sources_of
from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Intervention

Factors = npt.NDArray[np.float64]
"""So few that nothing is gained by less than float64; on the device they become float32, as the softmax is."""

QUESTION, CONTROL, QUESTION_ITSELF, CONTROL_ITSELF, FIRST_TAIL_KEY = range(5)
"""Key kinds. A tail position is FIRST_TAIL_KEY plus its number; the last kind is any answer token."""
QUESTION_QUERY, FIRST_TAIL_QUERY = range(2)
"""Query kinds. A row of the tail is FIRST_TAIL_QUERY plus its number; the last kind is any answer token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeFactors:
    """The factors of several conditions on one model's edges."""

    layout: Layout
    """Where everything is."""
    conditions: tuple[Condition, ...]
    """The conditions, in order."""
    factors: Factors
    """(conditions, layers or 1, heads or 1, query kinds, key kinds); an axis is 1 where no condition tells it apart."""
    base: Factors
    """(layers or 1, heads or 1, query kinds, key kinds): what the model hides under every condition."""
    thought_sources: tuple[ThoughtSources, ...]
    """What each condition feeds each thought."""
    layer_sources: tuple[LayerSources, ...]
    """What each condition puts in place of what layers hold at thoughts' positions."""
    fed: tuple[int, ...]
    """How many thoughts each condition feeds. Of those that it leaves out nothing is read: their keys have factor 0 for
    end and the answer, and their own rows say nothing."""

    def uses_control(self, index: int) -> bool:
        """Whether a condition weakens the reading of its control token."""
        return bool(
            (self.factors[index, ..., CONTROL] != 1).any() or (self.factors[index, ..., CONTROL_ITSELF] != 1).any()
        )

    def changes_question(self, index: int) -> bool:
        """Whether a condition weakens edges inside the question, so that its prefill is its own."""
        return bool((self.factors[index, :, :, QUESTION_QUERY] != 1).any())

    def scope(self, index: int) -> str:
        """Where a condition applies, in words."""
        interventions = self.conditions[index].on_edges
        words = []
        looped = any(edges.steps is not None for edges in interventions)
        for what in ("steps", "layers", "heads") if looped else ("layers", "heads"):
            listed = [getattr(edges, what) for edges in interventions]
            if all(indices is None for indices in listed):
                if what == "layers" and looped:
                    continue
                words.append(f"all {what}")
            else:
                words.append(
                    what
                    + " "
                    + "; ".join("all" if indices is None else ", ".join(map(str, indices)) for indices in listed)
                )
        where = " and ".join(words) if words != ["all layers", "all heads"] else "all layers and heads"
        if self.layout.passes is None or all(edges.passes is None for edges in interventions):
            return where
        return (
            f"{where}; passes {'; '.join('all' if edges.passes is None else edges.passes for edges in interventions)}"
        )


def edge_factors(
    conditions: Sequence[Condition], layout: Layout, *, layers: int, heads: int, hidden: Sequence[Intervention] = ()
) -> EdgeFactors:
    """Build the factors, refusing conditions that the model cannot have or that change nothing.

    ``hidden`` holds under every condition (the model's setting of that name).
    """
    interventions = [*hidden, *(edges for condition in conditions for edges in condition.on_edges)]
    # An axis of size 1 where nothing tells layers or heads apart: masks are then made once, not once a layer.
    wide_layers = layers if any(edges.layers is not None or edges.steps is not None for edges in interventions) else 1
    wide_heads = heads if any(edges.heads is not None for edges in interventions) else 1
    kinds = (FIRST_TAIL_QUERY + layout.rows + 1, FIRST_TAIL_KEY + layout.tail + 1)
    base = np.ones((wide_layers, wide_heads, *kinds))
    try:
        _fill(base, hidden, layout, layers, heads)
    except ConditionError as error:
        raise ConditionError(f"the model's setting 'hidden': {error}") from None
    factors = np.repeat(base[None], len(conditions), axis=0)
    thought_sources, layer_sources, fed = [], [], []
    for part, condition in zip(factors, conditions, strict=True):
        try:
            fed.append(fed_of(condition, layout))
            _fill(part, condition.on_edges, layout, layers, heads)
            thought_sources.append(sources_of(condition, layout))
            layer_sources.append(layer_sources_of(condition, layout, layers))
        except ConditionError as error:
            raise ConditionError(f"condition {condition.name!r}: {error}") from None
        rows, keys = _left_out(layout, fed[-1])
        part[:, :, rows], part[..., keys] = base[:, :, rows], base[..., keys]
        changed = (part != base).any(axis=(0, 1, 3))
        part[..., FIRST_TAIL_QUERY + layout.rows - layout.end :, keys] = 0
        if condition.no_op:
            continue
        refuse_all_fed(condition, layout)
        if condition.on_edges and not changed.any():
            already = ", or the model hides these edges already (its setting 'hidden')" if hidden else ""
            raise ConditionError(
                f"condition {condition.name!r} weakens no attention edge: its readers come before its keys, or keep "
                f'is 1{already}; name readers that come later, or declare it a no-op control ("no_op": true)'
            )
        weakened = [bool(changed[_made_of(layout, thought)].any()) for thought in range(fed[-1] + 1)]
        if not layer_sources[-1]:
            refuse_idle(condition, weakened[:-1])
            continue
        patches = [condition.patch_of(thought) for thought in range(fed[-1])]
        instead = [patch is not None and patch.disturbs for patch in patches]
        disturbed = [weakened[thought + 1] or any(instead[: thought + 1]) for thought in range(fed[-1])]
        refuse_idle_at_layers(condition, layer_sources[-1], layout, layers, disturbed)
    return EdgeFactors(
        layout=layout,
        conditions=tuple(conditions),
        factors=factors,
        base=base,
        thought_sources=tuple(thought_sources),
        layer_sources=tuple(layer_sources),
        fed=tuple(fed),
    )


def _left_out(layout: Layout, fed: int) -> tuple[list[int], list[int]]:
    """Query kinds and key kinds of the thoughts after the first ``fed``."""
    positions = layout.thought_positions()[fed:]
    rows = [row for row, (at, _) in enumerate(layout.addresses, FIRST_TAIL_QUERY) if at in positions]
    return rows, [FIRST_TAIL_KEY + position for position in positions]


def _fill(table: Factors, interventions: Sequence[Intervention], layout: Layout, layers: int, heads: int) -> None:
    rows, last = list(enumerate(layout.addresses, FIRST_TAIL_QUERY)), layout.last_pass
    for edges in interventions:
        part = np.ones(table.shape[2:])  # (query kinds, key kinds)
        computed = [
            (row, at) for row, (at, pass_) in rows if edges.passes is None or pass_ == last or _once(layout, at)
        ]
        readers = [(row, at) for row, at in computed if layout.reads(edges.readers, at)]
        if edges.keys in ("question", "question-control"):
            read, itself = (QUESTION, QUESTION_ITSELF) if edges.keys == "question" else (CONTROL, CONTROL_ITSELF)
            part[[row for row, _ in readers], read] = edges.keep
            # Of the words for readers only "later" reaches into the question; the others name positions after it.
            if edges.readers == "later":
                part[QUESTION_QUERY, read] = edges.keep
            if edges.self_:
                part[QUESTION_QUERY, itself] = edges.keep
        for key in layout.keys(edges.keys):
            part[[row for row, at in readers if at > key], FIRST_TAIL_KEY + key] = edges.keep
            if edges.self_:
                part[[row for row, at in computed if at == key], FIRST_TAIL_KEY + key] = edges.keep
        if edges.steps is None:
            where_layers = _indices("layer", edges.layers, layers, table.shape[0])
        else:
            where_layers = layout.layers(edges.steps, edges.layers)
        where_heads = _indices("head", edges.heads, heads, table.shape[1])
        table[np.ix_(where_layers, where_heads)] *= part


def _once(layout: Layout, position: int) -> bool:
    return position not in layout.thought_positions()


def _made_of(layout: Layout, thought: int) -> list[int]:
    """Query kinds that have a say in what a thought is fed, before it is fed for the last time."""
    position, passed = layout.begin + thought, layout.passes is None
    rows = enumerate(layout.addresses, FIRST_TAIL_QUERY)
    earlier = [
        row for row, (at, pass_) in rows if at < position and (passed or pass_ < layout.last_pass or _once(layout, at))
    ]
    return [QUESTION_QUERY, *earlier]


def _indices(what: str, listed: tuple[int, ...] | None, size: int, axis: int) -> list[int]:
    if listed is None:
        return list(range(axis))
    if max(listed) >= size:
        raise ConditionError(f"{what} {max(listed)} does not exist: this model has {what}s 0 … {size - 1}")
    return list(listed)
