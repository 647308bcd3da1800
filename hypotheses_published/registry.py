"""Every claim of this suite, as data. A family a question: α is shared by what was asked to answer it."""

from hypotheses_published.claims.factorial import RECYCLED_CONTENT, SEQUENTIAL_PASSES
from hypotheses_published.claims.pause import PAUSE_AGAINST_COCONUT, PAUSE_OUT_OF_DISTRIBUTION
from hypotheses_published.claims.written import WRITTEN_AGAINST_COCONUT

FAMILIES = (
    PAUSE_AGAINST_COCONUT,
    PAUSE_OUT_OF_DISTRIBUTION,
    RECYCLED_CONTENT,
    SEQUENTIAL_PASSES,
    WRITTEN_AGAINST_COCONUT,
)

__all__ = [
    "FAMILIES",
    "PAUSE_AGAINST_COCONUT",
    "PAUSE_OUT_OF_DISTRIBUTION",
    "RECYCLED_CONTENT",
    "SEQUENTIAL_PASSES",
    "WRITTEN_AGAINST_COCONUT",
]
