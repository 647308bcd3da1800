"""Training batches: stories drawn on the fly, none that shares an equation chain with a test problem."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from ctlab.models.tiny.tokenizer import MARKER
from ctlab.problems.tiny.embedded_set import chains
from ctlab.problems.tiny.stories import OPERATIONS, Story, draw

POOL = 16
"""Batches drawn at once and sorted by question length, so that a batch is hardly padded."""
IGNORED = -100
"""Label of positions that do not count (cross entropy's default ``ignore_index``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Token ids of one training step."""

    question: Tensor
    """(B, Q), padded on the left with -1."""
    steps: Tensor
    """(B, S) teacher's continuation: steps, marker, answer, end; padded on the right with -1."""
    marker: Tensor
    """(B,) index of the marker in ``steps``."""
    results: Tensor
    """(B, 5) token of each step's result, ``IGNORED`` beyond the last step."""
    answer: Tensor
    """(B,) token of the gold answer."""


def pool(
    index: int, tokenizer: PreTrainedTokenizerFast, *, size: int, seed: int, weights: Sequence[float]
) -> list[Batch]:
    """Draw pool ``index``: ``POOL`` batches of ``size`` stories, each of similar length, in random order.

    A pool depends on nothing but its arguments, so a resumed training sees the data it would have seen.
    ``weights`` say how often each number of operations is drawn.
    """
    rng = random.Random(f"{seed}/{index}")
    drawn = [_draw(rng, weights) for _ in range(POOL * size)]
    questions = tokenizer([story.question for story in drawn], add_special_tokens=False)["input_ids"]
    order = sorted(range(len(drawn)), key=lambda i: (len(questions[i]), len(drawn[i].equations)))
    groups = [order[k : k + size] for k in range(0, len(order), size)]
    rng.shuffle(groups)
    vocabulary = tokenizer.get_vocab()
    return [_batch([questions[i] for i in group], [drawn[i] for i in group], vocabulary) for group in groups]


def _draw(rng: random.Random, weights: Sequence[float]) -> Story:
    while True:
        story = draw(rng, rng.choices(OPERATIONS, weights)[0])
        if story.chain not in chains():
            return story


def _batch(questions: list[list[int]], drawn: list[Story], vocabulary: dict[str, int]) -> Batch:
    steps = [
        [vocabulary[str(part)] for e in story.equations for part in (e.left, e.op, e.right, "=", e.result)]
        for story in drawn
    ]
    answers = [vocabulary[str(story.gold)] for story in drawn]
    ends = [[vocabulary[MARKER], answer, vocabulary["<eos>"]] for answer in answers]
    longest = max(map(len, questions))
    full = [step + end for step, end in zip(steps, ends, strict=True)]
    width = max(map(len, full))
    results = [[vocabulary[str(e.result)] for e in story.equations] for story in drawn]
    return Batch(
        question=torch.tensor([[-1] * (longest - len(q)) + q for q in questions]),
        steps=torch.tensor([row + [-1] * (width - len(row)) for row in full]),
        marker=torch.tensor([len(step) for step in steps]),
        results=torch.tensor([row + [IGNORED] * (len(OPERATIONS) - len(row)) for row in results]),
        answer=torch.tensor(answers),
    )
