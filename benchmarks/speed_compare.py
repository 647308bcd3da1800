"""ctlab against its rivals on one set of weights: the embedded model (a), a GPT-2 (b), SmolLM2."""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

import ctlab
from benchmarks import smollm2
from benchmarks.speed_answers import Expected, Rival, rivals
from benchmarks.speed_calm import Others, wait_for_calm
from benchmarks.speed_models import GPT2_SMALL, Pair, embedded, endless, random_codi
from benchmarks.speed_rivals import HIDDEN
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
    rows = compare(pair, asked, how, size=64)
    return [*rows, padding(pair, asked)]


def compare_b(how: How, form: Mapping[str, object] = GPT2_SMALL, count: int = 64) -> list[Row]:
    asked = how.questions()
    with tempfile.TemporaryDirectory() as folder:
        pair = random_codi(form, Path(folder), [problem.question for problem in asked])
        return _real_shape(pair, asked[:count], how)


def compare_smollm2(how: How, count: int = 64) -> list[Row]:
    """Pretrained weights; answers go on after their end, so that everyone computes as much as on random ones."""
    with tempfile.TemporaryDirectory() as written:
        folder = how.smollm2 or Path(written)
        if how.smollm2 is None:
            gguf = smollm2.shipped()
            if gguf is None:
                return [{"who": "smollm2", "note": smollm2.MISSING}]
            smollm2.write(folder, gguf)
        pair = smollm2.pair(folder)
        return _real_shape(replace(pair, model=endless(pair.model)), how.questions()[:count], how)


def _real_shape(pair: Pair, asked: Sequence[ctlab.Problem], how: How) -> list[Row]:
    peaks = [peak(how.now, "cpu", torch.float32)]
    rows = compare(pair, asked, how, size=16, one_condition_a_time=True)
    peaks.append(peak(how.now, "cpu", torch.float32))
    ours = next(row for row in rows if row["who"] == "ctlab")
    share = flops(pair, asked, TOKENS) / float(str(ours["seconds"])) / 1e9
    ours["share_of_matmul_peak"] = share / statistics.mean(peaks)
    ours["tokens_per_question"] = tokens_per_question(pair, asked)
    return [*rows, padding(pair, asked)]


def compare(
    pair: Pair, asked: Sequence[ctlab.Problem], how: How, *, size: int, one_condition_a_time: bool = False
) -> list[Row]:
    """Alternate rivals and ctlab, hold their answers to each other, and report medians.

    The loop answers every n-th problem and is scaled up. With ``one_condition_a_time`` the rivals to whom conditions
    are separate runs take another condition at each measurement, and are scaled up too. ``size`` is the rows of a batch
    that makes nnsight and hooks fastest: 64 of 32 to 512 on the embedded model, 16 of 16 and 64 on the GPT-2.
    """
    few, names = asked[:: max(1, len(asked) // how.loop)], list(HIDDEN)
    others_way, missing = rivals(pair, how.rivals, size)
    expected = Expected(pair, asked)
    seconds: dict[str, list[float]] = {name: [] for name in (*others_way, "ctlab")}
    others: dict[str, list[float]] = {name: [] for name in seconds}
    for measurement in range(how.repeat):
        for name in seconds:
            wait_for_calm(how.calm)
            beside = Others()
            if name == "ctlab":
                seconds[name].append(timed(how.now, partial(ours, pair, asked, some_conditions(), TOKENS)))
            else:
                rival = others_way[name]
                some = [names[measurement % len(names)]] if one_condition_a_time and not rival.together else names
                problems = few if rival.one_by_one else asked
                spent, said = _asked(how, rival, problems, some)
                seconds[name].append(spent * len(names) / len(some) * len(asked) / len(problems))
                expected.hold(name, rival, problems, said)
            others[name].append(beside.cores() or 0.0)
    best = statistics.median(seconds["ctlab"])
    rows: list[Row] = [
        {
            "who": name,
            "seconds": statistics.median(times),
            "spread": max(times) - min(times),
            "answers_per_second": len(asked) * len(HIDDEN) / statistics.median(times),
            "times_ctlab": statistics.median(times) / best,
            "others": statistics.median(others[name]),
            **expected.row(name),
        }
        for name, times in seconds.items()
    ]
    return [*rows, *missing]


def _asked(
    how: How, rival: Rival, asked: Sequence[ctlab.Problem], names: Sequence[str]
) -> tuple[float, dict[str, Sequence[Sequence[int]]]]:
    """Seconds, and what a rival answers under each condition."""
    questions, hidden = [problem.question for problem in asked], [HIDDEN[name] for name in names]
    start = how.now()
    said = rival.answers(questions, hidden, TOKENS)
    return how.now() - start, dict(zip(names, said, strict=True))


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
