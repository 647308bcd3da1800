"""Padding that is read: some official evaluations let thoughts and answers attend to the padding of their batch."""

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.variant import Variant

_OTHER = {"exact": "as-published", "as-published": "exact"}


def _look(case: Case) -> Looked:
    other = _OTHER[case.bench.padding]
    words = "padding on the left that is read" if other == "as-published" else "padding that nobody reads"
    return Looked(variants=(Variant(change=words, remedy=f"--padding {other}", padding=other),))


PADDING_SIDE = Cause(name="padding", title="padding", look=_look)
