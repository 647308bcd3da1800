"""What each step of a campaign costs, measured: the embedded model and a real store on this machine, one thread.

Processor seconds, so that other people's work on the machine does not count; requests to a file server are counted as
the calls that would be some. Only what a GPU does is not measured here: docs/performance.md has it.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.scaling_campaign import PROBLEMS, Costs
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import Generation, RunKey
from ctlab.records.provenance import UNRECORDED
from ctlab.settings import Settings
from ctlab.store.manifest import entry_path, shard_path
from ctlab.store.shared_store import SharedStore

# One H100, bfloat16, a model of Llama-3.2-1B's size: 1,319 problems under 3 conditions, and under 48
# (docs/performance.md, "On a GPU").
_THREE_S, _FORTY_EIGHT_S = 1.39, 7.48
_ANSWER = (_FORTY_EIGHT_S - _THREE_S) / PROBLEMS / 45
_QUESTION = _THREE_S / PROBLEMS - 3 * _ANSWER
_CONDITIONS = 64  # of a batch: as many as a shard has
_CALLS = {"open": 1, "os.rename": 1, "os.remove": 1, "os.listdir": 1, "os.mkdir": 1}
"""Calls that a file server would be asked for; a file that is written is also flushed and closed."""


class Calls:
    """Counts the calls of this process that a file server would be asked for."""

    def __init__(self) -> None:
        self.count = 0
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: object) -> None:
        self.count += _CALLS.get(event, 0)


def measured(folder: Path, entries: int = 200) -> Costs:
    """Measure everything, in an empty folder; ``entries`` are in the store when it is looked at."""
    calls = Calls()
    store, keys = SharedStore(folder / "store"), _keys()
    _kept(store, keys, 300, 1, 8)  # imports pyarrow
    few, many = _kept(store, keys, 0, 8, 8), _kept(store, keys, 100, 4, 320)
    before = calls.count
    _kept(store, keys, 200, 1, 8)
    requests = calls.count - before
    write_answer = (many - few) / (312 * _CONDITIONS)
    place = store.folder(next(iter(keys.values())))
    entry = max((store.entries(keys, _ids(100, 320)))["c0"], key=lambda each: len(each.problem_ids))
    looked = SharedStore(folder / "looked")
    _kept(looked, keys, 0, entries, 64)
    ids = _ids(0, 64)
    first, _ = _timed(lambda: looked.lacking(keys, ids))
    again, _ = _timed(lambda: looked.lacking(keys, ids))
    read, rows = _timed(lambda: store.read(keys, _ids(100, 4 * 320)))
    made = _model(folder)
    return Costs(
        question=_QUESTION,
        answer=_ANSWER,
        write=few - 8 * _CONDITIONS * write_answer,
        write_answer=write_answer,
        bytes_answer=shard_path(place, entry.name).stat().st_size / (320 * _CONDITIONS),
        bytes_entry=entry_path(place, entry.name).stat().st_size,
        first_look=first / entries,
        look=again / entries,
        read=read / sum(map(len, rows.values())),
        requests_write=requests * 2,
        **made,
    )


def _model(folder: Path) -> dict[str, float]:
    """Costs of what is done with the model and with its answers: starting, loading, certifying, labelling."""
    from benchmarks.speed_work import many_conditions
    from ctlab.outcomes import classify
    from ctlab.problems import load_problems

    problems = load_problems("tiny")
    engine = ModelEngine(Settings(recorded={}, store=folder / "model", report=folder))
    load, _ = _timed(engine.loaded_digest)
    every = many_conditions(8)
    certify, _ = _timed(lambda: engine.certify(problems.problems, every))
    (batch,) = [{k: v for each in engine.batches(problems.problems[:256], every[:4]) for k, v in each.items()}]
    by_id = {problem.id: problem for problem in problems}
    answers = [answer for run in batch.values() for answer in run]
    label, _ = _timed(lambda: [classify(by_id[answer.problem_id], answer.text) for answer in answers])
    start = _processor_seconds_of("import torch, ctlab.engine, ctlab.lab.executors.worker")
    return {"start": start, "load": load, "certify": certify / len(every), "label": label / len(answers)}


def label_alike(folder: Path, conditions: int = 48, problems: int = 64) -> tuple[float, float]:
    """Seconds to label an answer where answers that are alike are labelled once, and the share that differ.

    Labels are worked out and kept by the lab's own classifier, of answers of the embedded model.
    """
    from benchmarks.speed_work import many_conditions
    from ctlab.lab.classifier import Classifier
    from ctlab.outcomes.forms import UNKNOWN
    from ctlab.problems import load_problems

    asked = load_problems("tiny").limited(problems)
    engine = ModelEngine(Settings(recorded={}, store=folder / "alike", report=folder))
    runs: dict[str, list[Generation]] = {}
    for batch in engine.batches(asked.problems, many_conditions(conditions)):
        for name, answers in batch.items():
            runs.setdefault(name, []).extend(answers)
    place = {problem.id: number for number, problem in enumerate(asked)}
    ordered = {name: sorted(run, key=lambda answer: place[answer.problem_id]) for name, run in runs.items()}
    classifier = Classifier(SharedStore(folder / "alike").derived, asked, UNKNOWN)
    keys = [DerivedKey(kind="outcomes", run=key, code="1") for key in list(_keys().values())[:conditions]]
    seconds, _ = _timed(lambda: [classifier.classify(*each) for each in zip(keys, ordered.values(), strict=True)])
    every = [(answer.problem_id, answer.text) for run in ordered.values() for answer in run]
    return seconds / len(every), len(set(every)) / len(every)


def _processor_seconds_of(code: str) -> float:
    told = f"{code}; import time; print(time.process_time())"
    return float(subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout)


def _keys() -> dict[str, RunKey]:
    return {
        f"c{k}": RunKey(
            model="m" * 16, condition=f"{k:016x}", decoding="d" * 16, environment="cuda, explicit attention"
        )
        for k in range(_CONDITIONS)
    }


def _ids(first: int, count: int) -> tuple[str, ...]:
    return tuple(f"{k:016x}" for k in range(first * 10_000, first * 10_000 + count))


def _kept(store: SharedStore, keys: Mapping[str, RunKey], first: int, batches: int, problems: int) -> float:
    """Keep batches of made-up answers; return processor seconds a batch."""
    ids = _ids(first, batches * problems)
    made = [
        {name: tuple(_answer(name, each) for each in ids[start : start + problems]) for name in keys}
        for start in range(0, len(ids), problems)
    ]
    seconds, _ = _timed(lambda: store.add(keys, ids, lambda missing: iter(made), lambda: UNRECORDED, "s" * 16))
    return seconds / batches


def _answer(name: str, problem_id: str) -> Generation:
    number = int(problem_id, 16) * 31 + int(name[1:])
    text = f" The answer is: {number % 1000}"
    return Generation(
        problem_id=problem_id, token_ids=(791, 4320, 374, 25, 220, number % 1000, 2), text=text, row=f"b:{number}"
    )


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def at_scale(costs: Costs, file_server: float) -> Costs:
    """The same costs with a file server that is so many times as quick."""
    return replace(
        costs,
        requests_second=costs.requests_second * file_server,
        bytes_second=costs.bytes_second * file_server,
    )
