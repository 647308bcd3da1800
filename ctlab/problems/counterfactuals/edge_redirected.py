"""A graph problem with one edge redirected, so that the way parts at one hop and the other candidate follows.

Rows as ProsQA has them (Hao et al. 2024): ``edges``, ``root``, ``target``, ``neg_target`` and ``idx_to_symbol``, and a
question that says each edge in a sentence. All else stays as it is, word for word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ctlab.problems.counterfactuals.pair import Answer, Pair, in_order
from ctlab.problems.problem import Problem
from ctlab.records.fields import Fields


def redirected(problem: Problem, *, hop: int, same: bool, crossed: bool, seed: int) -> Pair | None:
    """Return the pair of a problem at a hop, from 1; None where no edge can be redirected so.

    ``same`` False: another node stands at the hop, at the same distance from the other candidate. ``same`` True: the
    node at the hop is the same, and the way parts later. In both the other candidate follows, in as many hops.
    ``crossed``: the other node at the hop leads back to the own way at once, by a second edge that is redirected, where
    there is a next hop: who follows the donor in anything but that node stays with the own answer.
    """
    drawn = _Drawn.of(problem)
    if drawn is None or not 1 <= hop <= drawn.hops:
        return None
    found = {}
    for at, after in drawn.turns():
        if at > hop if same else at == hop:
            back = crossed and not same and at < drawn.hops
            turns = drawn.back(at, after) if back else [drawn.turn(at, after)]
            found[drawn.words(turns)] = turns
    other = next((option for option in problem.options if option != problem.gold_text), "")
    expected: Answer = problem.gold_text if same else other
    for name in in_order(problem.id, hop, seed, found):
        donor = drawn.written(found[name])
        if donor is not None:
            return Pair(donor=donor, expected=expected, alternatives=Counter({expected: len(found)}), change=name)
    return None


_Turn = tuple[int, int, int]
"""An edge that is redirected: its first node, its second one, and the one that takes its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A problem with its graph."""

    problem: Problem
    names: list[str]
    edges: list[list[int]]
    root: int
    target: int
    other: int
    way: tuple[int, ...]
    """Nodes from the root to the target; there is no second way as short."""

    @classmethod
    def of(cls, problem: Problem) -> "_Drawn | None":
        """Read the columns; None where they are no graph, or more than one shortest way leads to the target."""
        row: Mapping[str, Any] = problem.fields
        names, edges = row.get("idx_to_symbol"), row.get("edges")
        ends = [row.get(name) for name in ("root", "target", "neg_target")]
        if problem.kind != "entity" or len(problem.options) != 2 or not isinstance(names, list):
            return None
        nodes = range(len(names))
        if not isinstance(edges, list) or not all(_is_edge(edge, nodes) for edge in edges):
            return None
        known = [end for end in ends if isinstance(end, int) and end in nodes]
        if len(known) != len(ends):
            return None
        root, target, other = known
        way = _only_way(edges, root, target)
        if way is None or other in _distances(edges, root):
            return None
        return cls(problem=problem, names=names, edges=edges, root=root, target=target, other=other, way=way)

    @property
    def hops(self) -> int:
        return len(self.way) - 1

    def turns(self) -> Iterator[tuple[int, int]]:
        """Yield hops of the way with nodes that could stand there and lead to the other candidate in as many hops."""
        left = _distances([[after, before] for before, after in self.edges], self.other)
        for at in range(1, self.hops + 1):
            for after in sorted(left):
                if left[after] == self.hops - at and [self.way[at - 1], after] not in self.edges:
                    edges = self.redirected([self.turn(at, after)])
                    if self.target not in _distances(edges, self.root) and _only_way(edges, self.root, self.other):
                        yield at, after

    def turn(self, at: int, after: int) -> _Turn:
        """Let the edge of hop ``at`` lead to ``after``."""
        return self.way[at - 1], self.way[at], after

    def back(self, at: int, after: int) -> list[_Turn]:
        """Let it lead to ``after``, and what leads on from there back to the own way; empty where nothing does."""
        on = _only_way(self.edges, after, self.other)
        return [] if on is None else [self.turn(at, after), (after, on[1], self.way[at + 1])]

    def words(self, turns: Sequence[_Turn]) -> str:
        """Say what is redirected."""
        return ", ".join(f"{self.names[one]}: {self.names[two]} → {self.names[after]}" for one, two, after in turns)

    def redirected(self, turns: Sequence[_Turn]) -> list[list[int]]:
        """All edges, with some of them redirected."""
        instead = {(one, before): after for one, before, after in turns}
        return [[one, instead.get((one, before), before)] for one, before in self.edges]

    def written(self, turns: Sequence[_Turn]) -> Problem | None:
        """Write the problem with edges redirected; None where no one sentence says each, or it is no problem of one."""
        question, row = self.problem.question, {**self.problem.fields, "edges": self.redirected(turns)}
        for one, before, after in turns:
            sentence = re.compile(
                rf"(?:^|(?<=\. ))((?:Every )?{re.escape(self.names[one])} is an? ){re.escape(self.names[before])}\."
            )
            question, count = sentence.subn(rf"\g<1>{self.names[after]}.", question)
            if count != 1:
                return None
        ends = [end for end in (self.target, self.other) if end in _distances(row["edges"], self.root)]
        way = _only_way(row["edges"], self.root, ends[0]) if len(ends) == 1 else None
        if way is None or len(way) != len(self.way):
            return None
        if ends[0] == self.other:
            row |= {"target": self.other, "neg_target": self.target}
        kept, own = ends[0] == self.target, self.problem.gold_text
        gold = next(option for option in self.problem.options if (option == own) == kept)
        row["steps"] = [_sentence(question, self.names[one], self.names[two]) for one, two in pairwise(way)]
        solution = "\n".join(row["steps"])
        return replace(self.problem, question=question, gold=gold, solution=solution, fields=Fields(row))


def _sentence(question: str, one: str, two: str) -> str:
    found = re.search(rf"(?:^|(?<=\. ))(?:Every )?{re.escape(one)} is an? {re.escape(two)}\.", question)
    return found[0] if found else ""


def _is_edge(edge: Any, nodes: range) -> bool:
    return isinstance(edge, list) and len(edge) == 2 and all(isinstance(end, int) and end in nodes for end in edge)


def _distances(edges: list[list[int]], root: int) -> dict[int, int]:
    """Count the edges from a node to each that it reaches."""
    reached, front = {root: 0}, [root]
    while front:
        further = reached[front[0]] + 1
        front = list(dict.fromkeys(two for one, two in edges if one in front and two not in reached))
        reached.update(dict.fromkeys(front, further))
    return reached


def _only_way(edges: list[list[int]], root: int, target: int) -> tuple[int, ...] | None:
    """Return the shortest way; None where there is none, or a second one."""
    after = _distances(edges, root)
    if target not in after:
        return None
    way = [target]
    while way[-1] != root:
        before = {one for one, two in edges if two == way[-1] and after.get(one) == after[way[-1]] - 1}
        if len(before) != 1:
            return None
        way += before
    return tuple(reversed(way))
