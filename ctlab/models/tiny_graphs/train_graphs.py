"""Trains an embedded graph model: ``python -m ctlab.models.tiny_graphs.train_graphs --thought written --out DIR``.

The other three (``--thought recycled``, ``pause``, ``multipass``) go on from the weights of the first (``--start``),
whose training is stage 0 of their curriculum. Seeded and resumable as the trainings of all embedded models are.
docs/tiny_graphs.md has the four commands.
"""

import argparse
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from ctlab.models.tiny import training_loop
from ctlab.models.tiny.network import Network, Shape
from ctlab.models.tiny_graphs import graph_checkpoint, phrase_tokenizer
from ctlab.models.tiny_graphs.curriculum import THOUGHTS, Ids, Learner, advance, loss
from ctlab.models.tiny_graphs.graph_batches import POOL, batch_of, pool
from ctlab.problems.tiny_graphs.graph_drawing import Graph


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thought", choices=THOUGHTS, required=True, help="what stands in the place of a thought")
    parser.add_argument(
        "--start", type=Path, help="folder of the training of written steps, whose weights it begins with"
    )
    parser.add_argument(
        "--stage-steps", type=int, default=170, help="most steps of a stage, the last excepted (default: %(default)s)"
    )
    training_loop.add_options(parser, steps=1300, decay=450, batch=128, rate=4e-3)
    options = parser.parse_args()
    if (options.thought == "written") != (options.start is None):
        parser.error("--start is for the models that think: they begin with the weights of --thought written")
    torch.set_num_threads(options.threads)
    train(options)


def train(options: argparse.Namespace) -> None:
    """Train until ``options.steps`` and write the checkpoint."""
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    words = phrase_tokenizer.build()
    # As the official code does: begin, end and latent are added behind the tokenizer's own ids.
    ids = Ids(begin=len(words), end=len(words) + 1)
    # A recycled state is fed as it is, so it begins as large as an embedding.
    shape = Shape(
        vocabulary=len(words) + 3, hidden=96, layers=3, intermediate=192, heads=4, projection=0, scale=0.3, gain=0.3
    )
    learner = Learner(Network(shape), options.thought, ids)
    if options.start is not None:
        state = torch.load(options.start / "state.pt", weights_only=True)
        weights = {name: tensor for name, tensor in state["network"].items() if name.startswith("network.")}
        learner.load_state_dict(weights, strict=False)
    training_loop.run(learner, partial(_batches, options), partial(_loss, learner, words, options), options)
    graph_checkpoint.write(learner, words, options.out / "checkpoint")


def _loss(
    learner: Learner, words: PreTrainedTokenizerFast, options: argparse.Namespace, step: int, graphs: list[Graph]
) -> tuple[Tensor, Mapping[str, float]]:
    value, parts = loss(learner, batch_of(graphs, words, replaced=int(learner.stage)))
    advance(learner, parts["first"], most=options.stage_steps)
    return value, parts


def _batches(options: argparse.Namespace, first: int) -> Iterator[list[Graph]]:
    step = first
    while step < options.steps:
        index, done = divmod(step, POOL)
        for graphs in pool(index, size=options.batch, seed=options.seed)[done:]:
            if step < options.steps:
                yield graphs
                step += 1


if __name__ == "__main__":
    main()
