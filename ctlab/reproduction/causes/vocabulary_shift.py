"""Vocabulary shifted: every word has the row of its neighbour, as where a row was lost or put in before it."""

from functools import partial
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import rows_of, with_network
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from torch.nn import Module

_MOST_RIGHT = 0.25
"""Share of right answers above which nothing is tried: who reads every word as another is not so often right."""


def _look(case: Case) -> Looked:
    right, n = case.given.count, len(case.asked)
    if right > _MOST_RIGHT * n:
        return Looked(note=f"{formatting.share_of(right, n)} right: words have their own rows")
    rows, words = rows_of(case.model), len(case.model.tokenizer)
    special = set(case.model.tokenizer.all_special_ids)
    after = next(row for row in range(rows) if row not in special)
    spans = dict.fromkeys((start, end) for start in (0, 1, after) for end in (min(words, rows), rows))
    return Looked(variants=tuple(_variant(*span, by) for span in spans for by in (1, -1)))


def _variant(start: int, end: int, by: int) -> Variant:
    return Variant(
        change=f"rows {start} to {end - 1} of the embedding {'down' if by > 0 else 'up'} by one",
        remedy="the embedding's rows do not belong to this vocabulary: take the tokenizer that it was trained with, or "
        "save its rows anew",
        parts=everywhere(lambda model: with_network(model, partial(shift, start=start, end=end, by=by))),
    )


def shift(network: "Module", *, start: int, end: int, by: int) -> None:
    """Roll a span of the input embedding's rows; a head that is tied to it is rolled with it."""
    weight = network.get_input_embeddings().weight  # type: ignore[operator]
    weight.data[start:end] = weight.data[start:end].roll(by, 0)


VOCABULARY_SHIFT = Cause(name="vocabulary-shifted", title="vocabulary shifted", look=_look)
