"""Where something was made: versions of the libraries, and the device; pure data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

LIBRARIES = ("ctlab", "torch", "transformers", "tokenizers", "numpy")
"""Packages whose version can change an answer: what computes, what reads the model, what cuts text into tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Versions and device with which answers were made; both empty where that was not recorded."""

    versions: Mapping[str, str] = field(default_factory=dict)
    """Package to its version."""
    device: str = ""
    """What computed, such as ``cpu x86_64 AVX2`` or ``cuda NVIDIA H100``."""

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.versions.items())), self.device))

    @property
    def recorded(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.versions or self.device)

    def said(self) -> str:
        """Say it in words."""
        if not self.recorded:
            return "not recorded"
        return ", ".join([*(f"{name} {number}" for name, number in self.versions.items()), self.device or "?"])

    def differs(self, other: "Provenance") -> str:
        """Say in words what two differ in; empty where they are equal."""
        if not (self.recorded and other.recorded):
            return "" if self == other else f"{self.said()} / {other.said()}"
        names = [name for name in {**self.versions, **other.versions} if self._of(name) != other._of(name)]
        parts = [f"{name} {self._of(name)} / {other._of(name)}" for name in names]
        return ", ".join(parts + ([f"{self.device} / {other.device}"] if self.device != other.device else []))

    def _of(self, name: str) -> str:
        return self.versions.get(name, "?")

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {"versions": dict(self.versions), "device": self.device}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Provenance":
        """Read the JSON form; ValueError where it holds something else than words."""
        versions, device = form["versions"], form["device"]
        if not isinstance(versions, dict) or not all(isinstance(word, str) for word in (*versions.values(), device)):
            raise ValueError(f"versions and device are words, not {form!r}")
        return cls(versions=versions, device=device)


Origins = Mapping[Provenance, tuple[str, ...]]
"""Origin to the ids of the problems whose answers are of it."""
UNRECORDED = Provenance()
"""Of answers from before it was recorded, and of engines that do not say."""


def here(device: str) -> Provenance:
    """Provenance of what this process makes on a device; a package that is not installed is left out."""
    return Provenance(versions={name: number for name in LIBRARIES if (number := _version(name))}, device=device)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
