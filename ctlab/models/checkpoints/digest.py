"""The identity of a model: a digest of weights, base files and settings, taken without importing torch."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctlab.files import replacing
from ctlab.models.checkpoints.checkpoint_files import Source, base_files, find

_BLOCK = 1 << 22  # bytes read at once: large enough for the disk, small beside a model


def model_digest(
    path_or_id: str | Path,
    base: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    allow_pickle: bool = False,
    cache: Path | None = None,
) -> str:
    """Return the model's digest, 16 hex digits; ``cache`` is a folder that remembers what files hashed to."""
    return source_digest(find(path_or_id, base, settings, allow_pickle=allow_pickle), cache=cache)


def source_digest(source: Source, *, cache: Path | None = None) -> str:
    """Digest a checkpoint that was found; where its files lie does not count, what they hold does."""
    memory = _Memory(cache / "file-digests.json" if cache is not None else None)
    parts = {
        "weights": [memory.digest(path) for path in source.weights],
        "base": {path.name: memory.digest(path) for path in base_files(source.base)},
        "settings": source.settings.to_json(),
    }
    memory.save()
    # 64 bits tell a lifetime's models apart, and a person can compare them by eye.
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


class _Memory:
    """File digests by path, size and time of change: five gigabytes are not read again for every run."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.changed = False
        self.entries: dict[str, list[Any]] = {}
        if path is not None:
            try:
                entries = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError):
                entries = {}
            self.entries = entries if isinstance(entries, dict) else {}

    def digest(self, path: Path) -> str:
        real = path.resolve()
        state = real.stat()
        stamp = [state.st_size, state.st_mtime_ns]
        entry = self.entries.get(str(real))
        if isinstance(entry, list) and len(entry) == 3 and entry[:2] == stamp:
            return str(entry[2])
        value = _sha256(real)
        self.entries[str(real)] = [*stamp, value]
        self.changed = True
        return value

    def save(self) -> None:
        if self.path is None or not self.changed:
            return
        try:
            with replacing(self.path) as file:
                file.write(json.dumps(self.entries).encode())
        except OSError:
            # Only a shortcut: without it the files are read again next time.
            return


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
