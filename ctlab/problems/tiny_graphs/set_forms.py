"""What the embedded sets of graphs are like: the first as training draws, each other unlike it in one respect."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ctlab.problems.tiny_graphs.graph_drawing import Form, Graph, draw

AS_TRAINED = Form(hops=(3, 4, 5, 6), branches=(1, 3), shared=(1, 2))
"""What training draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSet:
    """How an embedded set is drawn."""

    form: Form
    """What its graphs are like."""
    size: int
    """Problems; of each number of hops as many as of another."""
    file: str
    """Where they stand, beside this module."""


SETS: Mapping[str, GraphSet] = MappingProxyType(
    {
        "tiny-graphs": GraphSet(form=AS_TRAINED, size=1000, file="test.jsonl"),
        "tiny-graphs-longer": GraphSet(form=replace(AS_TRAINED, hops=(7,)), size=500, file="longer.jsonl"),
        "tiny-graphs-dag": GraphSet(form=replace(AS_TRAINED, detours=2), size=500, file="dag.jsonl"),
        "tiny-graphs-denser": GraphSet(
            form=replace(AS_TRAINED, branches=(5, 6), shared=(3, 4)), size=500, file="denser.jsonl"
        ),
    }
)
"""Every set by its name, later drawings aside: ProsQA's test split has 500, the first set as many as two of those."""


def drawn_graphs(name: str, seed: str, apart_from: Collection[str] = ()) -> list[Graph]:
    """Draw a set of this form; no question stands twice, and none of ``apart_from``."""
    form, size = SETS[name].form, SETS[name].size
    rng = random.Random(seed)
    drawn: dict[str, Graph] = {}
    while len(drawn) < size:
        graph = draw(rng, form, form.hops[len(drawn) % len(form.hops)])
        if graph.question not in apart_from:
            drawn.setdefault(graph.question, graph)
    shuffled = list(drawn.values())
    rng.shuffle(shuffled)
    return shuffled
