"""What the trainings of all embedded models share: optimisers, the rate's course, a log, and going on after a stop.

The learning rate is constant after a short warm-up and falls linearly to zero over the last ``--decay`` steps
(warmup-stable-decay), so a longer training can be decided on while one is running.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ctlab.files import replacing

WARMUP = 100
"""Steps until the full learning rate."""
_MATRICES_ASIDE = ("embedding.weight",)


def add_options(parser: argparse.ArgumentParser, *, steps: int, decay: int, batch: int, rate: float) -> None:
    """Give a training's command the options that every training has, with its own defaults."""
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of the training state, the log and the checkpoint"
    )
    parser.add_argument("--steps", type=int, default=steps, help="optimiser steps in all (default: %(default)s)")
    parser.add_argument("--decay", type=int, default=decay, help="last steps, with falling rate (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=batch, help="problems a step (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=rate, help="learning rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and data (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default: %(default)s)")


def run(
    module: nn.Module,
    batches: Callable[[int], Iterator[Any]],
    losses: Callable[[int, Any], tuple[Tensor, Mapping[str, float]]],
    options: argparse.Namespace,
) -> None:
    """Train until ``options.steps``, saving the state every few minutes.

    ``batches`` gives the batches from a step on; ``losses`` the loss of one and what the log says of it.
    """
    optimizers = build_optimizers(module, options.rate)
    state_file = options.out / "state.pt"
    first = _go_on(state_file, module, optimizers)
    began = saved = time.monotonic()
    running: dict[str, float] = {}
    for step, batch in enumerate(batches(first), start=first):
        rate = rate_at(step, options)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        total, parts = losses(step, batch)
        torch.autograd.backward(total)
        nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        for name, value in parts.items():
            # A mean over about fifty steps: what stands between two lines of the log.
            running[name] = 0.98 * running.get(name, value) + 0.02 * value
        if (step + 1) % 50 == 0:
            _log(options, step + 1, rate, running, (step + 1 - first) * options.batch / (time.monotonic() - began))
        # Three minutes: what an interruption may cost at most.
        if time.monotonic() - saved > 180 or step + 1 == options.steps:
            saved = time.monotonic()
            _save(state_file, module, optimizers, step + 1)


def build_optimizers(module: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the blocks and the projection, AdamW for everything else."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, weight in module.named_parameters():
        (matrices if weight.dim() == 2 and not name.endswith(_MATRICES_ASIDE) else others).append(weight)
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.99), weight_decay=0.0),
    ]


def rate_at(step: int, options: argparse.Namespace) -> float:
    """The learning rate of a step."""
    rising = min(1.0, (step + 1) / WARMUP)
    falling = min(1.0, (options.steps - step) / max(1, options.decay))
    return float(options.rate * rising * falling)


def _go_on(file: Path, module: nn.Module, optimizers: list[torch.optim.Optimizer]) -> int:
    """Take a saved state up; the steps that it has behind it."""
    if not file.exists():
        return 0
    state = torch.load(file, weights_only=True)
    module.load_state_dict(state["network"])
    for optimizer, saved_state in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved_state)
    return int(state["step"])


def _log(options: argparse.Namespace, step: int, rate: float, running: dict[str, float], speed: float) -> None:
    row = {"step": step, "problems": step * options.batch, "rate": round(rate, 6)}
    row |= {name: round(value, 4) for name, value in sorted(running.items())}
    line = json.dumps(row | {"problems_per_second": round(speed, 1)})
    print(line, flush=True)
    with (options.out / "training.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _save(file: Path, module: nn.Module, optimizers: list[torch.optim.Optimizer], step: int) -> None:
    state = {"network": module.state_dict(), "optimizers": [o.state_dict() for o in optimizers], "step": step}
    with replacing(file) as draft:
        torch.save(state, draft)
