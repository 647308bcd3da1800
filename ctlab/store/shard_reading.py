"""A shard's answers, held to what its entry says of them: checksum, runs and problems."""

from collections.abc import Collection
from pathlib import Path

from ctlab.errors import StoreError
from ctlab.files import read_whole, sha256
from ctlab.records.generation import Generation
from ctlab.records.packed_generations import PackedGenerations
from ctlab.store.manifest import Entry, shard_path
from ctlab.store.shards import decode_packed


def read_shard(folder: Path, entry: Entry, wanted: Collection[str]) -> dict[str, list[Generation]]:
    """Return the answers of the wanted runs in a shard, by digest of the run; StoreError where it is damaged."""
    whole, firsts = packed_shard(folder, entry, wanted)
    rows, size = list(whole), len(entry.problem_ids)
    return {digest: rows[first : first + size] for digest, first in firsts.items()}


def packed_shard(folder: Path, entry: Entry, wanted: Collection[str]) -> tuple[PackedGenerations, dict[str, int]]:
    """Return a shard's answers, and where those of each wanted run begin; StoreError where it is damaged."""
    path = shard_path(folder, entry.name)
    try:
        content = read_whole(path)
    except FileNotFoundError:
        raise StoreError(f"{path} is gone, its entry is still there") from None
    if sha256(content) != entry.sha256:
        raise StoreError(f"{path} is damaged: its checksum does not match its entry's")
    whole, firsts = decode_packed(content, entry.digests, wanted if entry.checked else entry.digests)
    size = len(entry.problem_ids)
    others = any(whole.ids[first : first + size] != entry.problem_ids for first in firsts.values())
    if others or len(whole) != size * len(firsts):
        raise StoreError(f"{path} does not hold the problems that its entry lists")
    return whole, {digest: first for digest, first in firsts.items() if digest in wanted}
