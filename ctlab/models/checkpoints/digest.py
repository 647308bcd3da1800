"""The identity of a model: a digest of weights, base files and settings, taken without importing torch."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab.models.checkpoints.checkpoint_files import Source, base_files, find, naming
from ctlab.models.checkpoints.file_digests import FileDigests
from ctlab.models.families import FAMILIES


@dataclass(frozen=True, slots=True)
class Identity:
    """A model's digest, and whether anything of it was remembered instead of read."""

    digest: str
    """16 hex digits."""
    remembered: str = ""
    """When the oldest digest was taken that was remembered, in UTC; empty where every file was read now."""


def model_digest(
    path_or_id: str | Path,
    base: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    allow_pickle: bool = False,
    cache: Path | None = None,
) -> str:
    """Return the model's digest, 16 hex digits; ``cache`` is a folder that remembers what files hashed to."""
    return identity(find(path_or_id, base, settings, allow_pickle=allow_pickle), cache=cache).digest


def identity(source: Source, *, cache: Path | None = None) -> Identity:
    """Digest a checkpoint that was found, from its files or from what is remembered of them."""
    memory = FileDigests(cache)
    with naming(source.name, source.place):
        weights = [memory.digest(path) for path in source.weights]
        digest = source_digest(source, weights, {path.name: memory.digest(path) for path in base_files(source.base)})
    memory.save()
    return Identity(digest, memory.oldest)


def source_digest(source: Source, weights: Sequence[str], base: Mapping[str, str]) -> str:
    """Digest a checkpoint whose files' digests are known; where they lie does not count, what they hold does."""
    parts: dict[str, Any] = {"weights": list(weights), "base": dict(base), "settings": source.settings.to_json()}
    if (revision := FAMILIES[source.settings.family].revision) > 1:
        parts["revision"] = revision
    if source.adapter is not None:
        parts["adapter"] = source.adapter.to_json()
    # 64 bits tell a lifetime's models apart, and a person can compare them by eye.
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def base_digests(source: Source) -> dict[str, str]:
    """Digest the base model's files as they are now."""
    memory = FileDigests(None)
    return {path.name: memory.digest(path) for path in base_files(source.base)}


def forget(source: Source, cache: Path) -> None:
    """Forget what is remembered of a checkpoint's files, which hold something else than was remembered."""
    files: Iterable[Path] = (*source.weights, *base_files(source.base))
    memory = FileDigests(cache)
    memory.forget(files)
    memory.save()
