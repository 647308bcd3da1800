"""How time and memory grow: with conditions, with problems, and when probes watch."""

import gc
import resource
import statistics
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

import ctlab
from benchmarks.speed_models import GPT2_SMALL, embedded, random_codi
from benchmarks.speed_work import TOKENS, How, Row, many_conditions, many_problems, ours, some_conditions, timed
from ctlab.engine import generate_batches
from ctlab.records.generation import Decoding

MIB = 1024  # KiB, the unit of ru_maxrss


def conditions(how: How) -> list[Row]:
    """Cost of a condition that joins others."""
    asked = how.questions()
    counts = (1, 3, 12, 48)
    seconds: dict[int, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        pair = random_codi(GPT2_SMALL, Path(folder), [problem.question for problem in asked], unmerged=False)
        asked = asked[:32]
        ours(pair, asked[:4], many_conditions(3)[1:], TOKENS)
        for _ in range(how.repeat):
            for count in counts:
                chosen = many_conditions(count)
                seconds.setdefault(count, []).append(timed(how.now, partial(ours, pair, asked, chosen, TOKENS)))
    rows: list[Row] = []
    for count in counts:
        middle = statistics.median(seconds[count])
        row: Row = {"conditions": count, "seconds": middle, "spread": max(seconds[count]) - min(seconds[count])}
        if count > 1:
            # In units of the first condition, its prefill included.
            row["added_condition_costs"] = (middle / statistics.median(seconds[1]) - 1) / (count - 1)
        rows.append(row)
    return rows


def problems(how: How) -> list[Row]:
    """Time and memory against the number of problems, each number in a process of its own."""
    counts = [count for count in (1_000, 10_000, 100_000) if count <= how.most]
    rows = [_alone(_answer_many, how, count) for count in counts]
    for row in rows:
        row["memory_of_1k"] = float(str(row["peak_memory_mib"])) / float(str(rows[0]["peak_memory_mib"]))
    return rows


def probes(how: How) -> list[Row]:
    """Time and memory of `ctlab.measure` against `ctlab.generate`: two conditions, and all of this suite's."""
    return [_alone(_measure, how, every) for every in (False, True)]


def _alone(work: Callable[[How, Any], Row], how: How, argument: Any) -> Row:
    """Run a measurement in a process of its own: peak memory is the process's and never falls."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, how, argument).result()


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def _answer_many(how: How, count: int) -> Row:
    torch.set_num_threads(how.threads)
    model, asked = embedded().model, many_problems(count)
    loaded = _memory()

    def work() -> None:
        for _ in generate_batches(model, asked, some_conditions(), Decoding(max_new_tokens=TOKENS)):
            pass

    seconds = timed(how.now, work)
    return {
        "problems": count,
        "seconds": seconds,
        "answers_per_second": 3 * count / seconds,
        "loaded_mib": loaded,
        "peak_memory_mib": _memory(),
    }


def _measure(how: How, every: bool) -> Row:
    from fixtures.conditions import conditions as all_conditions

    torch.set_num_threads(how.threads)
    model, asked = embedded().model, list(ctlab.load_problems("tiny"))
    chosen = all_conditions(model.num_layers) if every else some_conditions(["baseline", "ct0_blocked"])
    work = {
        "generate": partial(ctlab.generate, certificates=False),
        "measure": ctlab.measure,
    }
    row: Row = {"conditions": len(chosen)}
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for name, run in work.items():  # generating comes first, so that its peak is its own
        run(model, asked[:64], chosen, max_new_tokens=TOKENS)
        for _ in range(how.repeat):
            gc.collect()
            call = partial(run, model, asked, chosen, max_new_tokens=TOKENS)
            seconds[name].append(timed(how.now, call))
        row[f"{name}_seconds"] = statistics.median(seconds[name])
        row[f"{name}_mib"] = _memory()
    row["times"] = statistics.median(seconds["measure"]) / statistics.median(seconds["generate"])
    return row
