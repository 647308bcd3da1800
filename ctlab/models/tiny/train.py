"""Trains the embedded model: ``python -m ctlab.models.tiny.train --out DIR``.

Seeded and resumable: the same command goes on where it stopped, with the data and the optimiser it would have had.
"""

import argparse
from collections.abc import Iterator, Mapping
from functools import partial

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from ctlab.models.tiny import checkpoint_writer as checkpoint
from ctlab.models.tiny import tokenizer, training_loop
from ctlab.models.tiny.network import Network, Shape
from ctlab.models.tiny.objective import Ids, losses
from ctlab.models.tiny.training_batches import POOL, Batch, pool

CURRICULUM = (
    (0, (6.0, 3.0, 1.0, 0.0, 0.0)),
    (60_000, (3.0, 3.0, 2.0, 1.0, 0.0)),
    (150_000, (2.0, 1.5, 1.5, 1.5, 1.0)),
    (300_000, (1.5, 1.0, 1.1, 1.2, 1.3)),
)
"""From how many problems on, how often each number of operations is drawn: arithmetic is learnt on short stories."""
TEACH_EVERY = 3
"""The teacher writes, and the student is distilled, every so many steps: it learns fast, and costs a third."""


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    training_loop.add_options(parser, steps=2800, decay=1320, batch=256, rate=4e-3)
    parser.add_argument("--compile", action="store_true", help="torch.compile the blocks: 3 minutes, then 1.3x as fast")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options)


def train(options: argparse.Namespace) -> None:
    """Train until ``options.steps`` and write the checkpoint."""
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    words = tokenizer.build()
    vocabulary = words.get_vocab()
    # As the official code does: pad, begin and end are added behind the tokenizer's own ids.
    ids = Ids(
        begin=len(words) + 1, end=len(words) + 2, marker=vocabulary[tokenizer.MARKER], eos=vocabulary[tokenizer.EOS]
    )
    network = Network(Shape(vocabulary=len(words) + 3))
    if options.compile:
        for block in network.blocks:
            block.compile(dynamic=True)
    training_loop.run(network, partial(_batches, words, options), partial(_losses, network, ids), options)
    checkpoint.write(network, words, options.out / "checkpoint")


def _losses(network: Network, ids: Ids, step: int, batch: Batch) -> tuple[Tensor, Mapping[str, float]]:
    found = losses(network, batch, ids, teach=step % TEACH_EVERY == 0)
    return found.total, found.parts


def _batches(words: PreTrainedTokenizerFast, options: argparse.Namespace, first: int) -> Iterator[Batch]:
    step = first
    while step < options.steps:
        index, done = divmod(step, POOL)
        problems = index * POOL * options.batch
        weights = [row for start, row in CURRICULUM if start <= problems][-1]
        for batch in pool(index, words, size=options.batch, seed=options.seed, weights=weights)[done:]:
            if step < options.steps:
                yield batch
                step += 1


if __name__ == "__main__":
    main()
