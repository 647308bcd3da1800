"""What a machine with a GPU can show, in one command of under ten minutes: first that it is right, then how fast.

    python -m benchmarks.gpu                                   every step below, in this order
    python -m benchmarks.gpu tests speed                       some of them
    python -m benchmarks.gpu --gsm8k gsm8k/test.jsonl          questions of real length for the steps speed and profile

    tests      the tests that need a GPU: golden vectors, certificates in four types, running out of memory
    agreement  answers of the embedded model by type and by size of batch, against float32 on the CPU
    verdicts   `pytest hypotheses/` in float32 and bfloat16 on the GPU: which claims fall otherwise
    speed      `python -m benchmarks.speed c`: a Llama-3.2-1B-sized model, 1,319 problems, 3 and 48 conditions
    profile    where the time of those three conditions goes: kernels, waiting, launches

Every step is a process of its own and stops after four minutes; one that fails is said and the next begins. Without a
GPU each says what it needs, and nothing is run.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

import ctlab
from benchmarks.speed import show
from benchmarks.speed_models import LLAMA_1B, Pair, random_codi
from benchmarks.speed_work import TOKENS, How, Row, many_conditions, ours, some_conditions, timed
from ctlab.engine import prefill

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 240
DTYPES = ("float32", "bfloat16", "float16")
_FILES = ("tests/engine/test_gpu.py", "tests/engine/test_golden.py")


def tests(gsm8k: Path) -> None:
    """Run what is skipped elsewhere."""
    _process("-m", "pytest", *_FILES, "-q", "-k", "gpu or cuda", "-p", "no:cacheprovider")


def speed(gsm8k: Path) -> None:
    """Time a model of a billion weights."""
    _process("-m", "benchmarks.speed", "c", "--gsm8k", str(gsm8k))


def verdicts(gsm8k: Path) -> None:
    """Judge the suite's claims by answers of two types, and name the claims whose verdict differs."""
    found: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for dtype in DTYPES[:2]:
            place = Path(folder) / dtype
            options = [f"--ctlab-store={place}/store", f"--ctlab-report={place}/reports", f"--ctlab-dtype={dtype}"]
            start = time.perf_counter()
            _process("-m", "pytest", "hypotheses/", "-q", "--no-header", "--ctlab-device=cuda", *options)
            print(f"{dtype}: {time.perf_counter() - start:.0f} s")
            written = json.loads((place / "reports" / "latest" / "report.json").read_text())
            found[dtype] = {claim["id"]: claim["verdict"] for claim in written["claims"]}
            print(f"{dtype}: {dict(Counter(found[dtype].values()))}")
    one, other = (found[dtype] for dtype in DTYPES[:2])
    differing = [name for name in one if one[name] != other.get(name)]
    print(f"{len(differing)} of {len(one)} verdicts differ between float32 and bfloat16")
    for name in differing:
        print(f"  {name}: {one[name]} in float32, {other.get(name)} in bfloat16")


def agreement(gsm8k: Path) -> None:
    """Count answers of the embedded model that a type, or another size of batch, changes."""
    torch.set_num_threads(2)  # more only wait for each other in a model of this width
    show(agreeing("cuda", DTYPES))


def agreeing(
    device: str, dtypes: tuple[str, ...], count: int | None = None, sizes: tuple[int, ...] = (4000,), every: int = 5
) -> list[Row]:
    """Compare answers with those of float32 on the CPU, and with those in other batches of the same device and type.

    Of the conditions of this suite every fifth: the reference takes longer than the rest together.
    """
    from fixtures.conditions import conditions

    asked = list(ctlab.load_problems("tiny"))[:count]
    own = [condition for condition in conditions() if condition.thinking == "latent" and not condition.model]
    chosen = [condition for condition in own if not condition.draws_on_others][::every]
    here = _answers("cpu", "float32", asked, chosen, None)
    rows: list[Row] = []
    for dtype in dtypes:
        start = time.perf_counter()
        there = _answers(device, dtype, asked, chosen, None)
        row: Row = {
            "who": f"{device} {dtype}",
            "conditions": len(chosen),
            "answers": len(here),
            "seconds": time.perf_counter() - start,
            "tokens_differ": sum(here[key].token_ids != there[key].token_ids for key in here),
        }
        for size in sizes:
            again = _answers(device, dtype, asked, chosen, size)
            row[f"differ_in_batches_of_{size}"] = sum(there[key].token_ids != again[key].token_ids for key in there)
        rows.append(row)
    return rows


def _answers(
    device: str, dtype: str, asked: list[ctlab.Problem], chosen: list[ctlab.Condition], tokens: int | None
) -> dict[tuple[str, str], "ctlab.generation.Generation"]:
    model = ctlab.load_model("tiny", device=device, dtype=dtype)
    runs = ctlab.generate(model, asked, chosen, certificates=False, batch_tokens=tokens)
    return {(name, each.problem_id): each for name in runs for each in runs[name]}


def profile(gsm8k: Path) -> None:
    """Say how long the GPU computes, how long it waits for the CPU, and which kernels take the time."""
    how = How(gsm8k=gsm8k)
    asked = how.questions()[:1319]
    for dtype in DTYPES[1::-1]:
        with tempfile.TemporaryDirectory() as folder:
            texts = [problem.question for problem in asked]
            pair = random_codi(LLAMA_1B, Path(folder), texts, device="cuda", dtype=dtype, unmerged=False)
            ours(pair, asked[:64], some_conditions(), TOKENS)
            ways = (1, prefill.ALIGNED) if dtype == "bfloat16" else (prefill.ALIGNED,)  # of 16-bit keys alone
            plain = {aligned: _seconds(pair, asked, aligned) for aligned in ways}
            kinds = [torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA]
            with torch.profiler.profile(activities=kinds) as watched:
                ours(pair, asked, some_conditions(), TOKENS)
            events = [e for e in watched.key_averages() if e.device_type.name == "CUDA"]
            total = sum(e.self_device_time_total for e in events) / 1e6
            launches = sum(e.count for e in events)
            times = ", ".join(f"{found:.2f} s with columns in multiples of {n}" for n, found in plain.items())
            print(f"\n{dtype}: {times}; kernels, watched: {total:.2f} s in {launches} launches", flush=True)
            if dtype == "bfloat16":
                many = timed(time.perf_counter, partial(ours, pair, asked, many_conditions(48), TOKENS))
                print(f"48 conditions: {many:.2f} s, once", flush=True)
            show(
                [
                    {"kernel": e.key[:90], "seconds": e.self_device_time_total / 1e6, "launches": e.count}
                    for e in sorted(events, key=lambda e: -e.self_device_time_total)[:16]
                ]
            )


def _seconds(pair: Pair, asked: list[ctlab.Problem], aligned: int, repeat: int = 2) -> float:
    """Median seconds of three conditions where prompts have columns in multiples of ``aligned``."""
    usual, prefill.ALIGNED = prefill.ALIGNED, aligned
    try:
        work = partial(ours, pair, asked, some_conditions(), TOKENS)
        return statistics.median(timed(time.perf_counter, work) for _ in range(repeat + 1))
    finally:
        prefill.ALIGNED = usual


STEPS: dict[str, Callable[[Path], None]] = {
    "tests": tests,
    "agreement": agreement,
    "verdicts": verdicts,
    "speed": speed,
    "profile": profile,
}


def _process(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"of {', '.join(STEPS)}; default: all")
    parser.add_argument("--gsm8k", type=Path, default=Path("../shared/data/gsm8k/test.jsonl"))
    options = parser.parse_args(arguments)
    steps = options.steps or list(STEPS)
    if unknown := [step for step in steps if step not in STEPS]:
        parser.error(f"unknown step {unknown[0]!r}; steps are {', '.join(STEPS)}")
    if not torch.cuda.is_available():
        for step in steps:
            print(f"{step}: needs a GPU that torch {torch.__version__} can use (CUDA), and finds none here; not run")
        return
    if len(steps) == 1:
        print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}")
        STEPS[steps[0]](options.gsm8k)
        return
    for step in steps:
        print(f"\n== {step}", flush=True)
        start = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.gpu", step, "--gsm8k", str(options.gsm8k.resolve())]
        try:
            code = subprocess.run(command, cwd=ROOT, timeout=LIMIT_S, env=os.environ, check=False).returncode
        except subprocess.TimeoutExpired:
            code = -1
        said = {0: "done", -1: f"stopped after {LIMIT_S} s"}.get(code, f"failed ({code})")
        print(f"== {step}: {said} in {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
