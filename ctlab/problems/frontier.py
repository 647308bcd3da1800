"""The nodes of a graph problem by hops: which follow of whom in how many steps, and which lie on the way.

Read from ProsQA's columns (``edges``, ``root``, ``target``, ``neg_target``, ``idx_to_symbol``), which the embedded
graphs have too. A node's distance is the fewest edges that lead to it, along their direction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import InputError
from ctlab.problems.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The nodes so many hops from the two roots, in four groups that share none."""

    way: frozenset[int]
    """Nodes that far from the root that is asked about, on a shortest way to the right candidate."""
    beside: frozenset[int]
    """The others that far from it: they follow too, and lead away from the candidate."""
    other_way: frozenset[int]
    """Nodes that do not follow from it, that far from another root, on a shortest way to the wrong candidate."""
    other_beside: frozenset[int]
    """The others of these."""

    @property
    def reachable(self) -> frozenset[int]:
        """All that follow from the root that is asked about, in exactly so many hops."""
        return self.way | self.beside

    @property
    def unreachable(self) -> frozenset[int]:
        """All at the same distance from another root that do not follow from this one, whatever the hops."""
        return self.other_way | self.other_beside


def frontier(problem: Problem, hops: int) -> Frontier:
    """Return the nodes ``hops`` edges (1 or more) from the roots; InputError where a row carries no graph."""
    edges, root, target, other = _graph(problem)
    children = _children(edges)
    own = _distances(children, [root])
    roots = {first for first, _ in edges} - {second for _, second in edges} - {root}
    apart = {node: far for node, far in _distances(children, sorted(roots)).items() if node not in own}
    parents = _children((second, first) for first, second in edges)
    ways = [_on_the_way(own, _distances(parents, [target]), own.get(target))]
    ways.append(_on_the_way(apart, _distances(parents, [other]), apart.get(other)))
    mine, others = (frozenset(node for node, far in table.items() if far == hops) for table in (own, apart))
    return Frontier(
        way=mine & ways[0], beside=mine - ways[0], other_way=others & ways[1], other_beside=others - ways[1]
    )


def node_names(problem: Problem) -> dict[int, str]:
    """Name of each node that an edge leads to, by its number: the entities, and not the roots."""
    edges, *_ = _graph(problem)
    symbols: Any = problem.fields["idx_to_symbol"]
    return {node: str(symbols[node]) for node in sorted({second for _, second in edges})}


def _graph(problem: Problem) -> tuple[list[tuple[int, int]], int, int, int]:
    fields = problem.fields
    for name in ("edges", "root", "target", "neg_target", "idx_to_symbol"):
        if name not in fields:
            raise InputError(
                f"problem {problem.id} carries no graph ({name!r} is no column of its row); use a set in ProsQA's "
                f"form, such as tiny-graphs"
            )
    edges: Any = fields["edges"]
    ends: Any = [fields[name] for name in ("root", "target", "neg_target")]
    return [(int(first), int(second)) for first, second in edges], ends[0], ends[1], ends[2]


def _children(edges: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for first, second in edges:
        found.setdefault(first, []).append(second)
    return found


def _distances(children: Mapping[int, list[int]], starts: Iterable[int]) -> dict[int, int]:
    """Fewest edges from the starts to each node that can be reached, breadth first."""
    found = dict.fromkeys(starts, 0)
    queue = list(found)
    for node in queue:
        for child in children.get(node, ()):
            if child not in found:
                found[child] = found[node] + 1
                queue.append(child)
    return found


def _on_the_way(far: Mapping[int, int], left: Mapping[int, int], whole: int | None) -> frozenset[int]:
    """Nodes of a shortest way that is ``whole`` edges long: as far from its start and its end as that is together."""
    return frozenset(
        node for node, steps in far.items() if whole is not None and steps + left.get(node, whole) == whole
    )
