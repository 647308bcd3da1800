"""Kills drivers, workers and whole machines of a Ray cluster while they answer, and says what came of it.

``python -m benchmarks.faults_ray --kills 100``: a cluster of real processes on this machine (a head, and machines with
one CPU each), rounds of runs over a store of their own, and SIGKILL to a driver, a worker or a machine in turn, each
a random moment after something was kept since the kill before, or where nothing is for some seconds. What is killed is
started again; a run that ended is run again until nothing is missing. The exit code is 1 where anything was lost, came
out otherwise, or was answered twice beyond the shards that were out when something was killed.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctlab.store.manifest import Entry, read_entries

VICTIMS = ("worker", "machine", "driver")
_ORDER = tuple({"w": "worker", "m": "machine", "d": "driver"}[letter] for letter in "wmwdwmwwdm")
"""Fewer drivers: the end of one costs the start of everything."""
CONDITIONS = ("baseline", "ct0_blocked", "ct4_blocked")
_EACH = 10  # kills a round
_MACHINES = 6
_PROBLEMS, _TOKENS = 1024, 1024  # shards of 64 problems, in batches of few: a kill often finds a shard half done
_PATIENCE_S = 240.0
_AT_LATEST_S = 20.0  # after the kill before: also what loads, certifies or waits for a place is killed
_SHARD = -(-_PROBLEMS // (2 * _MACHINES)) * len(CONDITIONS)  # `shards_of`: two for each worker
_MACHINE = {"num_cpus": 1, "object_store_memory": 80_000_000}


@dataclass(kw_only=True)
class Count:
    """What came of the kills of one kind of victim, and of the runs as a whole."""

    kills: Counter[str] = field(default_factory=Counter)
    """Kills by victim."""
    went_on: Counter[str] = field(default_factory=Counter)
    """Of these, kills after which the run went on by itself."""
    again: Counter[str] = field(default_factory=Counter)
    """Kills after which the run had to be started again."""
    rounds: int = 0
    """Stores that were filled."""
    answers: int = 0
    """Answers that were wanted."""
    twice: int = 0
    """Answers that stand in the stores more than once."""
    lost: int = 0
    """Entries that were there before a kill and not at the end."""
    otherwise: int = 0
    """Rounds whose answers are not those of a single process."""

    @property
    def bound(self) -> int:
        """Answers of the shards that were out when something was killed: each machine has one."""
        return _MACHINES * _SHARD * self.kills.total()

    @property
    def harm(self) -> bool:
        """Whether anything is as it must not be."""
        return bool(self.lost or self.otherwise or self.twice > self.bound)

    def table(self) -> str:
        """The result as Markdown."""
        lines = ["| killed (SIGKILL) | times | run went on by itself | run again |", "| --- | --- | --- | --- |"]
        for victim in VICTIMS:
            lines.append(f"| {victim} | {self.kills[victim]} | {self.went_on[victim]} | {self.again[victim]} |")
        lines.append(f"| all | {self.kills.total()} | {self.went_on.total()} | {self.again.total()} |")
        lines.append(
            f"\n{self.rounds} stores, {self.answers:,} answers wanted: {self.lost} entries lost, {self.otherwise} "
            f"stores with other answers than a single process's, {self.twice} answers kept twice (shards in flight at "
            f"the kills: {self.bound:,})"
        )
        return "\n".join(lines)


def answered(store: Path, **options: Any) -> dict[str, str]:
    """Answer by a lab and return the digest of each condition's answers."""
    import ctlab
    from ctlab.records.generation import answers_digest

    lab = ctlab.Lab("tiny", "tiny", limit=_PROBLEMS, store=store, progress=False, batch_tokens=_TOKENS, **options)
    runs = lab.run(list(CONDITIONS))
    return {name: answers_digest(runs[name].generations) for name in CONDITIONS}


class Cluster:
    """A Ray cluster of real processes on this machine."""

    def __init__(self, machines: int) -> None:
        # Else on a busy machine workers come last, behind everything that others do.
        os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 - Ray's own spelling
        from ray.cluster_utils import Cluster as RayCluster

        # Ray notes the latest cluster below its own folder, and does not make that itself.
        Path(os.environ.get("RAY_TMPDIR", "/tmp"), "ray").mkdir(exist_ok=True)
        head = _MACHINE | {"num_cpus": 0, "include_dashboard": False}
        self._cluster = RayCluster(initialize_head=True, head_node_args=head)
        self._machines = [self._cluster.add_node(**_MACHINE) for _ in range(machines)]

    @property
    def address(self) -> str:
        """Where it is asked."""
        return str(self._cluster.address)

    def kill_machine(self, chance: random.Random) -> bool:
        """End a machine at once, and let another take its place."""
        gone = self._machines.pop(chance.randrange(len(self._machines)))
        workers = self._workers([gone])
        self._cluster.remove_node(gone, allow_graceful=False)
        for worker in workers:  # they are part of the machine
            _kill(worker)
        self._machines.append(self._cluster.add_node(wait=False, **_MACHINE))
        return True

    def kill_worker(self, chance: random.Random) -> bool:
        """End a worker that has a model; whether there was one."""
        workers = self._workers(self._machines)
        return bool(workers) and _kill(chance.choice(workers))

    def _workers(self, machines: Sequence[Any]) -> list[int]:
        """Process ids of the workers on machines."""
        parents = {node.all_processes["raylet"][0].process.pid for node in machines}
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                name = (status.parent / "cmdline").read_bytes()
                parent = int(status.read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            if parent in parents and name.startswith(b"ray::RayWorker"):
                found.append(int(status.parent.name))
        return found

    def shutdown(self) -> None:
        """End all of its processes."""
        self._cluster.shutdown()


class Driver:
    """A run in a process of its own."""

    def __init__(self, store: Path, address: str) -> None:
        command = [sys.executable, "-m", "benchmarks.faults_ray", "--drive", str(store), "--address", address]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @property
    def runs(self) -> bool:
        """Whether it is still at it."""
        return self._process.poll() is None

    def kill(self) -> bool:
        """End it; whether it was still there."""
        was_there = self.runs and _kill(self._process.pid)
        self._process.wait()
        return was_there

    def digests(self) -> Mapping[str, str] | None:
        """Wait, and return what it found; None where it broke off, after what it said is shown."""
        out, err = self._process.communicate(timeout=_PATIENCE_S)
        if self._process.returncode == 0:
            found: Mapping[str, str] = json.loads(out.splitlines()[-1])
            return found
        print(f"  the run broke off: {err.strip().splitlines()[-1][:300] if err.strip() else 'without a word'}")
        return None


def _kill(process: int) -> bool:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kept(store: Path) -> dict[str, Entry]:
    """Entries of a store by name."""
    return {
        name: entry
        for folder in (store / "v1").glob("*")
        for name, entry in read_entries(folder)
        if isinstance(entry, Entry)
    }


def _count(store: Path) -> int:
    return sum(1 for _ in (store / "v1").glob("*/*.json"))


def campaign(kills: int, seed: int) -> Count:
    """Kill so often, in rounds, and count what came of it."""
    chance, count = random.Random(seed), Count()
    with tempfile.TemporaryDirectory() as folder:
        expected = answered(Path(folder) / "single")
        cluster = Cluster(_MACHINES)
        try:
            while count.kills.total() < kills:
                _round(Path(folder) / str(count.rounds), cluster, expected, chance, count, kills)
                print(
                    f"round {count.rounds}: {count.kills.total()} kills, {count.twice} twice, {count.lost} lost, "
                    f"{count.otherwise} otherwise",
                    flush=True,
                )
        finally:
            cluster.shutdown()
    return count


def _round(
    store: Path, cluster: Cluster, expected: Mapping[str, str], chance: random.Random, count: Count, kills: int
) -> None:
    """Fill one store, with kills; then hold it to what a single process answers."""
    todo = [
        _ORDER[(count.kills.total() + each) % len(_ORDER)] for each in range(min(_EACH, kills - count.kills.total()))
    ]
    driver, seen, last = Driver(store, cluster.address), dict[str, Entry](), ""
    until = time.monotonic() + _AT_LATEST_S
    while todo or driver.runs:
        if not driver.runs:
            if driver.digests() is not None:
                break  # all is answered before every kill was had: the next round has them
            if last in ("worker", "machine"):
                count.went_on[last] -= 1
                count.again[last] += 1
            driver = Driver(store, cluster.address)
        if todo and (_count(store) > len(seen) or time.monotonic() > until):
            time.sleep(chance.random())
            seen |= kept(store)
            until = time.monotonic() + _AT_LATEST_S
            last = todo.pop(0)
            done = {
                "worker": lambda: cluster.kill_worker(chance),
                "machine": lambda: cluster.kill_machine(chance),
                "driver": driver.kill,
            }[last]()
            if done:
                count.kills[last] += 1
                print(f"  {count.kills.total()}: {last} killed with {len(seen)} entries kept", flush=True)
                if last == "driver":
                    count.again[last] += 1
                    driver = Driver(store, cluster.address)
                else:
                    count.went_on[last] += 1
        time.sleep(0.2)
    found = driver.digests() if driver.runs else answered_now(store, cluster)
    entries = kept(store)
    rows = Counter(
        (digest, each) for entry in entries.values() for digest in entry.digests for each in entry.problem_ids
    )
    count.rounds += 1
    count.answers += len(rows)
    count.twice += rows.total() - len(rows)
    count.lost += len(seen.keys() - entries.keys())
    count.otherwise += found != expected


def answered_now(store: Path, cluster: Cluster) -> Mapping[str, str] | None:
    """Run once more to the end, which reads what is there."""
    return Driver(store, cluster.address).digests()


def main() -> int:
    """Run the campaign, or be a driver of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--drive", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.drive:
        print(json.dumps(answered(given.drive, executor="ray", ray_address=given.address, ray_cpus=1)))
        return 0
    count = campaign(given.kills, given.seed)
    print(count.table())
    return int(count.harm)


if __name__ == "__main__":
    sys.exit(main())
