"""What a sweep costs beside the same cells one at a time, and that its memory grows with neither: one run, a table.

    python -m benchmarks.speed_sweep                         # 6 × 3 × 4 cells of the embedded model
    python -m benchmarks.speed_sweep --problems 100 --alone 6
    python -m benchmarks.speed_sweep --memory                # peak memory against problems × cells

One at a time means `ctlab.generate` with the baseline and one cell, certificate included, as somebody without a sweep
would write it; labels are read from its answers too. ``--alone`` takes so many cells in turn, evenly spread, and scales
their time to all of them. Seconds are processor seconds of one thread, so that what else the machine does matters
little; the parts of a sweep are timed in the same process, after one warm-up of both ways.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import torch

import ctlab
from ctlab.interventions import BASELINE
from ctlab.outcomes import classify
from ctlab.sweeps import Grid, Sweep

_ALL = {"positions": "all", "layers": "all", "heads": "all"}
_MEMORY = ((24, 330), (24, 1319), (72, 1319), (72, 2638), (72, 3957))
"""Cells and problems of the memory table: below a tile of answers (`tiles.ANSWERS`), and two and three of them."""


def swept(model: ctlab.models.LatentReasoner, problems: Sequence[ctlab.Problem]) -> tuple[float, Sweep]:
    """Run one sweep of every cell; processor seconds, its plan and its certificate included."""
    began = time.process_time()
    found = ctlab.sweep(model, problems, progress=False, **_ALL)
    return time.process_time() - began, found


def alone(
    model: ctlab.models.LatentReasoner, problems: Sequence[ctlab.Problem], grid: Grid, cells: Sequence[int]
) -> tuple[float, dict[int, list[str]]]:
    """Run some cells one at a time; processor seconds, and each one's labels."""
    began, labels = time.process_time(), {}
    for cell in cells:
        condition = grid.cells[cell].condition
        runs = ctlab.generate(model, problems, [BASELINE, condition])
        by_name = {
            name: [str(classify(*pair).outcome) for pair in zip(problems, (each.text for each in said), strict=True)]
            for name, said in runs.items()
        }
        labels[cell] = by_name[condition.name]
    return time.process_time() - began, labels


def compared(problems: int, some: int) -> list[str]:
    """Both ways on so many problems; lines of a table."""
    model = ctlab.load_model("tiny")
    asked = ctlab.load_problems("tiny").limited(problems).problems
    alone(model, asked[:5], Grid(positions=("CT0",)), [0])
    swept(model, asked[:5])
    seconds, found = swept(model, asked)
    grid = found.outcomes.grid
    cells = [len(grid) * number // some for number in range(some)]
    apart, labels = alone(model, asked, grid, cells)
    names = found.outcomes.names
    # One at a time, labels are read without the forms of all undisturbed answers; whether one is right needs none.
    differing = sum(
        (mine == "CORRECT") != (names[code] == "CORRECT")
        for cell, said in labels.items()
        for mine, code in zip(said, found.outcomes.labels[cell + 1], strict=True)
    )
    whole = apart * len(grid) / some
    certifying = found.certifying / (found.certifying + found.seconds)
    return [
        f"{len(grid)} cells × {len(asked)} problems, one thread, processor seconds",
        f"one sweep                {seconds:8.1f} s   {1000 * seconds / found.made:.2f} ms an answer",
        f"one cell at a time       {whole:8.1f} s   {some} of {len(grid)} cells measured: {apart:.1f} s",
        f"ratio                    {whole / seconds:8.1f}",
        f"certificates             {100 * certifying:8.1f} % of its time, {len(found.certificate.sampled)} recomputed",
        f"answers right in one way alone: {differing}",
    ]


def peak(cells: int, problems: int) -> tuple[float, float]:
    """Run a sweep in a process of its own; peak memory before and after it, MiB."""
    code = f"from benchmarks.speed_sweep import _peak; _peak({cells}, {problems})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return float(said[0]), float(said[1])


def _peak(cells: int, problems: int) -> None:
    torch.set_num_threads(1)
    model, asked = ctlab.load_model("tiny"), ctlab.load_problems("tiny").problems
    # More problems than there are: the same ones, asked with a word more.
    rounds = -(-problems // len(asked))
    many = [
        ctlab.Problem(question=each.question + " ." * turn, solution=each.solution, gold=each.gold)
        for turn in range(rounds)
        for each in asked
    ][:problems]
    swept_axes = {"positions": ["CT1"], "layers": [0]} if cells == 1 else {"positions": "all"}
    if cells > 6:
        swept_axes |= {"heads": "all"}
    if cells > 24:
        swept_axes |= {"layers": "all"}
    ctlab.sweep(model, many[:20], progress=False, positions=["CT1"], layers=[0])
    before = _now()
    found = ctlab.sweep(model, many, progress=False, **swept_axes)
    assert len(found.outcomes.grid) == cells
    print(before, _now())


def _now() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory() -> Iterator[str]:
    """Peak memory by cells and problems; lines of a table as they come."""
    yield "cells  problems    answers   before    peak   labels and lengths"
    for cells, problems in _MEMORY:
        before, after = peak(cells, problems)
        kept = (1 + cells) * problems * 3 / 2**20
        answers = (1 + cells) * problems
        yield f"{cells:5d}  {problems:8d}  {answers:9d}  {before:5.0f} MiB {after:5.0f} MiB  {kept:.2f} MiB"


def main() -> None:
    """Print the table that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, default=400, help="problems of the comparison (default: 400)")
    parser.add_argument("--alone", type=int, default=8, help="cells that are run one at a time (default: 8)")
    parser.add_argument("--memory", action="store_true", help="measure peak memory in place of time")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for line in memory() if asked.memory else compared(asked.problems, asked.alone):
        print(line, flush=True)


if __name__ == "__main__":
    main()
