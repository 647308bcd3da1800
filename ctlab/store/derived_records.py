"""Derived values beside the answers: certificates, outcomes, chance rates, forms, measurements, timings.

All of them go through one `Envelope`, and one that is damaged, of another key, made from other answers or unreadable is
said and counts as absent: it is made again, never used, and never the end of a run. Nor is one that cannot be written:
it follows from what is in the store already, and this process remembers it.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from ctlab.errors import CtlabError, StoreError
from ctlab.files import publish, read_whole
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import RunKey
from ctlab.records.provenance import UNRECORDED, Provenance
from ctlab.store.envelope import Envelope

FOLDER = "derived"
"""Folder beside the shards. Stores of before envelopes have ``records``, which nothing reads: it was made again."""
# Kinds become names of files, on file systems that tell no capitals apart too.
_KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}\Z")
# What a value that passed its checksum can still do to who reads it: whatever else is raised is a mistake here.
_MISREAD = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError, CtlabError)
T = TypeVar("T")


class DerivedRecords:
    """Derived values in the folders of their runs; ``say`` is told what is made again, and why.

    ``read_only`` says whether it is known that nothing can be written.
    """

    def __init__(
        self,
        folder: Callable[[RunKey], Path],
        say: Callable[[str], None],
        read_only: Callable[[], bool] = lambda: False,
    ) -> None:
        self._folder = folder
        self._say = say
        self._read_only = read_only
        self._unkept: dict[Path, bytes] = {}

    def read(self, key: DerivedKey, inputs: str, read: Callable[[bytes], T]) -> T | None:
        """Return what ``read`` makes of a stored value; None where there is none that can be used, which is said.

        Parameters
        ----------
        key : DerivedKey
            What is asked for.
        inputs : str
            Digest of the answers that it must have been made from; empty for what is made of the model.
        read : callable
            Turns the stored bytes into the value.

        Raises
        ------
        UnreadableError
            The system does not let the file be read.
        """
        path = self.path(key)
        try:
            content = self._unkept[path] if path in self._unkept else read_whole(path)
        except FileNotFoundError:
            return None
        try:
            return read(Envelope.from_bytes(content).checked(key, inputs))
        except StoreError as error:
            self._say(f"{path} {error}; it is made again")
        except _MISREAD as error:
            self._say(f"{path} cannot be understood ({error}); it is made again")
        return None

    def write(self, key: DerivedKey, inputs: str, body: bytes, made: Provenance = UNRECORDED) -> None:
        """Store a value, replacing an earlier one of the same key; one that the disk refuses is only remembered."""
        path, content = self.path(key), Envelope(key=key, inputs=inputs, body=body, made=made).to_bytes()
        try:
            publish(path, content)
        except StoreError as error:
            if not self._unkept and not self._read_only():  # of a store that can only be read it was said before
                self._say(f"{error} (what follows from answers is worked out again by every run)")
            self._unkept[path] = content

    def read_json(self, key: DerivedKey, inputs: str, read: Callable[[Any], T]) -> T | None:
        """Return what ``read`` makes of a stored JSON value; None where there is none that can be used."""
        return self.read(key, inputs, lambda body: read(json.loads(body)))

    def write_json(self, key: DerivedKey, inputs: str, value: Any) -> None:
        """Store a JSON value."""
        self.write(key, inputs, json.dumps(value, separators=(",", ":"), allow_nan=False).encode())

    def has(self, key: DerivedKey) -> bool:
        """Whether something is stored under a key; it is not opened."""
        path = self.path(key)
        return path in self._unkept or path.is_file()

    def path(self, key: DerivedKey) -> Path:
        """Where a value lies: its kind, its run and everything that decides it are in the name."""
        if not _KIND.match(key.kind):
            raise StoreError(f"a kind is small letters, digits, '-' and '_' (at most 100), not {key.kind!r}")
        # The code is part of the key: two versions of ctlab that share a store do not overwrite each other's values.
        return self._folder(key.run) / FOLDER / f"{key.kind}-{key.run.digest}-{key.digest}"
