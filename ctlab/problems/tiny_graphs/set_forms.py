"""What the embedded sets of graphs are like: the first as training draws, each other unlike it in one respect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ctlab.problems.tiny_graphs.graph_drawing import Form

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
"""Every set by its name, which is also its seed: ProsQA's test split has 500, the first set as many as two of those."""
