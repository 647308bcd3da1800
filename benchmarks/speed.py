"""How fast: ctlab against the original study's loop and the official evaluation's batches, same weights and problems.

    python -m benchmarks.speed a          the embedded model, 1,319 problems x 3 conditions
    python -m benchmarks.speed b          a GPT-2-small-sized CODI (124 M), 64 GSM8K questions x 3, answers of 8 tokens
    python -m benchmarks.speed c          a Llama-3.2-1B-sized CODI on a GPU, 1,319 x 3, answers of 8 tokens
    python -m benchmarks.speed conditions the cost of 1, 3, 12 and 48 conditions, on (b)
    python -m benchmarks.speed problems   time and peak memory of 1k, 10k and 100k problems, on (a)

Prints a table and, with --json FILE, writes the same numbers. Rivals and ctlab alternate; numbers are medians with
their spread. On a machine that does other things use --threads 1 --clock cpu: processor seconds instead of the wall's.
"""

import argparse
import json
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import torch

import ctlab
from benchmarks.speed_models import GPT2_SMALL, LLAMA_1B, Pair, embedded, random_codi, size
from benchmarks.speed_rivals import HIDDEN, batched, loop
from ctlab.generation.asking import ENOUGH, portions
from ctlab.generation.batches import batches, token_budget
from ctlab.generation.engine import layout_of, plan
from ctlab.generation.record import Decoding

Row = dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["a", "b", "c", "conditions", "problems"])
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each (default: 3)")
    parser.add_argument("--loop", type=int, default=64, help="problems that the loop answers; its time is scaled up")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--gsm8k", type=Path, default=Path("../shared/data/gsm8k/test.jsonl"), help="questions of (b)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clock = time.process_time if options.clock == "cpu" else time.perf_counter
    measure = {"a": compare_a, "b": compare_b, "c": measure_c, "conditions": conditions, "problems": problems}
    rows = measure[options.what](options, clock)
    head: Row = {
        "machine": platform.processor() or platform.machine(),
        "threads": options.threads,
        "clock": options.clock,
    }
    head |= {"torch": torch.__version__, "matmul_gflops": round(peak(clock, "cpu", torch.float32))}
    print(" ".join(f"{name}={value}" for name, value in head.items()))
    show(rows)
    if options.json is not None:
        options.json.write_text(json.dumps({**head, "what": options.what, "rows": rows}, indent=1) + "\n")


def show(rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = [names, *[[_word(row.get(name, "")) for name in names] for row in rows]]
    widths = [max(len(line[column]) for line in table) for column in range(len(names))]
    for line in table:
        print("  ".join(word.rjust(width) for word, width in zip(line, widths, strict=True)))


def _word(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def peak(clock: Callable[[], float], device: str, dtype: torch.dtype, size: int = 2048) -> float:
    """The machine's best matrix product, GFLOP/s."""
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    best = 0.0
    for _ in range(6):
        start = clock()
        (a @ b).sum().item()
        best = max(best, 2 * size**3 / (clock() - start) / 1e9)
    return best


def some_conditions(names: Sequence[str]) -> list[ctlab.Condition]:
    forms = {
        name: [] if hidden is None else [{"keys": [f"CT{hidden}"], "readers": "later"}]
        for name, hidden in HIDDEN.items()
    }
    return [ctlab.Condition.from_json({"name": name, "interventions": forms[name]}) for name in names]


def ours(pair: Pair, asked: Sequence[ctlab.Problem], conditions: Sequence[ctlab.Condition], tokens: int) -> None:
    ctlab.generate(pair.model, asked, conditions, max_new_tokens=tokens, certificates=False)
    if pair.model.device.type == "cuda":
        torch.cuda.synchronize()


def timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    start = clock()
    work()
    return clock() - start


def compare(
    pair: Pair, asked: Sequence[ctlab.Problem], tokens: int, options: argparse.Namespace, clock: Callable[[], float]
) -> list[Row]:
    """Alternate the three, and report medians; the loop answers every n-th problem and is scaled up."""
    step = max(1, len(asked) // options.loop)
    few = [problem.question for problem in asked[::step]]
    every = [problem.question for problem in asked]
    work: Mapping[str, tuple[Callable[[], object], float]] = {
        "loop": (lambda: [loop(pair, few, each, tokens) for each in HIDDEN.values()], len(every) / len(few)),
        "batched": (lambda: [batched(pair, every, each, tokens) for each in HIDDEN.values()], 1.0),
        "ctlab": (lambda: ours(pair, asked, some_conditions(list(HIDDEN)), tokens), 1.0),
    }
    check(pair, asked[:: max(1, len(asked) // 8)], tokens)
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(options.repeat):
        for name, (run, scale) in work.items():
            seconds[name].append(timed(clock, run) * scale)
    answers = len(asked) * len(HIDDEN)
    best = statistics.median(seconds["ctlab"])
    return [
        {
            "who": name,
            "seconds": statistics.median(times),
            "spread": max(times) - min(times),
            "answers_per_second": answers / statistics.median(times),
            "times_ctlab": statistics.median(times) / best,
        }
        for name, times in seconds.items()
    ]


def check(pair: Pair, asked: Sequence[ctlab.Problem], tokens: int) -> None:
    """Refuse to time rivals that say something else; ties between tokens aside, the loop is exact too."""
    found = ctlab.generate(pair.model, asked, some_conditions(list(HIDDEN)), max_new_tokens=tokens, certificates=False)
    for name, hidden in HIDDEN.items():
        said = loop(pair, [problem.question for problem in asked], hidden, tokens)
        same = sum(list(each.token_ids) == other for each, other in zip(found[name], said, strict=True))
        if same < 0.8 * len(asked):
            raise SystemExit(f"{name}: only {same} of {len(asked)} answers of the loop are ctlab's; nothing was timed")


def compare_a(options: argparse.Namespace, clock: Callable[[], float]) -> list[Row]:
    pair, asked = embedded(), list(ctlab.load_problems("tiny"))
    return [*compare(pair, asked, 8, options, clock), padding(pair, asked, 3)]


def compare_b(options: argparse.Namespace, clock: Callable[[], float]) -> list[Row]:
    asked = questions(options.gsm8k)[:64]
    with tempfile.TemporaryDirectory() as folder:
        pair = random_codi(GPT2_SMALL, Path(folder), texts(options.gsm8k))
        rows = compare(pair, asked, 8, options, clock)
        share = flops(pair, asked, list(HIDDEN), 8) / float(str(rows[-1]["seconds"])) / 1e9
        rows[-1]["share_of_matmul_peak"] = share / peak(clock, "cpu", torch.float32)
        rows[-1]["tokens_per_question"] = tokens_per_question(pair, asked)
        return [*rows, padding(pair, asked, 3)]


def questions(gsm8k: Path) -> list[ctlab.Problem]:
    return list(ctlab.load_problems(str(gsm8k) if gsm8k.exists() else "tiny"))


def texts(gsm8k: Path) -> list[str]:
    """Return what the tokenizer is trained on: every question of the set that is asked."""
    return [problem.question for problem in questions(gsm8k)]


def measure_c(options: argparse.Namespace, clock: Callable[[], float]) -> list[Row]:
    if not torch.cuda.is_available():
        return [{"who": "ctlab", "note": "no GPU here; run `python -m benchmarks.speed c` where there is one"}]
    asked = questions(options.gsm8k)[:1319]
    rows: list[Row] = []
    for dtype in ("bfloat16", "float32"):
        with tempfile.TemporaryDirectory() as folder:
            pair = random_codi(LLAMA_1B, Path(folder), texts(options.gsm8k), device="cuda", dtype=dtype)
            ours(pair, asked[:64], some_conditions(list(HIDDEN)), 8)
            run = partial(ours, pair, asked, some_conditions(list(HIDDEN)), 8)
            times = [timed(time.perf_counter, run) for _ in range(options.repeat)]
            best = peak(time.perf_counter, "cuda", getattr(torch, dtype), 8192)
            done = flops(pair, asked, list(HIDDEN), 8) / statistics.median(times) / 1e9
            rows.append(
                {
                    "who": f"ctlab {dtype}",
                    "gpu": torch.cuda.get_device_name(),
                    "seconds": statistics.median(times),
                    "spread": max(times) - min(times),
                    "tflop": flops(pair, asked, list(HIDDEN), 8) / 1e12,
                    "share_of_matmul_peak": done / best,
                    "tokens_per_question": tokens_per_question(pair, asked),
                    "peak_memory_gib": torch.cuda.max_memory_allocated() / 2**30,
                }
            )
    return rows


def conditions(options: argparse.Namespace, clock: Callable[[], float]) -> list[Row]:
    """Cost of a condition that joins others."""
    asked = questions(options.gsm8k)[:32]
    forms = [{"keys": [f"CT{k}"], "readers": readers, "keep": keep} for keep in (0, 0.25, 0.5, 0.75)
             for readers in ("later", "answer") for k in range(6)]  # fmt: skip
    every = [ctlab.Condition.from_json({"name": f"c{n}", "interventions": [form]}) for n, form in enumerate(forms)]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        pair = random_codi(GPT2_SMALL, Path(folder), texts(options.gsm8k))
        ours(pair, asked[:4], every[:2], 8)
        for count in (1, 3, 12, 48):
            chosen = [*some_conditions(["baseline"]), *every[: count - 1]]
            times = [timed(clock, partial(ours, pair, asked, chosen, 8)) for _ in range(options.repeat)]
            rows.append({"conditions": count, "seconds": statistics.median(times)})
            added = (float(str(rows[-1]["seconds"])) / float(str(rows[0]["seconds"])) - 1) / max(1, count - 1)
            rows[-1]["added_condition_costs"] = added
    return rows


def problems(options: argparse.Namespace, clock: Callable[[], float]) -> list[Row]:
    """Time and memory against the number of problems; ascending, because peak memory never falls."""
    pair = embedded()
    shipped = list(ctlab.load_problems("tiny"))
    rows: list[Row] = []
    decoding = Decoding(max_new_tokens=8)
    for count in (1_000, 10_000, 100_000):
        asked = [
            ctlab.Problem(question=f"{shipped[n % len(shipped)].question} {'.' * (n // len(shipped))}", gold=1)
            for n in range(count)
        ]
        chosen = some_conditions(list(HIDDEN))

        def run(asked: list[ctlab.Problem] = asked, chosen: list[ctlab.Condition] = chosen) -> None:
            for _ in ctlab.generation.generate_batches(pair.model, asked, chosen, decoding):
                pass

        seconds = timed(clock, run)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        rows.append({"problems": count, "seconds": seconds, "peak_memory_gib": memory})
    return rows


def flops(pair: Pair, asked: Sequence[ctlab.Problem], names: Sequence[str], tokens: int) -> float:
    """Useful floating-point operations of a run: padding and what is shared are not counted twice."""
    model = pair.model
    config = model.network.config
    planned = plan(model, asked, some_conditions(names), Decoding(max_new_tokens=tokens))
    layout = planned.tables.layout
    levels = planned.tree.levels
    steps = [len(layout.segments[n]) * len(levels[n + 1].parents) for n in range(len(layout.segments))]
    rows = sum(steps) + (tokens - 1) * len(levels[-1].parents)
    asked_tokens = sum(map(len, planned.questions))
    length = asked_tokens / len(asked)
    passed = asked_tokens + rows * len(asked)
    attention = 4 * config.num_hidden_layers * config.hidden_size
    context = asked_tokens * length / 2 + rows * len(asked) * (length + layout.tail)
    head = 2 * config.vocab_size * config.hidden_size * tokens * len(levels[-1].parents) * len(asked)
    return 2.0 * size(model.network) * passed + attention * context + head


def tokens_per_question(pair: Pair, asked: Sequence[ctlab.Problem]) -> float:
    """Mean length of the questions, which decides how long a prefill takes."""
    return sum(map(len, pair.encode([problem.question for problem in asked]))) / len(asked)


def padding(pair: Pair, asked: Sequence[ctlab.Problem], rows: int) -> Row:
    """Share of the computed question columns that are padding: ctlab's, and batches in file order."""
    lengths = [len(ids) for ids in pair.encode([problem.question for problem in asked])]
    budget = token_budget(None, pair.model.device, 1)
    made: list[list[int]] = []
    for batch in batches(lengths, layout_of(pair.model), rows, budget):
        parts = portions([lengths[index] for index in batch], ENOUGH[pair.model.device.type])
        made += [[batch[place] for place in part] for part in parts]
    in_order = [list(range(start, min(start + 128, len(lengths)))) for start in range(0, len(lengths), 128)]
    waste = [
        1 - sum(lengths) / sum(len(batch) * max(lengths[index] for index in batch) for batch in split)
        for split in (made, in_order)
    ]
    return {"who": "padding", "ctlab": waste[0], "file_order": waste[1]}


if __name__ == "__main__":
    main()
