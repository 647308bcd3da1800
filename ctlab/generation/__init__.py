"""The run: sequence layout, masks, the batched engine, certificates. Importing it imports no torch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ctlab.generation.record import Decoding, Generation, RunKey

if TYPE_CHECKING:
    from ctlab.generation.api import Runs, decoding_of, generate, producer
    from ctlab.generation.certificates import certify
    from ctlab.generation.engine import generate_batches

_HOMES = {
    "Runs": "api",
    "certify": "certificates",
    "decoding_of": "api",
    "generate": "api",
    "generate_batches": "engine",
    "producer": "api",
}
__all__ = [
    "Decoding",
    "Generation",
    "RunKey",
    "Runs",
    "certify",
    "decoding_of",
    "generate",
    "generate_batches",
    "producer",
]


def __getattr__(name: str) -> Any:
    """Import what needs torch when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.generation' has no attribute {name!r}")
    return getattr(import_module(f"ctlab.generation.{_HOMES[name]}"), name)
