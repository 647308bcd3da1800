"""Whether ten million problem-conditions fit a cluster, and what saturates first: measured costs, simulated campaigns.

``python -m benchmarks.scaling`` prints the costs and six tables in some minutes; docs/scaling.md has them.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.scaling_campaign import PROBLEMS, Campaign, Costs
from benchmarks.scaling_costs import at_scale, label_alike, measured
from ctlab.interventions import Condition
from ctlab.lab.executors.shards import shards_of
from ctlab.problems import Problem

SIZES = (1_000_000, 10_000_000)
GPUS = (1, 8, 64)


def shards(answers: int, workers: int) -> list[tuple[int, int, int]]:
    """The shards of so many problem-conditions, as `shards_of` makes them, each as (group, conditions, problems)."""
    count = -(-answers // PROBLEMS)
    problems = [Problem(question=f"How many are {k}?", gold=k) for k in range(PROBLEMS)]
    conditions = {f"c{k}": Condition(name=f"c{k}") for k in range(count)}
    missing = dict.fromkeys(conditions, tuple(problem.id for problem in problems))
    groups: dict[tuple[str, ...], int] = {}
    found = shards_of(missing, problems, conditions, workers=workers)
    return [
        (groups.setdefault(each.conditions, len(groups)), len(each.conditions), len(each.problem_ids)) for each in found
    ]


def row(costs: Costs, answers: int, gpus: int, *, remembers: bool = True, blocks: bool = True) -> dict[str, object]:
    """One campaign."""
    campaign = Campaign(costs=costs, shards=shards(answers, gpus), gpus=gpus, remembers=remembers, blocks=blocks)
    whole = campaign.run()
    shares = {
        "answering": campaign.gpu.busy / gpus / whole,
        "certifying": campaign.certified / gpus / whole,
        "requests": campaign.requests.busy / whole,
        "link": campaign.link.busy / whole,
        "driver": campaign.driver.busy / whole,
        "looking": campaign.looking.busy / gpus / whole,
    }
    return {
        "answers": f"{campaign.answers:,}",
        "GPUs": gpus,
        "shards": f"{len(campaign.shards):,}",
        "answered_s": round(campaign.answered),
        "whole_s": round(whole),
        **{name: f"{share:.0%}" for name, share in shares.items()},
        "most": max(shares, key=lambda name: shares[name]),
    }


def table(rows: Sequence[dict[str, object]]) -> str:
    """Rows in aligned columns."""
    lines = [list(rows[0]), *([str(value) for value in each.values()] for each in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines)


def simulated(costs: Costs, *, remembers: bool = True, blocks: bool = True) -> list[dict[str, object]]:
    """Every size on every number of GPUs."""
    return [row(costs, size, count, remembers=remembers, blocks=blocks) for size in SIZES for count in GPUS]


def main() -> None:
    """Measure, simulate, print."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        costs = measured(Path(folder))
        alike, differ = label_alike(Path(folder))
    print("\n".join(f"{name:>16}  {value:.3g}" for name, value in asdict(costs).items()))
    print(f"{'label_alike':>16}  {alike:.3g} ({differ:.1%} of the answers differ)")
    print("\nas it is\n" + table(simulated(costs)))
    print("\nwith every entry read at each look\n" + table(simulated(costs, remembers=False)))
    print("\nwith shards dealt one by one\n" + table(simulated(costs, blocks=False)))
    print("\nwith weights on each machine's own disk\n" + table(simulated(replace(costs, weights=0.0))))
    print("\nwith answers as alike as the embedded model's\n" + table(simulated(replace(costs, label=alike))))
    print("\nwith a file server ten times as slow\n" + table(simulated(at_scale(costs, 0.1))))


if __name__ == "__main__":
    main()
