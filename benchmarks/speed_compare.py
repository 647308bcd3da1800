"""ctlab against its rivals on one set of weights: the embedded model (a), a GPT-2 (b)."""

import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import torch

import ctlab
from benchmarks.speed_calm import Others, wait_for_calm
from benchmarks.speed_models import GPT2_SMALL, Pair, embedded, random_codi
from benchmarks.speed_rivals import HIDDEN, batched, loop
from benchmarks.speed_work import (
    TOKENS,
    How,
    Row,
    flops,
    ours,
    peak,
    some_conditions,
    timed,
    tokens_per_question,
)
from ctlab.engine.batching import batches, bytes_per_token, published_batches, token_budget
from ctlab.engine.plan import layout_of
from ctlab.engine.prefill import ENOUGH, portions


def compare_a(how: How) -> list[Row]:
    pair, asked = embedded(), list(ctlab.load_problems("tiny"))
    rows = compare(pair, asked, how)
    return [*rows, padding(pair, asked)]


def compare_b(how: How, form: Mapping[str, object] = GPT2_SMALL, count: int = 64) -> list[Row]:
    asked = how.questions()
    with tempfile.TemporaryDirectory() as folder:
        pair = random_codi(form, Path(folder), [problem.question for problem in asked])
        asked = asked[:count]
        peaks = [peak(how.now, "cpu", torch.float32)]
        rows = compare(pair, asked, how, one_condition_a_time=True)
        peaks.append(peak(how.now, "cpu", torch.float32))
        share = flops(pair, asked, TOKENS) / float(str(rows[-1]["seconds"])) / 1e9
        rows[-1]["share_of_matmul_peak"] = share / statistics.mean(peaks)
        rows[-1]["tokens_per_question"] = tokens_per_question(pair, asked)
        return [*rows, padding(pair, asked)]


def compare(pair: Pair, asked: Sequence[ctlab.Problem], how: How, *, one_condition_a_time: bool = False) -> list[Row]:
    """Alternate the three, and report medians.

    The loop answers every n-th problem and is scaled up. With ``one_condition_a_time`` the rivals, to whom conditions
    are separate runs, take another condition at each measurement, and are scaled up too.
    """
    step = max(1, len(asked) // how.loop)
    few = [problem.question for problem in asked[::step]]
    every = [problem.question for problem in asked]
    check(pair, asked[:: max(1, len(asked) // 8)], TOKENS)
    ours(pair, asked[:8], some_conditions(), TOKENS)
    seconds: dict[str, list[float]] = {"loop": [], "batched": [], "ctlab": []}
    others: dict[str, list[float]] = {name: [] for name in seconds}
    for measurement in range(how.repeat):
        hidden = [*HIDDEN.values()]
        if one_condition_a_time:
            hidden = [hidden[measurement % len(hidden)]]
        scale = len(HIDDEN) / len(hidden)
        work: Mapping[str, tuple[Callable[[], object], float]] = {
            "loop": (partial(_each, loop, pair, few, hidden), scale * len(every) / len(few)),
            "batched": (partial(_each, batched, pair, every, hidden), scale),
            "ctlab": (partial(ours, pair, asked, some_conditions(), TOKENS), 1.0),
        }
        for name, (run, times) in work.items():
            wait_for_calm(how.calm)
            beside = Others()
            seconds[name].append(timed(how.now, run) * times)
            others[name].append(beside.cores() or 0.0)
    best = statistics.median(seconds["ctlab"])
    return [
        {
            "who": name,
            "seconds": statistics.median(times),
            "spread": max(times) - min(times),
            "answers_per_second": len(asked) * len(HIDDEN) / statistics.median(times),
            "times_ctlab": statistics.median(times) / best,
            "others": statistics.median(others[name]),
        }
        for name, times in seconds.items()
    ]


def _each(rival: Callable[..., object], pair: Pair, questions: Sequence[str], hidden: Sequence[int | None]) -> None:
    for each in hidden:
        rival(pair, questions, each, TOKENS)


def check(pair: Pair, asked: Sequence[ctlab.Problem], tokens: int) -> None:
    """Refuse to time rivals that say something else; ties between tokens aside, the loop is exact too."""
    found = ctlab.generate(pair.model, asked, some_conditions(), max_new_tokens=tokens, certificates=False)
    for name, hidden in HIDDEN.items():
        said = loop(pair, [problem.question for problem in asked], hidden, tokens)
        same = sum(list(each.token_ids) == other for each, other in zip(found[name], said, strict=True))
        if same < 0.8 * len(asked):
            raise SystemExit(f"{name}: only {same} of {len(asked)} answers of the loop are ctlab's; nothing was timed")


def padding(pair: Pair, asked: Sequence[ctlab.Problem]) -> Row:
    """Share of question columns that are padding: fed to the network, in attention, and where batches are as they come.

    ctlab feeds tokens packed; where attention lays questions out beside each other they are padded.
    """
    lengths = [len(ids) for ids in pair.encode([problem.question for problem in asked])]
    model = pair.model
    budget = token_budget(None, model.device, bytes_per_token(model))
    laid: list[list[int]] = []
    for batch in batches(lengths, layout_of(model), len(HIDDEN), budget):
        laid += [[batch[place] for place in part] for part in portions([lengths[n] for n in batch], ENOUGH["cpu"])]
    return {
        "who": "padding",
        "fed": 0.0,
        "in_attention": _waste(lengths, laid),
        "file_order": _waste(lengths, published_batches(len(lengths))),
    }


def _waste(lengths: Sequence[int], split: Sequence[Sequence[int]]) -> float:
    return 1 - sum(lengths) / sum(len(batch) * max(lengths[index] for index in batch) for batch in split)
