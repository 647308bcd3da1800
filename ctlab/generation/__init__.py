"""The run: sequence layout, masks, the batched engine, certificates. Importing it imports no torch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ctlab.generation.measurement import Measurement
from ctlab.generation.record import Decoding, Generation, RunKey
from ctlab.models.threads import wait_politely

if TYPE_CHECKING:
    from ctlab.generation.api import Runs, generate, producer
    from ctlab.generation.certificates import certify
    from ctlab.generation.devices import generate_on
    from ctlab.generation.engine import bank_for, decoding_of, generate_batches
    from ctlab.generation.measuring import measure, measured
    from ctlab.generation.probe_certificates import certify_probes

_HOMES = {
    "Runs": "api",
    "bank_for": "engine",
    "certify": "certificates",
    "certify_probes": "probe_certificates",
    "decoding_of": "engine",
    "generate": "api",
    "generate_batches": "engine",
    "generate_on": "devices",
    "measure": "measuring",
    "measured": "measuring",
    "producer": "api",
}
__all__ = [
    "Decoding",
    "Generation",
    "Measurement",
    "RunKey",
    "Runs",
    "bank_for",
    "certify",
    "certify_probes",
    "decoding_of",
    "generate",
    "generate_batches",
    "generate_on",
    "measure",
    "measured",
    "producer",
]


def __getattr__(name: str) -> Any:
    """Import what needs torch when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.generation' has no attribute {name!r}")
    wait_politely()
    return getattr(import_module(f"ctlab.generation.{_HOMES[name]}"), name)
