"""A store as years leave it: two models, a named problem set, derived values of today and of before, leftovers."""

import hashlib
import time
from pathlib import Path

from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import RunKey, answers_digest
from ctlab.store import GenerationStore
from ctlab.store.names import Known
from ctlab.store.uses import Use, note_use
from tests.store.answers import Engine, answer, key

IDS = tuple(hashlib.sha256(f"p{k}".encode()).hexdigest()[:16] for k in range(7))
PROBLEMS = "0123456789abcdef"
CONDITIONS = ("baseline", "ct0_blocked", "ct4_blocked")
CODES = {"outcomes": "code 2", "certificate": "code 7", "measurement": "1"}
KNOWN = Known(models={"model": "tiny"})
TODAY = "2026-03-10"


def keys(names=CONDITIONS, model="model") -> dict[str, RunKey]:
    return {name: key(name, model) for name in names}


def derived_key(kind: str, name: str, code: str, model: str = "model") -> DerivedKey:
    names = {"model": "tiny", "problems": "seven", "condition": name}
    return DerivedKey(kind=kind, run=key(name, model), code=code, parts={"problems": PROBLEMS}, names=names)


def inputs(name: str, ids=IDS) -> str:
    return answers_digest([answer(name, each) for each in ids])


def filled(
    root: Path, model: str = "model", size: int = 4, ids=IDS, source: str = CODES["certificate"]
) -> GenerationStore:
    """Answers, labels and certificates of three conditions, all made by one source, with the note of who read them."""
    store = GenerationStore(root, lambda _: None)
    store.collect(keys(model=model), ids, Engine(size=size), source=source)
    for name in CONDITIONS:
        store.derived.write_json(derived_key("outcomes", name, "code 2", model), inputs(name, ids), ["CORRECT"])
        store.derived.write_json(derived_key("certificate", name, source, model), "", {"passed": True})
    read(store, model=model, ids=ids)
    return store


def use(model: str = "model", ids=IDS) -> Use:
    return Use(
        model=model,
        model_name="" if model == "model" else model.title(),
        decoding={"padding": "exact", "dtype": "float32", "max_new_tokens": 64},
        problems=PROBLEMS,
        problems_name="seven",
        ids=ids,
    )


def read(store: GenerationStore, day: str = TODAY, model: str = "model", names=CONDITIONS, ids=IDS) -> None:
    read_runs = [(name, each.unrecorded.digest) for name, each in keys(names, model).items()]
    note_use(store.folder(key("baseline", model)), use(model, ids), read_runs, day)


def folder(store: GenerationStore, model: str = "model") -> Path:
    return store.folder(key("baseline", model))


def rubbish(store: GenerationStore, model: str = "model") -> dict[str, Path]:
    """One file of everything that can go without answers going, by what it is."""
    old = derived_key("outcomes", "baseline", "code 1", model)
    gone = derived_key("outcomes", "never_run", "code 2", model)
    here = folder(store, model)
    store.derived.write_json(old, inputs("baseline"), ["CORRECT"])
    store.derived.write_json(gone, inputs("never_run"), ["CORRECT"])
    broken = store.derived.path(derived_key("certificate", "ct9_blocked", "code 7", model))
    files = {
        "set aside": here / "set-aside" / f"{'a' * 32}.parquet",
        "first form": here / "records" / f"{'b' * 16}-outcomes-{'c' * 16}-{'d' * 12}",
        "part": here / f"{'e' * 32}.parquet.{'f' * 16}.part",
        "shard without entry": here / f"{'9' * 32}.parquet",
        "damaged": broken,
    }
    for path in files.values():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left over")
    return {**files, "old code": store.derived.path(old), "orphaned": store.derived.path(gone)}


def tree(root: Path) -> dict[str, bytes]:
    """Content of every file, by its place; locks hold nothing that counts."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.endswith("lock")
    }


def later(days: float) -> float:
    """The time in some days: files of now have that age then."""
    return time.time() + days * 86_400


def damage(path: Path, position: int = 40) -> None:
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= 0xFF
    path.write_bytes(content)
