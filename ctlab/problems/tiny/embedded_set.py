"""The embedded test problems: drawn once by a fixed seed, shipped as data, in shuffled order.

``python -m ctlab.problems.tiny.embedded_set`` writes the file again; the same code gives the same bytes.
"""

import json
import random
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ctlab.problems.tiny.stories import OPERATIONS, Story, draw

SIZE = 1319
"""As many problems as GSM8K's test split has, so that margins and powers carry over."""
# Part of the set's identity: another word draws other problems.
_SEED = "ctlab tiny test 1"


def stories() -> list[Story]:
    """Draw the test stories: as many of each number of operations as can be, no question or equation chain twice."""
    rng = random.Random(_SEED)
    drawn: list[Story] = []
    chains: set[str] = set()
    while len(drawn) < SIZE:
        story = draw(rng, OPERATIONS[len(drawn) % len(OPERATIONS)])
        if story.chain not in chains:
            chains.add(story.chain)
            drawn.append(story)
    rng.shuffle(drawn)
    return drawn


def rows() -> list[dict[str, str]]:
    """Read the shipped problems: ``question`` and ``answer`` as in GSM8K."""
    text = files(__package__).joinpath("test.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@lru_cache(maxsize=1)
def chains() -> frozenset[str]:
    """Equation chains of the test problems: training draws none of them."""
    return frozenset(story.chain for story in stories())


def main() -> None:
    """Write ``test.jsonl`` beside this file."""
    lines = [json.dumps({"question": story.question, "answer": story.solution}) for story in stories()]
    Path(__file__).with_name("test.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
