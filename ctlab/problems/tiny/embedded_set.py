"""The embedded test problems: drawn once by a fixed seed, shipped as data, in shuffled order.

``python -m ctlab.problems.tiny.embedded_set`` writes the files again; the same code gives the same bytes.
"""

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ctlab.errors import ProblemSetError
from ctlab.problems.tiny.drawing import SIZE, drawn_stories
from ctlab.problems.tiny.seeds import SEEDS
from ctlab.problems.tiny.stories import Story
from ctlab.source_digest import source_digest

_FILES = {"tiny": "test.jsonl", "tiny-2": "test-2.jsonl", "tiny-3": "test-3.jsonl", "tiny-4": "test-4.jsonl"}


def stories(name: str = "tiny") -> list[Story]:
    """Draw the stories of a set; it shares no question and no equation chain with those before it."""
    before = list(SEEDS)[: list(SEEDS).index(name)]
    return drawn_stories(_seed(name), frozenset[str]().union(*map(chains, before)))


def rows(name: str = "tiny") -> list[dict[str, str]]:
    """Read the shipped problems of a set: ``question`` and ``answer`` as in GSM8K."""
    _seed(name)
    text = files(__package__).joinpath(_FILES[name]).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@lru_cache
def chains(name: str = "tiny") -> frozenset[str]:
    """Equation chains of a set; training draws none of those of ``tiny``."""
    return frozenset(story.chain for story in stories(name))


def drawn(name: str) -> bool:
    """Whether a set's seed has been drawn, so that there are problems to read."""
    return bool(SEEDS[name])


def announcement(name: str) -> str:
    """Name a set by what is known before its seed is drawn: how many problems, drawn by which source."""
    return f"{name}: {SIZE} problems drawn by source {source_digest('ctlab.problems.tiny.drawing')}"


def _seed(name: str) -> str:
    if not drawn(name):
        raise ProblemSetError(
            f"the problems of {name!r} have not been drawn yet, so that claims can be registered on them first "
            f"(pytest --ctlab-register --ctlab-problems {name}); ctlab/problems/tiny/seeds.py says how they are drawn"
        )
    return SEEDS[name]


def main() -> None:
    """Write the files of all sets that have been drawn beside this one."""
    for name, file in _FILES.items():
        if drawn(name):
            lines = [json.dumps({"question": story.question, "answer": story.solution}) for story in stories(name)]
            Path(__file__).with_name(file).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
