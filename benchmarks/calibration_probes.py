"""How often a learned probe is taken to read what means nothing: ``python -m benchmarks.calibration_probes [RUNS]``.

Each row draws states and labels that have nothing to do with each other, or nothing but what a control must take off,
and counts how often `selectivity` would support "more than shuffled labels" at α = .05 and margin 0. Rows marked with
a minus leave the control out that the row above has: they show what it is for. (docs/probes.md)
"""

import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from ctlab.measures import fit_probe, held_out
from ctlab.problems import Problem
from ctlab.statistics import selectivity

N, WIDTH, ALPHA, DRAWS = 400, 24, 0.05, 59
ASKED = SimpleNamespace(direction="increase", margin=0.0, alpha=ALPHA)
PROBLEMS = [Problem(question=f"How many are {number} boxes?", gold=str(number)) for number in range(N)]
Draw = np.random.Generator
Case = Callable[[Draw], tuple[Any, Any, dict[str, Any]]]


def noise(draw: Draw) -> np.ndarray:
    """States that hold nothing."""
    return draw.normal(size=(N, WIDTH))


def common(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """Two labels, equally common."""
    return noise(draw), draw.integers(0, 2, N), {}


def rare(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """One label in ten."""
    return noise(draw), (draw.random(N) < 0.1).astype(int), {}


def ten(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """Ten labels, of which low ones are common, as of first digits."""
    odds = np.log10(1 + 1 / np.arange(1, 10))
    return noise(draw), draw.choice(9, N, p=odds), {}


def heavy(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """States with heavy tails and columns of very different size."""
    return draw.standard_t(2, (N, WIDTH)) * 10.0 ** draw.uniform(-3, 3, WIDTH), draw.integers(0, 3, N), {}


def wide(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """More columns than rows that are fitted on."""
    return draw.normal(size=(N, 300)), draw.integers(0, 3, N), {}


def by_length(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """A label of the question's length alone, which states hold; length is held fixed."""
    states, labels, _ = of_length_alone(draw)
    return states, labels, {"held_fixed": states[:, 1].astype(int).tolist()}


def of_length_alone(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """The same without holding it fixed."""
    lengths, states = draw.integers(10, 40, N), noise(draw)
    labels = (lengths % 7 > 2).astype(int)
    states[:, 0], states[:, 1] = 3 * labels, lengths
    return states, labels, {}


def four_times(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """Every question four times with one state and one label."""
    states = np.repeat(draw.normal(size=(N // 4, 90)), 4, axis=0)
    return states, np.repeat(draw.integers(0, 2, N // 4), 4), {"problems": [PROBLEMS[k // 4] for k in range(N)]}


def four_times_apart(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """The same under questions that differ in a word, so that copies count and stand on both sides."""
    states, labels, _ = four_times(draw)
    return states, labels, {}


def by_type(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """States that hold one of 40 values, and a meaningless property of a value; labels are shuffled by value."""
    states, labels, _ = of_type(draw)
    return states, labels, {"types": states.argmax(1).tolist()}


def of_type(draw: Draw) -> tuple[Any, Any, dict[str, Any]]:
    """The same with labels shuffled by problem."""
    values = draw.integers(0, 40, N)
    states = 0.1 * draw.normal(size=(N, 40))
    states[np.arange(N), values] += 1
    return states, draw.permutation(np.repeat([0, 1], 20))[values], {}


CASES: tuple[tuple[str, Case], ...] = (
    ("two labels", common),
    ("a rare label (10 %)", rare),
    ("nine labels, uneven", ten),
    ("heavy tails, columns of any size", heavy),
    ("300 columns, 200 rows", wide),
    ("label of the length alone, length held fixed", by_length),
    ("− not held fixed", of_length_alone),
    ("every question four times", four_times),
    ("− copies that are not known as such", four_times_apart),
    ("property of a value, shuffled by value", by_type),
    ("− shuffled by problem", of_type),
)
"""What each row is called, and how it is drawn."""


def supported(case: Case, seed: int) -> bool:
    """Return whether one draw of a case would be SUPPORTED."""
    states, labels, options = case(np.random.default_rng(seed))
    problems = options.pop("problems", PROBLEMS)
    told = {"label": "nothing", "thought": "CT0", "level": 0, "draws": DRAWS, "seed": seed}
    held = held_out(problems, seed=seed)
    effect = selectivity(fit_probe(states, labels.tolist(), problems, held, **told, **options).fit, ASKED)
    return bool(effect.p_value <= ALPHA and effect.low > 0.0)


def rows(runs: int) -> Iterator[str]:
    """Yield the table, a row a case."""
    yield f"| labels that mean nothing | SUPPORTED of {runs:,}, α = {ALPHA:g} |"
    yield "| --- | --- |"
    for name, case in CASES:
        yield f"| {name} | {100 * sum(supported(case, seed) for seed in range(runs)) / runs:.1f} % |"


if __name__ == "__main__":
    for line in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 1000):
        print(line, flush=True)
