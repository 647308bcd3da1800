"""A Llama-3.2-1B-sized CODI on one GPU: three conditions and 48, and whether an answer depends on its batch."""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import torch

import ctlab
from benchmarks.speed_models import LLAMA_1B, Pair, random_codi
from benchmarks.speed_work import (
    TOKENS,
    How,
    Row,
    flops,
    many_conditions,
    ours,
    peak,
    some_conditions,
    timed,
    tokens_per_question,
)

NO_GPU: Row = {"who": "ctlab", "note": "no GPU here; run `python -m benchmarks.speed c` where there is one"}


def measure_c(
    how: How,
    form: Mapping[str, object] = LLAMA_1B,
    device: str = "cuda",
    dtypes: Sequence[str] = ("bfloat16", "float32"),
    count: int = 1319,
    many: int = 48,
) -> list[Row]:
    """Answer three conditions, then ``many``; on another form and device the numbers say nothing, the code is held."""
    if device == "cuda" and not torch.cuda.is_available():
        return [NO_GPU]
    asked, rows = how.questions(), []
    for dtype in dtypes:
        with tempfile.TemporaryDirectory() as folder:
            texts = [problem.question for problem in asked]
            pair = random_codi(form, Path(folder), texts, device=device, dtype=dtype, unmerged=False)
            some = asked[:count]
            best = peak(how.now, device, getattr(torch, dtype), 8192 if device == "cuda" else 512)
            rows.append(_row(pair, how, some, some_conditions(), f"ctlab {dtype}"))
            needed = flops(pair, some, TOKENS)
            rows[-1]["tflop"] = needed / 1e12
            rows[-1]["share_of_matmul_peak"] = needed / float(str(rows[-1]["seconds"])) / 1e9 / best
            rows[-1]["tokens_per_question"] = tokens_per_question(pair, some)
            rows.append(_row(pair, how, some, many_conditions(many), f"ctlab {dtype}"))
            rows.append({"who": f"ctlab {dtype}, other batches", **batch_dependence(pair, some[:256])})
    return rows


def _row(pair: Pair, how: How, asked: Sequence[ctlab.Problem], conditions: Sequence[ctlab.Condition], who: str) -> Row:
    ours(pair, asked[:64], conditions, TOKENS)
    gpu = pair.model.device.type == "cuda"
    if gpu:
        torch.cuda.reset_peak_memory_stats()
    times = [timed(how.now, partial(ours, pair, asked, conditions, TOKENS)) for _ in range(how.repeat)]
    row: Row = {
        "who": who,
        "conditions": len(conditions),
        "seconds": statistics.median(times),
        "spread": max(times) - min(times),
    }
    if gpu:
        row["gpu"] = torch.cuda.get_device_name()
        row["peak_memory_gib"] = torch.cuda.max_memory_allocated() / 2**30
    return row


def batch_dependence(pair: Pair, asked: Sequence[ctlab.Problem]) -> Row:
    """Count answers that another size of batch changes: kernels of another shape add in another order."""
    found = [
        ctlab.generate(
            pair.model, asked, some_conditions(), max_new_tokens=TOKENS, certificates=False, batch_tokens=tokens
        )
        for tokens in (None, 4_000)
    ]
    pairs = [
        (a.token_ids, b.token_ids) for name in found[0] for a, b in zip(found[0][name], found[1][name], strict=True)
    ]
    return {"answers": len(pairs), "changed": sum(a != b for a, b in pairs)}
