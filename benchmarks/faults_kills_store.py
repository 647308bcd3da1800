"""A store whose processes are killed: while they publish, and while it is tended.

Publishing is killed at random moments. The processes are those of the tests in ``tests/store``.
"""

import random
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from benchmarks.faults_kills import SIGNALS
from benchmarks.faults_outcomes import Outcome, Row, row
from ctlab.store import GenerationStore
from ctlab.store.exporting import export
from ctlab.store.holdings import holdings
from ctlab.store.importing import import_file
from tests.store.answers import Engine, answer
from tests.store.tended import CODES, CONDITIONS, IDS, KNOWN, filled, keys, rubbish, tree
from tests.store.test_interruption import IDS as PUBLISHED
from tests.store.test_interruption import KEYS, generated, start
from tests.store.test_tending_interrupted import EVERYTHING, clear_rubbish, ended, sound, take_in

_PAUSE_S, _BATCHES = 0.1, 4
_KEPT = CONDITIONS[:2]
Moment = Callable[[Path, int], Outcome | None]
"""Ends a process at one moment in a folder of its own and says what came of it; None where it came to its end."""


def tending_rows(folder: Path, most: int | None = None) -> Iterator[Row]:
    """End clearing, taking out and taking in at every moment, or at the first ``most`` of them."""
    whole, paper = folder / "whole", folder / "paper.zip"
    source = filled(folder / "source", size=7)
    export(source.root, paper, holdings(source.root, KNOWN), known=KNOWN, codes=CODES)
    import_file(whole, paper, lambda _: None)
    trials: dict[str, Moment] = {
        "gc ended at every moment": _rubbish_cleared,
        "gc of a condition ended at every moment": _condition_cleared,
        "import ended at every moment": lambda at, moment: _taken_in(at, moment, paper, tree(whole)),
    }
    for number, (fault, trial) in enumerate(trials.items()):
        outcomes = []
        for moment in count(1):
            outcome = trial(folder / f"{number}-{moment}", moment)
            if outcome is None or len(outcomes) == most:
                break
            outcomes.append(outcome)
        bad = [f"{fault}: {each} at operation {n}" for n, each in enumerate(outcomes, 1) if each != Outcome.RECOVERED]
        yield row(fault, outcomes, bad)


def _rubbish_cleared(folder: Path, moment: int) -> Outcome | None:
    store = filled(folder / "store", size=7)
    before = tree(store.root)
    rubbish(store)
    if not ended("clear_rubbish", store.root, moment):
        return None
    if not before.items() <= tree(store.root).items():
        return Outcome.LOST
    clear_rubbish(store.root)
    return Outcome.RECOVERED if tree(store.root) == before else Outcome.WRONG


def _condition_cleared(folder: Path, moment: int) -> Outcome | None:
    store = filled(folder / "store", size=7)
    if not ended("clear_a_condition", store.root, moment):
        return None
    kept = {name: keys()[name] for name in _KEPT}
    if not sound(store.root) or store.read(kept, IDS) != {name: EVERYTHING[name] for name in _KEPT}:
        return Outcome.LOST
    engine = Engine()
    right = store.collect(keys(), IDS, engine) == EVERYTHING
    asked = {name for name, _ in engine.asked}
    if not asked <= set(CONDITIONS) - set(_KEPT):
        return Outcome.LOST
    return Outcome.RECOVERED if right else Outcome.WRONG


def _taken_in(folder: Path, moment: int, paper: Path, whole: dict[str, bytes]) -> Outcome | None:
    folder.mkdir()
    (folder / paper.name).symlink_to(paper)
    root = folder / "store"
    if not ended("take_in", root, moment):
        return None
    if root.exists() and not sound(root):
        return Outcome.WRONG
    take_in(root)
    found = {place: body for place, body in tree(root).items() if not place.endswith(".part")}
    return Outcome.RECOVERED if found == whole else Outcome.LOST


def publishing_rows(folder: Path, trials: int, seed: int = 13) -> Iterator[Row]:
    """Kill ``trials`` processes that publish four batches, at random moments: only what was in flight is made again."""
    draw, outcomes = random.Random(seed), list[Outcome]()
    while len(outcomes) < trials:
        root = folder / f"published-{len(outcomes)}-{draw.random()}"
        first = start(root, pause=_PAUSE_S)
        begun = first.stdout.readline() if first.stdout else ""
        time.sleep(draw.uniform(0, _BATCHES * _PAUSE_S))
        in_time = first.poll() is None
        first.send_signal(SIGNALS[len(outcomes) % len(SIGNALS)])
        before = [line for line in (begun + first.communicate()[0]).splitlines() if line.startswith("generated")]
        if in_time:
            outcomes.append(_published(root, before))
    bad = [f"published, seed {seed}, kill {n}: {each}" for n, each in enumerate(outcomes) if each != Outcome.RECOVERED]
    yield row("killed while it publishes batches", outcomes, bad)


def _published(root: Path, before: list[str]) -> Outcome:
    """Take up a killed process; ``before`` are its lines, of which the last batch may have been in flight."""
    output, errors = start(root, pause=0).communicate()
    in_flight = set(generated(before[-1]))
    if (set(generated("\n".join(before))) & set(generated(output))) - in_flight:
        return Outcome.LOST
    if "Traceback" in errors:
        return Outcome.TRACEBACK
    whole = {name: tuple(answer(name, each) for each in PUBLISHED) for name in KEYS}
    return Outcome.RECOVERED if GenerationStore(root).read(KEYS, PUBLISHED) == whole else Outcome.WRONG
