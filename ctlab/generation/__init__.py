"""The run: sequence layout, masks, the batched engine, certificates. Importing it imports no torch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ctlab.generation.record import Decoding, Generation, RunKey

if TYPE_CHECKING:
    from ctlab.generation.api import Runs, generate
    from ctlab.generation.certificates import certify
    from ctlab.generation.engine import generate_batches

_HOMES = {"Runs": "api", "certify": "certificates", "generate": "api", "generate_batches": "engine"}
__all__ = ["Decoding", "Generation", "RunKey", "Runs", "certify", "generate", "generate_batches"]


def __getattr__(name: str) -> Any:
    """Import what needs torch when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.generation' has no attribute {name!r}")
    return getattr(import_module(f"ctlab.generation.{_HOMES[name]}"), name)
