"""Training batches: stories drawn on the fly, none that shares an equation chain with a test problem."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from ctlab.models.tiny.tokenizer import MARKER
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


def stories(rng: random.Random, weights: tuple[float, ...], forbidden: Callable[[str], bool]) -> Iterator[Story]:
    """Draw stories for ever; ``forbidden`` says which equation chains belong to the test problems."""
    while True:
        story = draw(rng, rng.choices(OPERATIONS, weights)[0])
        if not forbidden(story.chain):
            yield story


def batches(source: Iterator[Story], tokenizer: PreTrainedTokenizerFast, size: int, seed: int) -> Iterator[Batch]:
    """Batches of ``size`` stories of similar question length, in random order of length."""
    rng = random.Random(seed)
    vocabulary = tokenizer.get_vocab()
    while True:
        drawn = [next(source) for _ in range(POOL * size)]
        questions = tokenizer([story.question for story in drawn], add_special_tokens=False)["input_ids"]
        order = sorted(range(len(drawn)), key=lambda i: (len(questions[i]), len(drawn[i].equations)))
        groups = [order[k : k + size] for k in range(0, len(order), size)]
        rng.shuffle(groups)
        for group in groups:
            yield _batch([questions[i] for i in group], [drawn[i] for i in group], vocabulary)


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
