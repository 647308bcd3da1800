"""The run: sequence layout, masks, the batched engine. Importing it imports no torch."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.models.openmp import wait_politely

if TYPE_CHECKING:
    from ctlab.engine.answers import generate_batches
    from ctlab.engine.multi_device import generate_on
    from ctlab.engine.plan import decoding_of
    from ctlab.engine.undisturbed_thoughts import activation_cache_for

_HOMES = {
    "activation_cache_for": "undisturbed_thoughts",
    "decoding_of": "plan",
    "generate_batches": "answers",
    "generate_on": "multi_device",
}
__all__ = [
    "activation_cache_for",
    "decoding_of",
    "generate_batches",
    "generate_on",
]

__getattr__ = exports(__name__, _HOMES, wait_politely)
