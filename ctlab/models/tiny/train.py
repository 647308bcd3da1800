"""Trains the embedded model: ``python -m ctlab.models.tiny.train --out DIR``.

Seeded and resumable: the same command goes on where it stopped, with the data and the optimiser it would have had.
The learning rate is constant after a short warm-up and falls linearly to zero over the last ``--decay`` steps
(warmup-stable-decay), so a longer training can be decided on while one is running.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedTokenizerFast

from ctlab.files import replacing
from ctlab.models.tiny import checkpoint_writer as checkpoint
from ctlab.models.tiny import tokenizer
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
WARMUP = 100
"""Steps until the full learning rate."""


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of the training state, the log and the checkpoint"
    )
    parser.add_argument("--steps", type=int, default=2800, help="optimiser steps in all (default: %(default)s)")
    parser.add_argument("--decay", type=int, default=1320, help="last steps, with falling rate (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=256, help="problems a step (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=4e-3, help="learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and data (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default: %(default)s)")
    parser.add_argument("--compile", action="store_true", help="torch.compile the blocks: 3 minutes, then 1.3x as fast")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options)


def train(options: argparse.Namespace) -> None:
    """Train until ``options.steps``, saving the state every few minutes and the checkpoint at the end."""
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    words = tokenizer.build()
    vocabulary = words.get_vocab()
    # As the official code does: pad, begin and end are added behind the tokenizer's own ids.
    ids = Ids(
        begin=len(words) + 1, end=len(words) + 2, marker=vocabulary[tokenizer.MARKER], eos=vocabulary[tokenizer.EOS]
    )
    network = Network(Shape(vocabulary=len(words) + 3))
    optimizers = build_optimizers(network, options.rate)
    state_file = options.out / "state.pt"
    first = 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        network.load_state_dict(state["network"])
        for optimizer, saved_state in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved_state)
        first = state["step"]
    if options.compile:
        for block in network.blocks:
            block.compile(dynamic=True)
    began = saved = time.monotonic()
    running: dict[str, float] = {}
    for step, batch in enumerate(_batches(words, options, first), start=first):
        rate = _rate(step, options)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        found = losses(network, batch, ids, teach=step % TEACH_EVERY == 0)
        torch.autograd.backward(found.total)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        for name, value in found.parts.items():
            # A mean over about fifty steps: what stands between two lines of the log.
            running[name] = 0.98 * running.get(name, value) + 0.02 * value
        if (step + 1) % 50 == 0:
            _log(options, step + 1, rate, running, (step + 1 - first) * options.batch / (time.monotonic() - began))
        # Three minutes: what an interruption may cost at most.
        if time.monotonic() - saved > 180 or step + 1 == options.steps:
            saved = time.monotonic()
            _save(state_file, network, optimizers, step + 1)
    checkpoint.write(network, words, options.out / "checkpoint")


def build_optimizers(network: Network, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the blocks and the projection, AdamW for everything else."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, weight in network.named_parameters():
        (matrices if weight.dim() == 2 and name != "embedding.weight" else others).append(weight)
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.99), weight_decay=0.0),
    ]


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


def _rate(step: int, options: argparse.Namespace) -> float:
    rising = min(1.0, (step + 1) / WARMUP)
    falling = min(1.0, (options.steps - step) / max(1, options.decay))
    return float(options.rate * rising * falling)


def _log(options: argparse.Namespace, step: int, rate: float, running: dict[str, float], speed: float) -> None:
    row = {"step": step, "problems": step * options.batch, "rate": round(rate, 6)}
    row |= {name: round(value, 4) for name, value in sorted(running.items())}
    line = json.dumps(row | {"problems_per_second": round(speed, 1)})
    print(line, flush=True)
    with (options.out / "training.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _save(file: Path, network: Network, optimizers: list[torch.optim.Optimizer], step: int) -> None:
    state = {"network": network.state_dict(), "optimizers": [o.state_dict() for o in optimizers], "step": step}
    with replacing(file) as draft:
        torch.save(state, draft)


if __name__ == "__main__":
    main()
