"""How fast: ctlab against the original study's loop, the official batches, nnsight and plain hooks, same weights.

    python -m benchmarks.speed              everything that this machine can measure
    python -m benchmarks.speed a            the embedded model, 1,319 problems x 3 conditions
    python -m benchmarks.speed b            a GPT-2-small-sized CODI (124 M), 64 questions of GSM8K x 3, 8 answer tokens
    python -m benchmarks.speed c            a Llama-3.2-1B-sized CODI on a GPU, 1,319 x 3 and x 48, 8 answer tokens
    python -m benchmarks.speed smollm2      SmolLM2-135M, pretrained, with random adapters: the same as (b)
    python -m benchmarks.speed conditions   the cost of 1, 3, 12 and 48 conditions, on (b)
    python -m benchmarks.speed problems     time and peak memory of 1k, 10k and 100k problems, on (a)
    python -m benchmarks.speed probes       time and peak memory of measuring against generating, on (a)
    python -m benchmarks.speed suite        pytest hypotheses/: cold, warm, --collect-only

(a), (b) and smollm2 time everybody in turn: loop, batched (the official evaluation's), nnsight, hooks (transformers as
a careful user writes it) and hooks-shared (questions read once for all conditions). Answers of each but the official
batches must be ctlab's, token for token: `same` is the share that is, `ties` are those that differ where two logits are
within 0.001.

Prints a table a part and, with --json FILE, writes the same numbers. Rivals and ctlab alternate in one process; numbers
are medians with their spread (largest minus smallest). On a machine that does other things use --threads 1 --clock cpu,
processor seconds instead of the wall's, or --calm 60, which waits for moments at which it does not; `others` is the
number of cores that other processes used meanwhile.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks.speed_answers import RIVALS
from benchmarks.speed_compare import compare_a, compare_b, compare_smollm2
from benchmarks.speed_gpu import measure_c
from benchmarks.speed_scaling import conditions, probes, problems
from benchmarks.speed_suite import suite
from benchmarks.speed_work import CLOCKS, How, Row, peak

PARTS = {
    "a": compare_a,
    "b": compare_b,
    "c": measure_c,
    "smollm2": compare_smollm2,
    "conditions": conditions,
    "problems": problems,
    "probes": probes,
    "suite": suite,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each (default: 3)")
    parser.add_argument("--loop", type=int, default=16, help="problems that the loop answers; its time is scaled up")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of torch (default: its own)")
    parser.add_argument("--clock", choices=[*CLOCKS], default="wall", help="the wall's (default) or processor time")
    parser.add_argument("--calm", type=float, default=0, help="most seconds to wait for other processes to be idle")
    parser.add_argument("--most", type=int, default=100_000, help="most problems of the part problems")
    parser.add_argument("--gsm8k", type=Path, default=Path("../shared/data/gsm8k/test.jsonl"), help="questions of (b)")
    parser.add_argument("--rivals", help=f"with commas between them; default: {','.join(RIVALS)}")
    parser.add_argument("--smollm2", type=Path, help="a folder that benchmarks.smollm2 has written; default: a new one")
    parser.add_argument("--json", type=Path, help="a file for the same numbers")
    options = parser.parse_args()
    parts = options.parts or list(PARTS)
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"unknown part {unknown[0]!r}; parts are {', '.join(PARTS)}")
    rivals = options.rivals.split(",") if options.rivals is not None else None
    if unknown := [name for name in rivals or () if name not in RIVALS]:
        parser.error(f"unknown rival {unknown[0]!r}; rivals are {', '.join(RIVALS)}")
    torch.set_num_threads(options.threads)
    names = ("repeat", "loop", "threads", "clock", "calm", "most", "gsm8k", "smollm2")
    how = How(**{name: getattr(options, name) for name in names}, rivals=rivals)
    gflops = round(peak(how.now, "cpu", torch.float32))
    head: Row = {"threads": how.threads, "clock": how.clock, "torch": torch.__version__, "matmul_gflops": gflops}
    print(" ".join(f"{name}={value}" for name, value in head.items()), flush=True)
    found: dict[str, list[Row]] = {}
    for part in parts:
        print(f"\n{part}", flush=True)
        found[part] = PARTS[part](how)
        show(found[part])
        if options.json is not None:
            options.json.write_text(json.dumps({**head, "parts": found}, indent=1) + "\n")


def show(rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = [names, *[[_word(row.get(name, "")) for name in names] for row in rows]]
    widths = [max(len(line[column]) for line in table) for column in range(len(names))]
    for line in table:
        words = [word.rjust(width) for word, width in zip(line[1:], widths[1:], strict=True)]
        print("  ".join([line[0].ljust(widths[0]), *words]).rstrip(), flush=True)


def _word(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
