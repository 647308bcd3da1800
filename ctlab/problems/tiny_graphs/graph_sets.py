"""The embedded sets of graph problems: drawn once by fixed seeds, shipped as data in ProsQA's form.

``python -m ctlab.problems.tiny_graphs.graph_sets`` writes the files again; the same code gives the same bytes.
"""

import json
import random
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ctlab.problems.tiny_graphs.graph_drawing import Graph, draw
from ctlab.problems.tiny_graphs.set_forms import SETS


def graphs(name: str) -> list[Graph]:
    """Draw a set; no question stands twice."""
    form, size = SETS[name].form, SETS[name].size
    rng = random.Random(f"ctlab {name} test 1")
    drawn: dict[str, Graph] = {}
    while len(drawn) < size:
        graph = draw(rng, form, form.hops[len(drawn) % len(form.hops)])
        drawn.setdefault(graph.question, graph)
    shuffled = list(drawn.values())
    rng.shuffle(shuffled)
    return shuffled


def rows(name: str) -> list[dict[str, Any]]:
    """Read the shipped problems of a set, as ProsQA has them."""
    text = files(__package__).joinpath(SETS[name].file).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@lru_cache
def questions() -> frozenset[str]:
    """Questions of all sets; training asks none of them."""
    return frozenset(row["question"] for name in SETS for row in rows(name))


def main() -> None:
    """Write the files of all sets beside this one."""
    for name, each in SETS.items():
        lines = [json.dumps(graph.row()) for graph in graphs(name)]
        Path(__file__).with_name(each.file).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
