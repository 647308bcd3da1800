"""What the measurements of speed share: settings, the machine's own speed, and how much work a run is."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch

import ctlab
from benchmarks.speed_models import Pair, size, unread_by_questions
from benchmarks.speed_rivals import HIDDEN
from ctlab.engine.plan import plan
from ctlab.records.generation import Decoding

Row = dict[str, object]
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
TOKENS = 8
"""Answer tokens a problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to measure."""

    repeat: int = 3
    """Measurements of each."""
    loop: int = 16
    """Problems that the loop answers."""
    threads: int = 1
    """Threads of torch."""
    clock: str = "wall"
    """Key of `CLOCKS`."""
    most: int = 100_000
    """Most problems in the measurement of their number."""
    calm: float = 0.0
    """Most seconds to wait before each measurement until other processes leave the machine alone."""
    gsm8k: Path = Path("test.jsonl")
    """Questions of (b) and (c); the embedded ones where there is no such file."""

    rivals: Sequence[str] | None = None
    """Names of those that ctlab is compared with (`speed_answers.RIVALS`); None: all."""
    smollm2: Path | None = None
    """Folder that `benchmarks.smollm2` has written; None: write one and throw it away."""

    @property
    def now(self) -> Callable[[], float]:
        """The clock, in seconds."""
        return CLOCKS[self.clock]

    def questions(self) -> list[ctlab.Problem]:
        """Problems whose questions are of real length."""
        if not self.gsm8k.exists():
            print(
                f"no file {self.gsm8k} (--gsm8k): the embedded questions are asked instead, which are shorter",
                flush=True,
            )
            return list(ctlab.load_problems("tiny"))
        return list(ctlab.load_problems(str(self.gsm8k)))


def timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    start = clock()
    work()
    return clock() - start


def ours(pair: Pair, asked: Sequence[ctlab.Problem], conditions: Sequence[ctlab.Condition], tokens: int) -> None:
    ctlab.generate(pair.model, asked, conditions, max_new_tokens=tokens, certificates=False)
    if pair.model.device.type == "cuda":
        torch.cuda.synchronize()


def some_conditions(names: Sequence[str] = tuple(HIDDEN)) -> list[ctlab.Condition]:
    forms = {
        name: [] if hidden is None else [{"keys": [f"CT{hidden}"], "readers": "later"}]
        for name, hidden in HIDDEN.items()
    }
    return [ctlab.Condition.from_json({"name": name, "interventions": forms[name]}) for name in names]


def many_conditions(count: int) -> list[ctlab.Condition]:
    """The baseline, and up to 48 conditions that each weaken one thought for some readers."""
    forms = [{"keys": [f"CT{k}"], "readers": readers, "keep": keep} for keep in (0, 0.25, 0.5, 0.75)
             for readers in ("later", "answer") for k in range(6)]  # fmt: skip
    every = [ctlab.Condition.from_json({"name": f"c{n}", "interventions": [form]}) for n, form in enumerate(forms)]
    return [*some_conditions(["baseline"]), *every[: count - 1]]


def many_problems(count: int) -> list[ctlab.Problem]:
    """Up to 891,644 problems as long as the embedded ones: each of those with every ending of two letters."""
    return list(islice(_with_endings(), count))


def _with_endings() -> Iterator[ctlab.Problem]:
    shipped = ctlab.load_problems("tiny")
    letters = "abcdefghijklmnopqrstuvwxyz"
    for ending in (first + second for first in letters for second in letters):
        for problem in shipped:
            yield ctlab.Problem(question=f"{problem.question} {ending}", gold=1)


def peak(clock: Callable[[], float], device: str, dtype: torch.dtype, size: int = 2048) -> float:
    """The machine's best matrix product, GFLOP/s."""
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    best = 0.0
    for _ in range(6):
        start = clock()
        (a @ b).sum().item()
        best = max(best, 2 * size**3 / (clock() - start) / 1e9)
    return best


def flops(pair: Pair, asked: Sequence[ctlab.Problem], tokens: int) -> float:
    """Floating-point operations that three conditions need: no padding, nothing twice, nothing that nobody reads."""
    model = pair.model
    config = model.network.config
    planned = plan(model, asked, some_conditions(), Decoding(max_new_tokens=tokens))
    layout = planned.layout
    levels = planned.tree.levels
    steps = [len(layout.segments[n]) * len(levels[n + 1].parents) for n in range(len(layout.segments))]
    rows = (sum(steps) + (tokens - 1) * len(levels[-1].parents)) * len(asked)
    asked_tokens = sum(map(len, planned.prompts))
    length = asked_tokens / len(asked)
    weights = size(model.network)
    passed = 2.0 * weights * rows + 2.0 * (weights - unread_by_questions(model.network)) * asked_tokens
    attention = 4 * config.num_hidden_layers * config.hidden_size
    context = asked_tokens * length / 2 + rows * (length + layout.tail)
    head = 2 * config.vocab_size * config.hidden_size * tokens * len(levels[-1].parents) * len(asked)
    return float(passed + attention * context + head)


def tokens_per_question(pair: Pair, asked: Sequence[ctlab.Problem]) -> float:
    """Mean length of the questions, which decides how long a prefill takes."""
    return sum(map(len, pair.encode([problem.question for problem in asked]))) / len(asked)
