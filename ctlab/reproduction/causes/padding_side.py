"""How the official evaluation answers: some let thoughts and answers attend to the padding of their batch.

Others do not look whether an answer's first token ends it, which goes with the same option.
"""

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.variant import Variant

_OTHER = {"exact": "as-published", "as-published": "exact"}


def _look(case: Case) -> Looked:
    official, other = case.model.as_published, _OTHER[case.bench.padding]
    if official.batch == 1 and official.first_token_ends:
        return Looked(note="its official evaluation answers as is done here: each problem alone")
    exact = "padding that nobody reads" if official.batch > 1 else "an answer that begins with the end token ends"
    words = f"as published: {official.words}" if other == "as-published" else exact
    return Looked(variants=(Variant(change=words, remedy=f"--padding {other}", padding=other),))


PADDING_SIDE = Cause(name="padding", title="padding", look=_look)
