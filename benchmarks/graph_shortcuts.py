"""How often a rule that follows no edge finds the right candidate of an embedded graph problem.

``python -m benchmarks.graph_shortcuts`` prints a row for each rule and a column for each set. A rule prefers the
candidate of which something is larger; where both are alike it decides nothing, which counts as half. The last rule
does follow edges, whichever way they point: it says how far that alone gets.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from ctlab.problems.tiny_graphs.graph_sets import rows
from ctlab.problems.tiny_graphs.set_forms import SETS

Row = Mapping[str, Any]


def mentioned(row: Row, node: int) -> list[int]:
    """Places of a node among the words of the facts, the question at the end left out."""
    facts = row["question"].rpartition(" Is ")[0]
    return [match.start() for match in re.finditer(rf"\b{row['idx_to_symbol'][node]}\b", facts)]


def parents(row: Row, node: int) -> list[int]:
    """Nodes whose edges lead to a node."""
    return [one for one, other in row["edges"] if other == node]


def children(row: Row, node: int) -> list[int]:
    """Nodes that a node's edges lead to."""
    return [other for one, other in row["edges"] if one == node]


def nearness(row: Row, node: int) -> float:
    """How near a node is to the asked person in the text: minus the least distance of their mentions, in characters."""
    places = mentioned(row, row["root"])
    return -min(abs(one - other) for one in mentioned(row, node) for other in places)


def undirected_nearness(row: Row, node: int) -> float:
    """Minus the edges between a node and the asked person, whichever way they point."""
    reached, waiting = {row["root"]: 0}, deque([row["root"]])
    while waiting:
        here = waiting.popleft()
        for other in parents(row, here) + children(row, here):
            if other not in reached:
                reached[other] = reached[here] + 1
                waiting.append(other)
    return -reached.get(node, 999)


def named_first(row: Row, node: int) -> float:
    """1 for the candidate that the question names first."""
    return float(f" a {row['idx_to_symbol'][node]} or " in row["question"].rpartition(" Is ")[2])


RULES: Mapping[str, Callable[[Row, int], float]] = {
    "named first in the question": named_first,
    "first mentioned earlier": lambda row, node: -mentioned(row, node)[0],
    "last mentioned later": lambda row, node: mentioned(row, node)[-1],
    "mentioned nearer to the person": nearness,
    "has children": lambda row, node: len(children(row, node)),
    "more parents": lambda row, node: len(parents(row, node)),
    "parents with more children": lambda row, node: sum(len(children(row, one)) for one in parents(row, node)),
    "more grandparents": lambda row, node: sum(len(parents(row, one)) for one in parents(row, node)),
    "later in idx_to_symbol": lambda row, node: node,
    "later in the alphabet": lambda row, node: sum(
        row["idx_to_symbol"][node] > row["idx_to_symbol"][row[other]] for other in ("target", "neg_target")
    ),
    "(nearer along edges of either direction)": undirected_nearness,
}
"""What a rule prefers more of. The alphabet is that of the names."""


def share(rule: Callable[[Row, int], float], problems: list[Row]) -> float:
    """How often the rule prefers the right candidate; half where it prefers none."""
    found = [(rule(row, row["target"]), rule(row, row["neg_target"])) for row in problems]
    return sum(1.0 if right > wrong else 0.5 if right == wrong else 0.0 for right, wrong in found) / len(found)


def table() -> str:
    """The table, in Markdown."""
    sets = {name: rows(name) for name in SETS}
    lines = ["| prefers the candidate that is | " + " | ".join(f"`{name}`" for name in sets) + " |"]
    lines.append("| --- |" + " --- |" * len(sets))
    for name, rule in RULES.items():
        lines.append(f"| {name} | " + " | ".join(f"{share(rule, each):.1%}" for each in sets.values()) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
