"""No row without a visible key: a softmax over nothing is not an intervention."""

from collections.abc import Sequence

import numpy as np

from ctlab.engine.edge_factors import (
    CONTROL,
    CONTROL_ITSELF,
    FIRST_TAIL_KEY,
    FIRST_TAIL_QUERY,
    QUESTION,
    QUESTION_ITSELF,
    QUESTION_QUERY,
    EdgeFactors,
    Factors,
)
from ctlab.engine.layout import Layout
from ctlab.errors import ConditionError


def refuse_empty_rows(edge_factors: EdgeFactors, lengths: Sequence[int], controls: Sequence[int] | None) -> None:
    """Refuse conditions under which some position sees nothing; ``lengths`` and ``controls`` are per problem."""
    prompts = set(zip(lengths, controls if controls is not None else [0] * len(lengths), strict=True))
    for index, condition in enumerate(edge_factors.conditions):
        factors = edge_factors.factors[index]
        if (factors > 0).all():
            continue
        control = edge_factors.uses_control(index)
        # The shortest prompt decides: where it has a token besides the control token, all have.
        where = _empty_tail_row(factors, edge_factors.layout, min(lengths) - control, control)
        if where is not None:
            raise _error(condition.name, edge_factors.layout.name(where), edge_factors)
        if edge_factors.changes_question(index):
            for length, position in prompts:
                row = _empty_question_row(factors, length, position if control else None)
                if row is not None:
                    raise _error(condition.name, f"token {row} of a question of {length} tokens", edge_factors)


def _error(condition: str, where: str, edge_factors: EdgeFactors) -> ConditionError:
    also = ", with what the model's setting 'hidden' hides," if (edge_factors.base < 1).any() else ""
    return ConditionError(
        f"condition {condition!r}{also} leaves {where} without any position to read; leave it its own "
        f"('self': false) or another one"
    )


def _empty_tail_row(factors: Factors, layout: Layout, other_tokens: int, control: bool) -> int | None:
    """Find a position of the tail that sees nothing, in any pass."""
    # The answer's own tokens are never hidden, so that its rows need no check.
    for kind, (position, _) in enumerate(layout.addresses[:-1], FIRST_TAIL_QUERY):
        row = factors[..., kind, :]
        question = (row[..., QUESTION] > 0) & ((row[..., CONTROL] > 0) & control | (other_tokens > 0))
        keys = list(range(position + 1))
        if layout.own_stop and position not in layout.thought_positions():
            keys = [key for key in keys if key not in layout.thought_positions()]  # there may be none
        tail = (row[..., [FIRST_TAIL_KEY + key for key in keys]] > 0).any(-1)
        if not (question | tail).all():
            return position
    return None


def _empty_question_row(factors: Factors, length: int, control: int | None) -> int | None:
    row = factors[..., QUESTION_QUERY, :] > 0  # (layers, heads, key kinds)
    marked = np.arange(length) == (-1 if control is None else control)
    read = row[..., QUESTION, None] & (row[..., CONTROL, None] | ~marked)  # (layers, heads, L)
    itself = row[..., QUESTION_ITSELF, None] & (row[..., CONTROL_ITSELF, None] | ~marked)
    earlier = np.cumsum(read, axis=-1) - read > 0  # whether any token before it may be read: causality
    empty = ~(itself | earlier).all(axis=(0, 1))
    return int(empty.argmax()) if empty.any() else None
