"""Draws graph problems in ProsQA's form (Hao et al. 2024): two people, two candidates, and what follows of whom.

Each of two people stands at the root of a *side*: a way of so many hops to a candidate, and branches that lead
elsewhere. Both sides are drawn by the same rule and one of them is asked about, so nothing that is seen of a candidate
without following its edges tells which of the two it is. *Shared* nodes follow from both people, so the sides are one
graph and it is not enough to see what hangs together. No candidate has children.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, pairwise
from typing import Any

from ctlab.problems.tiny_graphs.graph_words import KINDS, PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What graphs are drawn like."""

    hops: Sequence[int]
    """Lengths of the shortest way from a person to its candidate, each as often as the others."""
    branches: tuple[int, int]
    """Fewest and most nodes of a side that hang on the way and lead no further."""
    shared: tuple[int, int]
    """Fewest and most nodes that follow from both people."""
    detours: int = 0
    """Second ways of a side: from a node of the way to a later one, as long as the stretch that they go round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A drawn problem."""

    names: tuple[str, ...]
    """Name of each node; the first two are the people."""
    edges: tuple[tuple[int, int], ...]
    """Pairs of nodes in the order in which they are told: every first is a second."""
    way: tuple[int, ...]
    """Nodes from the person that is asked about to the candidate that follows."""
    other: int
    """The candidate that does not follow."""
    right_first: bool
    """Whether the question names the candidate that follows before the other."""

    @property
    def question(self) -> str:
        """All edges as sentences, and which of two candidates follows."""
        first, second = (self.way[-1], self.other) if self.right_first else (self.other, self.way[-1])
        facts = " ".join(map(self._sentence, self.edges))
        return f"{facts} Is {self.names[self.way[0]]} a {self.names[first]} or {self.names[second]}?"

    @property
    def steps(self) -> list[str]:
        """The way, a sentence an edge."""
        return [self._sentence(edge) for edge in pairwise(self.way)]

    @property
    def answer(self) -> str:
        """The sentence that follows."""
        return f"{self.names[self.way[0]]} is a {self.names[self.way[-1]]}."

    def row(self) -> dict[str, Any]:
        """The row, under ProsQA's names."""
        return {
            "question": self.question,
            "answer": self.answer,
            "steps": self.steps,
            "idx_to_symbol": list(self.names),
            "edges": [list(edge) for edge in self.edges],
            "root": self.way[0],
            "target": self.way[-1],
            "neg_target": self.other,
        }

    def _sentence(self, edge: tuple[int, int]) -> str:
        one, other = edge
        subject = self.names[one] if one < len(_PEOPLE) else f"Every {self.names[one]}"
        return f"{subject} is a {self.names[other]}."


_PEOPLE = (0, 1)
"""Nodes that are people: the roots of the two sides."""


def draw(rng: random.Random, form: Form, hops: int) -> Graph:
    """Draw a problem whose candidates stand ``hops`` edges (at least 1) from their people."""
    numbers = count(len(_PEOPLE))
    sides = [_side(rng, form, hops, person, numbers) for person in _PEOPLE]
    edges = [edge for side in sides for edge in side.edges]
    for _ in range(rng.randint(*form.shared)):
        below = next(numbers)
        edges += [(rng.choice(side.way[:-1]), below) for side in sides]
    rng.shuffle(edges)
    kinds = rng.sample(KINDS, next(numbers) - len(_PEOPLE))
    asked = rng.choice(_PEOPLE)
    return Graph(
        names=(*rng.sample(PEOPLE, len(_PEOPLE)), *kinds),
        edges=tuple(edges),
        way=sides[asked].way,
        other=sides[1 - asked].way[-1],
        right_first=rng.random() < 0.5,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    way: tuple[int, ...]
    edges: Sequence[tuple[int, int]]


def _side(rng: random.Random, form: Form, hops: int, person: int, numbers: Iterator[int]) -> _Side:
    way = (person, *islice(numbers, hops))
    edges = list(pairwise(way))
    edges += [(rng.choice(way[:-1]), next(numbers)) for _ in range(rng.randint(*form.branches))]
    for _ in range(form.detours):
        start = rng.randrange(hops - 1)
        length = rng.randint(2, hops - start)
        edges += pairwise((way[start], *islice(numbers, length - 1), way[start + length]))
    return _Side(way=way, edges=edges)
