"""Damage that must never become another result: each fault on a copy of a store, and what a run then makes of it.

``FAULTS`` maps the name of a fault to a function that takes a copy of what `make` made and a random generator, does the
harm, lets a run read the copy, and says what came of it. What counts is what a verdict is read off: the labels of every
answer, the form of answers, the certificates, the model's digest, the pictures.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.faults_outcomes import Outcome
from ctlab.errors import CtlabError
from ctlab.files import sha256
from ctlab.interventions import Condition, Intervention
from ctlab.lab.run_maker import RunMaker
from ctlab.records import Generation
from ctlab.settings import Settings
from ctlab.store.manifest import Entry
from ctlab.store.shards import decode, encode
from tests.fakes import FakeLog, TracedEngine

PROBLEMS = 60
CONDITIONS = {
    name: Condition(name=name, interventions=(Intervention(keys=(thought,), readers="later"),))
    for name, thought in (("ct0_blocked", "CT0"), ("ct4_blocked", "CT4"))
}
NAMES = ("baseline", *CONDITIONS)


def make(folder: Path) -> Path:
    """Answer and label everything once, in a new folder."""
    folder.mkdir(parents=True)
    rows = (f'{{"question": "What is {i} plus {i + 3}?", "gold": "{2 * i + 3}"}}\n' for i in range(1, PROBLEMS + 1))
    (folder / "problems.jsonl").write_text("".join(rows), encoding="utf-8")
    _values(folder, FakeLog())
    return folder


def _values(folder: Path, log: FakeLog) -> dict[str, Any]:
    """What verdicts are read off, as a run in a folder has it: from the store, or made again."""
    with chdir(folder):
        settings = Settings(problems="problems.jsonl", recorded={}, store=Path("store"), report=Path("reports"))
        lab = RunMaker(settings, CONDITIONS, TracedEngine(), log)
        lab.plan(NAMES)
        runs = {name: lab.run(name) for name in NAMES}
        return {
            "labels": {name: [each.to_json() for each in run.classifications] for name, run in runs.items()},
            "certificates": {name: run.certificate for name, run in runs.items()},
            "forms": lab.forms.to_json(),
        }


def _truth(folder: Path) -> dict[str, Any]:
    """The same of the answers that are stored, everything that is derived of them made anew."""
    for derived in (folder / "store").rglob("derived"):
        shutil.rmtree(derived)
    return _values(folder, FakeLog())


def _read(folder: Path, truth: Mapping[str, Any]) -> Outcome:
    log = FakeLog()
    try:
        found = _values(folder, log)
    except CtlabError:
        return Outcome.REFUSED
    except Exception:  # whatever it is, a person would see a traceback
        return Outcome.TRACEBACK
    if found != truth:
        return Outcome.WRONG
    said = any("again" in line for line in log.lines)
    return Outcome.RECOVERED if said else Outcome.UNNOTICED


def flip(path: Path, draw: Random, part: bytes | None = None) -> None:
    """Flip one bit of a file, of ``part`` of its content where that is given."""
    content = bytearray(path.read_bytes())
    start, length = (0, len(content)) if part is None else (bytes(content).index(part), len(part))
    content[start + draw.randrange(length)] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def exchange(one: Path, other: Path) -> None:
    """Exchange the contents of two files."""
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _entries(folder: Path) -> list[Path]:
    return sorted((folder / "store").glob("v1/*/*.json"))


def _shards(folder: Path) -> list[Path]:
    return sorted((folder / "store").glob("v1/*/*.parquet"))


def _derived(folder: Path) -> list[Path]:
    return sorted((folder / "store").rglob("derived/*"))


def _entry_flipped(folder: Path, draw: Random) -> None:
    flip(draw.choice(_entries(folder)), draw)


def _keys_flipped(folder: Path, draw: Random) -> None:
    path = draw.choice(_entries(folder))
    keys = json.dumps(json.loads(path.read_bytes())["keys"], separators=(",", ":")).encode()
    flip(path, draw, keys)


def _old_keys_flipped(folder: Path, draw: Random) -> Outcome:
    """In entries of the first form, which have no checksum and no audits of rows; their shards say whose they are."""
    for path in _entries(folder):
        form = json.loads(path.read_bytes())
        old = {name: form[name] for name in ("sha256", "keys", "problem_ids")}
        path.write_text(json.dumps(old, separators=(",", ":")), encoding="utf-8")
    kept = Path(shutil.copytree(folder, folder.with_name(f"{folder.name}-truth")))
    truth = _values(kept, FakeLog())
    shutil.rmtree(kept)
    _keys_flipped(folder, draw)
    return _read(folder, truth)


def _shard_flipped(folder: Path, draw: Random) -> None:
    flip(draw.choice(_shards(folder)), draw)


def _shards_exchanged(folder: Path, draw: Random) -> None:
    exchange(*draw.sample(_shards(folder), 2))


def _entries_exchanged(folder: Path, draw: Random) -> None:
    exchange(*draw.sample(_entries(folder), 2))


def _derived_flipped(folder: Path, draw: Random) -> None:
    flip(draw.choice(_derived(folder)), draw)


def _derived_cut(folder: Path, draw: Random) -> None:
    path = draw.choice(_derived(folder))
    content = path.read_bytes()
    path.write_bytes(content[: draw.randrange(len(content))])


def _derived_exchanged(folder: Path, draw: Random) -> None:
    one = draw.choice(_derived(folder))
    kind = one.name.partition("-")[0]
    exchange(one, draw.choice([path for path in _derived(folder) if path.name.startswith(kind)]))


def _shard_gone(folder: Path, draw: Random) -> None:
    draw.choice(_shards(folder)).unlink()


def _of_the_store(harm: Callable[[Path, Random], None]) -> Callable[[Path, Random], Outcome]:
    def trial(folder: Path, draw: Random) -> Outcome:
        truth = _values(folder, FakeLog())
        harm(folder, draw)
        return _read(folder, truth)

    return trial


def _answers_replaced(folder: Path, draw: Random) -> Outcome:
    """Whole shards with whole entries, of other answers; what was derived of the old ones is still there."""
    shift = draw.randrange(1, len(NAMES))
    for path in _entries(folder):
        entry = Entry.from_json(json.loads(path.read_bytes()))
        shard = path.with_suffix(".parquet")
        runs = decode(shard.read_bytes(), entry.digests, entry.digests)
        moved = dict(zip(entry.digests, [*list(runs.values())[shift:], *list(runs.values())[:shift]], strict=True))
        _replace(path, shard, entry, moved)
    kept = folder.with_name(f"{folder.name}-truth")
    shutil.copytree(folder, kept)
    truth = _truth(kept)
    shutil.rmtree(kept)
    return _read(folder, truth)


def _replace(path: Path, shard: Path, entry: Entry, runs: Mapping[str, list[Generation]]) -> None:
    content = encode(runs)
    made = Entry(sha256=sha256(content), keys=entry.keys, problem_ids=entry.problem_ids, made=entry.made)
    path.unlink()
    shard.unlink()
    path.with_name(f"{made.name}.parquet").write_bytes(content)
    path.with_name(f"{made.name}.json").write_bytes(made.to_bytes())


def _not_readable(folder: Path, draw: Random) -> Outcome:
    """The disk answers EIO: nothing is known of the file, so that nothing may be set aside or made again."""
    truth = _values(folder, FakeLog())
    victim = draw.choice([*_shards(folder), *_entries(folder), *_derived(folder)]).resolve()
    before = {path: path.read_bytes() for path in (folder / "store").rglob("*") if path.is_file()}
    with _refusing(victim):
        outcome = _read(folder, truth)  # right only where the file is not read, as that of how long answers took
    after = {path: path.read_bytes() for path in (folder / "store").rglob("*") if path.is_file()}
    return outcome if before == after else Outcome.WRONG


@contextmanager
def _refusing(victim: Path) -> Iterator[None]:
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.resolve() == victim:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read_bytes(path)

    Path.read_bytes = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        Path.read_bytes = read_bytes  # type: ignore[method-assign]


STORE_FAULTS: Mapping[str, Callable[[Path, Random], Outcome]] = {
    "a bit of a manifest entry": _of_the_store(_entry_flipped),
    "a bit of a manifest entry's keys": _of_the_store(_keys_flipped),
    "a bit of an entry's keys, first form": _old_keys_flipped,
    "a bit of a shard": _of_the_store(_shard_flipped),
    "a shard gone": _of_the_store(_shard_gone),
    "two shards exchanged": _of_the_store(_shards_exchanged),
    "two entries exchanged": _of_the_store(_entries_exchanged),
    "a bit of a derived value": _of_the_store(_derived_flipped),
    "a derived value cut": _of_the_store(_derived_cut),
    "two derived values exchanged": _of_the_store(_derived_exchanged),
    "answers replaced, derived values kept": _answers_replaced,
    "a file of the store that cannot be read": _not_readable,
}
"""Each takes a copy of what `make` made."""
