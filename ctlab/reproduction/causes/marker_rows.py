"""Rows in the wrong order: BOT, EOT and padding (or start, end, latent) were added in another order than is assumed."""

from functools import partial

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.causes.vocabulary_rows import NO_MARKERS
from ctlab.reproduction.changed_model import frame_of, rows_of, with_markers
from ctlab.reproduction.variant import Variant, everywhere


def _look(case: Case) -> Looked:
    from ctlab.models.families import FAMILIES

    model = case.model
    if (frame := frame_of(model)) is None:
        return Looked(note=NO_MARKERS)
    begin, end = frame
    rows = rows_of(model)
    added = FAMILIES[model.settings.family].added_ids
    placeholder = () if model.latent_id is None else (model.latent_id,)
    ids = sorted({begin, end, *placeholder, *range(rows - added, rows)})
    pairs = [(one, other) for one in ids for other in ids if one != other and (one, other) != (begin, end)]
    return Looked(variants=tuple(_variant(case, *pair) for pair in pairs))


def _variant(case: Case, begin: int, end: int) -> Variant:
    first, last = (*case.model.begin_ids[:-1], begin), (end, *case.model.end_ids[1:])
    return Variant(
        change=f"begin {list(first)}, end {list(last)}",
        remedy=f'"begin_ids": {list(first)}, "end_ids": {list(last)}',
        parts=everywhere(partial(with_markers, begin=first, end=last)),
    )


MARKER_ROWS = Cause(name="rows-in-wrong-order", title="rows in the wrong order", look=_look)
