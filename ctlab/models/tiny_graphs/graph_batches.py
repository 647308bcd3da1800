"""Training batches: graphs drawn on the fly, none of which a shipped set asks about."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from ctlab.problems.tiny_graphs.graph_drawing import Graph, draw
from ctlab.problems.tiny_graphs.graph_sets import questions
from ctlab.problems.tiny_graphs.set_forms import AS_TRAINED

POOL = 16
"""Batches drawn at once and sorted by length, so that a batch is hardly padded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Token ids of one training step."""

    question: Tensor
    """(B, Q), padded on the left with -1."""
    written: Tensor
    """(B, W) steps that are written, answer, end; padded on the right with -1."""
    way: Tensor
    """(B, 6) token of each step's node, ``is a bafin.``, whether written or not; padded on the right with -1."""
    answer: Tensor
    """(B,) index in ``written`` of the token that names the candidate."""


def pool(index: int, *, size: int, seed: int) -> list[list[Graph]]:
    """Draw pool ``index``: ``POOL`` batches of ``size`` graphs, each of similar length, in random order.

    A pool depends on nothing but its arguments, so a resumed training sees the data it would have seen.
    """
    rng = random.Random(f"{seed}/{index}")
    drawn = sorted(
        (_draw(rng) for _ in range(POOL * size)), key=lambda graph: (len(graph.edges), len(graph.way), graph.question)
    )
    groups = [drawn[k : k + size] for k in range(0, len(drawn), size)]
    rng.shuffle(groups)
    return groups


def batch_of(graphs: Sequence[Graph], tokenizer: PreTrainedTokenizerFast, replaced: int = 0) -> Batch:
    """Encode problems whose first ``replaced`` steps are not written."""
    asked = tokenizer([graph.question for graph in graphs], add_special_tokens=False)["input_ids"]
    told = [" ".join([*graph.steps[replaced:], graph.answer]) for graph in graphs]
    written = [[*ids, tokenizer.eos_token_id] for ids in tokenizer(told, add_special_tokens=False)["input_ids"]]
    named = tokenizer([" ".join(f"is a {graph.names[node]}." for node in graph.way[1:]) for graph in graphs])[
        "input_ids"
    ]
    longest, width = max(map(len, asked)), max(map(len, written))
    return Batch(
        question=torch.tensor([[-1] * (longest - len(ids)) + ids for ids in asked]),
        written=torch.tensor([ids + [-1] * (width - len(ids)) for ids in written]),
        way=torch.tensor([ids + [-1] * (max(AS_TRAINED.hops) - len(ids)) for ids in named]),
        answer=torch.tensor([len(ids) - 2 for ids in written]),
    )


def _draw(rng: random.Random) -> Graph:
    while True:
        graph = draw(rng, AS_TRAINED, rng.choice(AS_TRAINED.hops))
        if graph.question not in questions():
            return graph
