"""`ctlab judge`: how long two files of 10,000 problems take from a cold start, and how often its verdicts err.

python -m benchmarks.judge speed      wall and processor time of the command as a process
python -m benchmarks.judge repeats    errors of repeated problems, and of the mistake of counting repeats as problems
python -m benchmarks.judge few        errors of both tests of a mean where few problems differ
python -m benchmarks.judge not-worse  errors of "not worse by", by enumeration of every table
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb
from pathlib import Path

import numpy as np

from ctlab.judging.paired_scores import BOUNDS, FEW, PairedScores, effect_of
from ctlab.judging.question import Question, differ, parse
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.means.means import measured_mean
from ctlab.statistics.paired.difference import paired_difference

ALPHA = 0.05
PAIRS = 10_000
NOT_WORSE = parse("B not worse than A by 5", "AB", "A")


@dataclass(frozen=True, slots=True)
class Null:
    """Problems of which both files get the same share right on average, and each answers several times."""

    problems: int
    before: int
    """Answers a problem in the first file."""
    after: int
    """In the second."""
    spread: float
    """How much problems differ in difficulty: parameter of a symmetric beta; small is all or nothing."""
    sway: float
    """By how much a problem is easier for one file than for the other, standard deviation; 0 on average."""


NULLS = tuple(
    Null(problems, before, after, spread, sway)
    for problems in (50, 200, 1000)
    for before, after in ((2, 2), (5, 5), (1, 10))
    for spread, sway in ((0.2, 0.0), (2.0, 0.0), (2.0, 0.2))
)


def speed(repeat: int = 3) -> list[tuple[str, float, float]]:
    """Return wall and processor seconds of the fastest run of each way to judge 10,000 pairs."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in "ab":
            write(Path(folder) / f"{name}.jsonl", 0.6 if name == "a" else 0.58, seed=ord(name))
        for options in ([], ["--score", "ours"], ["--by", "level"], ["--expect", "B not worse than A by 5"]):
            found = [_run(folder, options) for _ in range(repeat)]
            rows.append((" ".join(options) or "two files, scored by the tool", *min(found)))
    return rows


def write(path: Path, rate: float, *, seed: int, pairs: int = PAIRS) -> None:
    """Write a result file: id, question, gold, answer with its steps, the tool's score, and a group."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for place in range(pairs):
            gold, right = place * 37 % 5000, chance.random() < rate
            row = {
                "id": f"q{place}",
                "question": f"Tom has {place} apples and buys {place % 7} more. How many does he have in the end?",
                "gold": str(gold),
                "answer": f"He had {place} and bought {place % 7}, and 3 + 4 = 7.\n#### {gold if right else gold + 3}",
                "score": int(right),
                "level": place % 4,
            }
            file.write(json.dumps(row) + "\n")


def _run(folder: str, options: list[str]) -> tuple[float, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "ctlab", "judge", f"{folder}/a.jsonl", f"{folder}/b.jsonl", *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=dict(os.environ))
    wall = time.perf_counter() - start
    if done.returncode == 4 or done.stderr:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def errors_of(null: Null, samples: int, seed: int = 0) -> dict[str, float]:
    """Return how often no difference is called one at α = .05, by the mean of each problem and by counting answers."""
    generator = np.random.default_rng(seed)
    wrong = {"one mean a problem": 0, "answers as problems": 0}
    for _ in range(samples):
        before, after = _drawn(null, generator)
        scores = PairedScores.of([tuple(row) for row in before.tolist()], [tuple(row) for row in after.tolist()])
        wrong["one mean a problem"] += effect_of(differ("A", "B"), scores, ALPHA).p_value <= ALPHA
        if before.shape == after.shape:
            lost, gained = int((before > after).sum()), int((before < after).sum())
            wrong["answers as problems"] += paired_difference(lost, gained, before.size, alpha=ALPHA).p_value <= ALPHA
        else:
            wrong["answers as problems"] = -samples
    return {name: count / samples for name, count in wrong.items()}


def _drawn(null: Null, generator: "np.random.Generator") -> tuple["np.ndarray", "np.ndarray"]:
    """Draw answers, (problems, repeats) of 0 and 1; what makes a problem easier for one file is symmetric around 0."""
    rates = generator.beta(null.spread, null.spread, null.problems)
    # Beyond 0 and 1 there is no rate: the sway is bounded, so that its mean stays 0.
    sway = np.minimum(np.abs(generator.normal(0.0, null.sway, null.problems)), np.minimum(rates, 1.0 - rates))
    sway *= generator.choice((-1.0, 1.0), null.problems)
    sides = ((rates + sway, null.before), (rates - sway, null.after))
    before, after = (
        (generator.random((null.problems, count)) < chance[:, None]).astype(float) for chance, count in sides
    )
    return before, after


def errors_where_few_differ(problems: int, differing: int, samples: int, seed: int = 0) -> tuple[float, float, float]:
    """Return how often no difference is called one: by the t test, by known bounds, and by what is used."""
    generator = np.random.default_rng(seed)
    asked = AtLevel(direction="change", margin=0.0, alpha=ALPHA)
    wrong = [0, 0, 0]
    for _ in range(samples):
        size = generator.choice((1 / 3, 2 / 3, 1.0), problems) * generator.choice((-1.0, 1.0), problems)
        values = np.where(generator.random(problems) < differing / problems, size, 0.0)
        if not values.any():
            continue
        tests = [measured_mean(values, asked).p_value, measured_mean(values, asked, bounds=BOUNDS).p_value]
        tests.append(tests[int((values != 0.0).sum() < FEW)])
        wrong = [count + (p_value <= ALPHA) for count, p_value in zip(wrong, tests, strict=True)]
    by_t, by_bounds, used = (count / samples for count in wrong)
    return by_t, by_bounds, used


def enumerated_error(n: int, lost_rate: float, question: Question = NOT_WORSE, alpha: float = ALPHA) -> float:
    """Return how often "not worse by a margin" is supported where the difference is the margin, over every table."""
    gained_rate = lost_rate - question.margin
    total = 0.0
    for lost, gained in _tables(n):
        weight = comb(n, lost) * comb(n - lost, gained) * lost_rate**lost * gained_rate**gained
        weight *= (1.0 - lost_rate - gained_rate) ** (n - lost - gained)
        if weight > 1e-12 and _supported(n, lost, gained, question, alpha):
            total += weight
    return total


def _supported(n: int, lost: int, gained: int, question: Question, alpha: float) -> bool:
    before = (1.0,) * lost + (0.0,) * (n - lost)
    after = (0.0,) * lost + (1.0,) * gained + (0.0,) * (n - lost - gained)
    effect = effect_of(question, PairedScores(before, after, single=True), alpha)
    return effect.p_value <= alpha and effect.low > effect.boundary


def _tables(n: int) -> Iterator[tuple[int, int]]:
    return ((lost, gained) for lost, gained in product(range(n + 1), repeat=2) if lost + gained <= n)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "repeats", "few", "not-worse"))
    parser.add_argument("--samples", type=int, default=4000)
    options = parser.parse_args()
    if options.what == "speed":
        for name, wall, processor in speed():
            print(f"{name:<40} {wall:5.2f} s wall  {processor:5.2f} s processor")
    elif options.what == "repeats":
        print("problems  repeats  spread  sway  one mean a problem  answers as problems")
        for null in NULLS:
            found = errors_of(null, options.samples)
            naive = found["answers as problems"]
            print(
                f"{null.problems:>8}  {null.before:>3}/{null.after:<3}  {null.spread:>6}  {null.sway:>4}  "
                f"{found['one mean a problem']:>18.3f}  {'-' if naive < 0 else f'{naive:.3f}':>19}",
                flush=True,
            )
    elif options.what == "few":
        print("problems  differ  t test  bounds  used")
        for problems, differing in product((60, 1000), (3, 6, 12, 24, 40)):
            found = errors_where_few_differ(problems, differing, options.samples)
            print(f"{problems:>8}  {differing:>6}  {'  '.join(f'{each:6.3f}' for each in found)}", flush=True)
    else:
        for n in (50, 100, 200):
            rates = (0.05, 0.06, 0.08, 0.1, 0.15, 0.25)
            print(n, *(f"{rate}: {enumerated_error(n, rate):.4f}" for rate in rates), flush=True)


if __name__ == "__main__":
    main()
