"""Draws an embedded problem set from a seed; the same code and seed give the same problems."""

import random
from collections.abc import Collection

from ctlab.problems.tiny.stories import OPERATIONS, Story, draw

SIZE = 1319
"""As many problems as GSM8K's test split has, so that margins and powers carry over."""


def drawn_stories(seed: str, apart_from: Collection[str] = ()) -> list[Story]:
    """Draw a set: as many of each number of operations as can be, no question or equation chain twice.

    ``apart_from`` are equation chains of other sets. Two stories with one question have one chain, so that sets whose
    chains differ share no question.
    """
    rng = random.Random(seed)
    drawn: list[Story] = []
    chains = set(apart_from)
    while len(drawn) < SIZE:
        story = draw(rng, OPERATIONS[len(drawn) % len(OPERATIONS)])
        if story.chain not in chains:
            chains.add(story.chain)
            drawn.append(story)
    rng.shuffle(drawn)
    return drawn
