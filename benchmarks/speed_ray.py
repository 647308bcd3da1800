"""Two workers of Ray against one, and against the local executor with two threads: the same answers into a store.

``OMP_NUM_THREADS=1 python -m benchmarks.speed_ray`` takes the sides in turn, in one process and one cluster, each into
a store of its own. Start-up is apart: timed from the moment at which every worker has its model and has answered
a small shard into the store, to that at which every answer is in the store. Processor seconds are those of the driver
and the workers, and beside them stands what other processes took meanwhile: where that is not near 0 cores, wall-clock
times say little.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.speed_calm import Others, wait_for_calm
from ctlab.interventions import usual_conditions
from ctlab.lab.answer_sources import certifier
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.executors.shards import Job, Shard, shards_of
from ctlab.lab.log import ConsoleLog
from ctlab.lab.run_maker import RunMaker
from ctlab.records.generation import answers_digest
from ctlab.records.provenance import here
from ctlab.settings import Settings

CONDITIONS = ("baseline", "ct0_blocked", "ct2_blocked", "ct4_blocked", "ct0_from_answer", "no_op")
WARM_UP = "ct1_blocked"  # answered by every worker before it is timed; none of those above
LOCAL, ONE, TWO = "local, two threads", "Ray, one worker", "Ray, two workers"
_CALM_S = 60.0  # for other processes to end, before each side


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One side, once."""

    wall: float
    """Seconds."""
    processor: float
    """Processor seconds of this process and its workers."""
    start: float
    """Seconds until every worker could begin."""
    others: float
    """Cores that other processes kept busy meanwhile."""
    digests: tuple[str, ...]
    """Of each condition's answers."""


def main() -> int:
    """Time the sides in turn and print a table and the two ratios; 1 where answers differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, default=1319)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--calm", type=float, default=_CALM_S, help="seconds to wait for a quiet machine (default: 60)")
    given = parser.parse_args()
    # As the driver and the local executor have it.
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 - Ray's own spelling
    import ray

    ray.init(
        address="local",
        num_cpus=2,
        object_store_memory=80_000_000,
        include_dashboard=False,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
    )
    found: dict[str, list[Timed]] = {LOCAL: [], ONE: [], TWO: []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(given.repeat):
            for side in found:
                wait_for_calm(given.calm)
                found[side].append(_side(side, Path(folder) / f"{side}-{turn}", given.problems))
    print(f"{len(CONDITIONS)} conditions x {given.problems} problems, median of {given.repeat} in turn")
    print(
        "| side | wall s | answers/s | processor s | start s | others, cores |\n| --- | --- | --- | --- | --- | --- |"
    )
    for side, times in found.items():
        wall, processor, start, others = (
            statistics.median(getattr(each, name) for each in times)
            for name in ("wall", "processor", "start", "others")
        )
        rate = len(CONDITIONS) * given.problems / wall
        print(f"| {side} | {wall:.2f} | {rate:.0f} | {processor:.2f} | {start:.1f} | {others:.2f} |")
    for name, other, least in (("one worker", ONE, 1.7), ("the local executor with two threads", LOCAL, 0.8)):
        ratios = [theirs.wall / mine.wall for theirs, mine in zip(found[other], found[TWO], strict=True)]
        print(f"two workers / {name}: {statistics.median(ratios):.2f} x (wanted: {least} x at least)")
    same = len({each.digests for times in found.values() for each in times}) == 1
    print(f"digests of all conditions {'equal' if same else 'DIFFER'} on all sides")
    return int(not same)


def _side(side: str, store: Path, problems: int) -> Timed:
    began = time.perf_counter()
    local = side == LOCAL
    settings = Settings(recorded={}, store=store, report=store, limit=problems, executor="local" if local else "ray")
    engine = chosen_engine(replace(settings, ray_cpus=None if local else 1))
    maker = RunMaker(settings, usual_conditions(engine.card()), engine, ConsoleLog())
    maker.note_use(CONDITIONS)
    answer, processor = (_local if local else _by_workers)(maker, 2 if side == TWO else 1)
    start = time.perf_counter() - began
    others, used, own, began = Others(), processor(), _own(), time.perf_counter()
    answer()
    wall, cores = time.perf_counter() - began, others.cores() or 0.0
    used, own = processor() - used, _own() - own
    if not local:
        for actor in engine._actors:  # type: ignore[attr-defined]
            engine._ray.kill(actor)  # type: ignore[attr-defined]
        cores = max(0.0, cores - (used - own) / wall)  # of others, workers are no children of this process
    runs = maker.store.read(maker.keys(CONDITIONS), maker.problems.ids)
    return Timed(
        wall=wall,
        processor=used,
        start=start,
        others=cores,
        digests=tuple(answers_digest(runs[name]) for name in CONDITIONS),
    )


def _own() -> float:
    times = os.times()
    return times.user + times.system


def _local(maker: RunMaker, _: int) -> tuple[Callable[[], None], Callable[[], float]]:
    import torch

    torch.set_num_threads(2)
    conditions = [maker.conditions[name] for name in CONDITIONS]
    maker._failing(CONDITIONS)
    _warm_up(maker.engine, maker)

    def answer() -> None:
        maker.store.collect(
            maker.keys(CONDITIONS),
            maker.problems.ids,
            lambda missing: maker.engine.batches(maker.problems.problems, conditions),
            maker.provenance,
            certifier(),
        )

    return answer, _own


def _by_workers(maker: RunMaker, workers: int) -> tuple[Callable[[], None], Callable[[], float]]:
    engine: Any = maker.engine
    vars(engine)["_nodes"] = [{"CPU": float(workers)}]
    maker._failing((*CONDITIONS, WARM_UP))
    actors = engine._started(workers)
    job, small = _job(maker, CONDITIONS), _job(maker, (WARM_UP,))
    firsts = [
        Shard(conditions=(WARM_UP,), problem_ids=maker.problems.ids[16 * place : 16 * (place + 1)])
        for place in range(workers)
    ]
    handed = engine._ray.put(small)
    engine._ray.get(
        [actor.answer.remote([handed], small.digest, each) for actor, each in zip(actors, firsts, strict=True)]
    )
    missing = dict.fromkeys(CONDITIONS, maker.problems.ids)
    shards = shards_of(missing, maker.problems.problems, maker.conditions, workers=workers)

    def processor() -> float:
        return _own() + float(sum(engine._ray.get([actor.__ray_call__.remote(_processor) for actor in actors])))

    engine._release = lambda stays: None  # they are asked for their processor seconds afterwards

    def answer() -> None:
        for _ in engine.answer_elsewhere(job, shards):
            pass

    return answer, processor


def _job(maker: RunMaker, names: Sequence[str]) -> Job:
    return Job(
        settings=maker.settings,
        problems=maker.problems,
        conditions=tuple(maker.conditions[name] for name in names),
        keys=maker.keys(names),
        source=certifier(),
        versions=here("").versions,
    )


def _processor(worker: Any) -> float:
    return sum(os.times()[:2])


def _warm_up(engine: Any, maker: RunMaker) -> None:
    conditions: Sequence[Any] = [maker.conditions[name] for name in CONDITIONS]
    list(engine.batches(maker.problems.problems[:8], conditions))


if __name__ == "__main__":
    sys.exit(main())
