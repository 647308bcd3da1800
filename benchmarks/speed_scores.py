"""What it costs to score given answers beside generating: one run, both ways in turn, a table.

    python -m benchmarks.speed_scores                       # the embedded models, one thread, processor seconds
    python -m benchmarks.speed_scores --repeat 9 --length 8

Each round generates alone, and generates and scores in the same pass, one after the other, so that what else the
machine does falls on both; of all rounds the least time of each counts, and ``spread`` is the largest against it.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import torch

import ctlab
from benchmarks.speed_work import Row, timed
from ctlab.engine import decoding_of, generate_batches
from ctlab.interventions import BASELINE, Condition, Intervention
from ctlab.models import LatentReasoner
from ctlab.probes import scored
from ctlab.problems.answer_texts import answer_texts

CANDIDATES = (2, 4, 8, 16, 32)
"""Given answers a problem."""
CONDITIONS = (
    BASELINE,
    Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),)),
    Condition(name="ct2_blocked", interventions=(Intervention(keys=("CT2",), readers="later"),)),
)
MODELS = {"tiny": "tiny", "tiny-graphs-coconut": "tiny-graphs"}
"""Embedded models, each with the problems that it is asked."""


def made_up(
    model: LatentReasoner, problems: Sequence[ctlab.Problem], count: int, length: int
) -> Mapping[str, list[str]]:
    """So many answers of ``length`` tokens for every problem, no two alike: words of its own questions in turn."""
    words = list(dict.fromkeys(word for problem in problems[:50] for word in _words(model, problem.question)))
    every = [" ".join(words[(start + 7 * place) % len(words)] for place in range(length)) for start in range(count)]
    return {problem.id: every for problem in problems}


def _words(model: LatentReasoner, text: str) -> Iterable[str]:
    """Texts of single tokens that are read back as themselves, one by one and side by side."""
    for token in dict.fromkeys(model.encode(text)):
        word = model.decode([token]).strip()
        if word and model.tokenizer.encode(f"{word} {word}", add_special_tokens=False) == [token, token]:
            yield word


def measure(
    model: LatentReasoner,
    problems: Sequence[ctlab.Problem],
    conditions: Sequence[Condition],
    length: int,
    repeat: int,
    counts: Sequence[int] = CANDIDATES,
    clock: Callable[[], float] = time.process_time,
) -> list[Row]:
    """Time generating alone and with so many answers of so many tokens scored in the same pass."""
    decoding = decoding_of(model)
    given = {count: answer_texts(problems, made_up(model, problems, count, length)) for count in counts}
    ways: dict[int, Callable[[], object]] = {0: lambda: list(generate_batches(model, problems, conditions, decoding))}
    for count, own in given.items():
        ways[count] = partial(scored, model, problems, conditions, decoding, own, answering=True)
    for way in ways.values():
        way()  # what is made once
    seconds: dict[int, list[float]] = {count: [] for count in ways}
    for _ in range(repeat):
        for count, way in ways.items():
            seconds[count].append(timed(clock, way))
    return [
        {
            "conditions": len(conditions),
            "tokens": length if count else 0,
            "answers": count,
            "seconds": min(taken),
            "spread": max(taken) - min(taken),
            "times": min(taken) / min(seconds[0]),
        }
        for count, taken in seconds.items()
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each embedded model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="rounds (3)")
    parser.add_argument("--length", type=int, nargs="*", default=[2, 8], help="tokens of a given answer (2 8)")
    parser.add_argument("--problems", type=int, default=300, help="problems of each set (300)")
    parser.add_argument("--conditions", type=int, nargs="*", default=[1, 3], choices=[1, 2, 3], help="conditions (1 3)")
    parser.add_argument("--models", nargs="*", default=list(MODELS), choices=list(MODELS), help="which of them (all)")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (1)")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    for name in asked.models:
        model, problems = ctlab.load_model(name), ctlab.load_problems(MODELS[name]).limited(asked.problems).problems
        for number in asked.conditions:
            for length in asked.length:
                print(
                    f"\n{name}, {len(problems)} problems, threads={asked.threads} clock=cpu torch={torch.__version__}"
                )
                print(table(measure(model, problems, CONDITIONS[:number], length, asked.repeat)))


def table(rows: Sequence[Row]) -> str:
    """Rows as columns of text."""
    cells = [list(rows[0]), *([_shown(value) for value in row.values()] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)


def _shown(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
