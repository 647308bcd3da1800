"""The envelope of a derived value: the key it is for, the digest of what it was made from, and a checksum of itself.

A file is two lines and a body: the checksum of all that follows, the head as JSON, the packed value. Nothing is taken
out of it that was made for another key, from other answers, or that is not as it was written; and every such refusal
is one sentence.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import sha256
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import RunKey
from ctlab.records.provenance import UNRECORDED, Provenance

_LEVEL = 6  # zlib's own: outcomes become a thirtieth of their JSON, and unpacking takes a tenth of reading it


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A derived value as it is stored."""

    key: DerivedKey
    """What it is."""
    inputs: str = ""
    """Digest of the answers it was made from; empty for what is made of the model and not of answers."""
    body: bytes
    """The value, unpacked."""
    made: Provenance = UNRECORDED
    """With what it was made, where that can change it."""
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    """When, in UTC."""

    def to_bytes(self) -> bytes:
        """Content of the file."""
        packed = zlib.compress(self.body, _LEVEL)
        head = {
            **self.key.to_json(),
            "names": dict(self.key.names),
            "inputs": self.inputs,
            "made": self.made.to_json(),
            "created": self.created,
            "size": len(self.body),
        }
        content = json.dumps(head, separators=(",", ":")).encode() + b"\n" + packed
        return sha256(content).encode() + b"\n" + content

    @classmethod
    def from_bytes(cls, content: bytes) -> "Envelope":
        """Read what ``to_bytes`` returned; StoreError where it is not as it was written."""
        checksum, _, rest = content.partition(b"\n")
        if checksum.decode("ascii", "replace") != sha256(rest):
            raise StoreError("is damaged (its checksum does not match)")
        try:
            head, _, packed = rest.partition(b"\n")
            form = json.loads(head)
            body = zlib.decompress(packed)
            return cls(
                key=key_of(form),
                inputs=form["inputs"],
                body=body,
                made=Provenance.from_json(form["made"]),
                created=form["created"],
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error) as error:
            raise StoreError(f"is no derived value that this version wrote ({error!r})") from error

    def checked(self, key: DerivedKey, inputs: str) -> bytes:
        """Return the value; StoreError where it is for another key, or was made from other answers."""
        if self.key.digest != key.digest:
            raise StoreError(f"is {_described(self.key)} and lies where {_described(key)} belongs")
        if self.inputs != inputs:
            raise StoreError(
                f"was made from other answers than are here now (digest {self.inputs or 'none'}, here {inputs})"
            )
        return self.body


def key_of(form: Mapping[str, Any]) -> DerivedKey:
    """Key that a head names."""
    run, parts, names = RunKey.from_json(form["run"]), dict(form["parts"]), dict(form["names"])
    return DerivedKey(kind=form["kind"], run=run, parts=parts, code=form["code"], names=names)


def _described(key: DerivedKey) -> str:
    condition = key.names.get("condition", key.run.condition)
    return f"the {key.kind} of {condition or 'the model'} (key {key.digest})"
