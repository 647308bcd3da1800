"""Features of problems whose answers are no numbers: options, and the graph of facts where the row carries one."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any


def text_features(kind: str, options: Sequence[str], solution: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Measure what a row carries beside question and answer; nothing of a problem that is answered by a number.

    Columns as ProsQA's rows have them: ``steps`` (a list of sentences), ``edges`` (pairs of nodes), ``root`` and
    ``target`` (nodes), ``idx_to_symbol`` (names of all nodes). Anything else under these names is passed over: they are
    columns of somebody's file.
    """
    if kind == "number":
        return {}
    edges = _edges(columns.get("edges"))
    way = _shortest(edges, columns.get("root"), columns.get("target"))
    steps = columns.get("steps")
    hops = len(steps) if isinstance(steps, list) else len(solution.strip().splitlines())
    names = columns.get("idx_to_symbol")
    nodes = len(names) if isinstance(names, list) else len({node for edge in edges for node in edge})
    return {
        "n_options": len(options) or None,
        "n_hops": hops or way,
        "n_edges": len(edges) or None,
        "n_nodes": nodes if edges else None,
        "n_distractors": None if way is None else len(edges) - way,
    }


def _edges(value: Any) -> list[tuple[int | str, int | str]]:
    """Read pairs of nodes; empty where the column holds anything else."""
    if not isinstance(value, list):
        return []
    pairs = [tuple(pair) for pair in value if isinstance(pair, list) and len(pair) == 2]
    edges = [(one, other) for one, other in pairs if isinstance(one, int | str) and isinstance(other, int | str)]
    return edges if len(edges) == len(value) else []


def _shortest(edges: Sequence[tuple[int | str, int | str]], root: Any, target: Any) -> int | None:
    """Count the edges of the shortest way along them; None where there is none."""
    after: dict[int | str, list[int | str]] = defaultdict(list)
    for one, other in edges:
        after[one].append(other)
    if not isinstance(root, int | str) or root not in after:
        return None
    reached, waiting = {root: 0}, deque([root])
    while waiting:
        node = waiting.popleft()
        if node == target:
            return reached[node]
        for other in after.get(node, ()):
            if other not in reached:
                reached[other] = reached[node] + 1
                waiting.append(other)
    return None
