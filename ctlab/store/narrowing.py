"""A shard without some of its runs."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

from ctlab.files import read_whole, sha256
from ctlab.store.manifest import Entry, shard_path
from ctlab.store.shard_reading import read_shard
from ctlab.store.shards import encode


def narrowed(folder: Path, entry: Entry, runs: Collection[str]) -> tuple[Entry, Callable[[], bytes]]:
    """Return the entry of a shard with some of its runs alone, and what makes the shard; as they are if all stay."""
    if set(entry.digests) <= set(runs):
        read_shard(folder, entry, ())  # what is damaged is not handed on
        return entry, partial(read_whole, shard_path(folder, entry.name))
    kept = tuple(key for key in entry.keys if key.digest in runs)
    # Made twice, for its name and for the file, so that one shard at a time is in memory.
    content = partial(_encoded, folder, entry, tuple(key.digest for key in kept))
    audits = {digest: audit for digest, audit in entry.audits.items() if digest in runs}
    return replace(entry, sha256=sha256(content()), keys=kept, audits=audits), content


def _encoded(folder: Path, entry: Entry, runs: tuple[str, ...]) -> bytes:
    answers = read_shard(folder, entry, runs)
    return encode({digest: answers[digest] for digest in runs})
