"""The embedded sets of graph problems: drawn once by fixed seeds, shipped as data in ProsQA's form.

``python -m ctlab.problems.tiny_graphs.graph_sets`` writes the files again; the same code gives the same bytes.
"""

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.drawings import drawing_of
from ctlab.problems.tiny_graphs.graph_drawing import Graph
from ctlab.problems.tiny_graphs.graph_seeds import GRAPH_SEEDS
from ctlab.problems.tiny_graphs.set_forms import SETS, drawn_graphs
from ctlab.source_digest import source_digest


def graphs(name: str) -> list[Graph]:
    """Draw a set; a later drawing asks no question of the one before it."""
    form = drawing_of(name)
    earlier = frozenset() if name == form else frozenset(graph.question for graph in graphs(form))
    return drawn_graphs(form, _seed(name), earlier)


def rows(name: str) -> list[dict[str, Any]]:
    """Read the shipped problems of a set, as ProsQA has them."""
    _seed(name)
    text = files(__package__).joinpath(_file(name)).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@lru_cache
def questions() -> frozenset[str]:
    """Questions of the first drawing of each form; training asks none of them."""
    return frozenset(row["question"] for name in SETS for row in rows(name))


def drawn(name: str) -> bool:
    """Whether a set's seed has been drawn, so that there are problems to read."""
    return bool(GRAPH_SEEDS[name])


def announcement(name: str) -> str:
    """Name a set by what is known before its seed is drawn: how many problems, drawn by which source."""
    source = source_digest("ctlab.problems.tiny_graphs.set_forms")
    return f"{name}: {SETS[drawing_of(name)].size} problems drawn by source {source}"


def _file(name: str) -> str:
    file, form = SETS[drawing_of(name)].file, drawing_of(name)
    return file if name == form else file.replace(".jsonl", f"{name.removeprefix(form)}.jsonl")


def _seed(name: str) -> str:
    if not drawn(name):
        raise ProblemSetError(
            f"the problems of {name!r} have not been drawn yet, so that claims can be registered on them first "
            f"(pytest --ctlab-register --ctlab-problems {name}); ctlab/problems/tiny_graphs/graph_seeds.py says how "
            f"they are drawn"
        )
    return GRAPH_SEEDS[name]


def main() -> None:
    """Write the files of all sets that have been drawn beside this one."""
    for name in filter(drawn, GRAPH_SEEDS):
        lines = [json.dumps(graph.row()) for graph in graphs(name)]
        Path(__file__).with_name(_file(name)).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
