"""Embedded sets are drawn more than once by one generator: what is claimed of a set can be confirmed on a later one."""

import re

from ctlab.problems.tiny.seeds import SEEDS
from ctlab.problems.tiny_graphs.graph_seeds import GRAPH_SEEDS

EMBEDDED_SETS = (*SEEDS, *GRAPH_SEEDS)
"""Names of all embedded sets, those that are still to be drawn among them."""


def drawing_of(name: str) -> str:
    """Name of the first drawing: ``tiny-2`` is a drawing of ``tiny``; of a set that is not embedded, its own name."""
    first = re.sub(r"-\d+$", "", name)
    return first if name in EMBEDDED_SETS and first in EMBEDDED_SETS else name
