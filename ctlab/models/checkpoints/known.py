"""Checkpoints that need no ctlab.json: what their authors published about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_CODI = {
    "family": "codi",
    "num_latent": 6,
    "use_prj": True,
    "prj_no_ln": False,
    "remove_eos": True,
    "lora_r": 128,
    "lora_alpha": 32,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A published checkpoint."""

    settings: Mapping[str, Any]
    """Its settings, ``base`` included."""
    accuracy: float
    """Published accuracy, a proportion."""
    problems: str
    """Problem set of the published accuracy."""


KNOWN: Mapping[str, Known] = MappingProxyType(
    {
        "zen-E/CODI-gpt2": Known(
            settings={**_CODI, "prj_dim": 768, "base": "openai-community/gpt2"}, accuracy=0.437, problems="gsm8k"
        ),
        "zen-E/CODI-llama3.2-1b-Instruct": Known(
            settings={**_CODI, "prj_dim": 2048, "base": "meta-llama/Llama-3.2-1B-Instruct"},
            accuracy=0.556,
            problems="gsm8k",
        ),
    }
)
"""Hub id to what is known: Shen et al. 2025, "CODI", table 1."""


def published_accuracy(model: str, problems: str) -> float | None:
    """Return the published accuracy of a model on a problem set, a proportion; None where none is known."""
    known = KNOWN.get(model)
    return known.accuracy if known is not None and known.problems == problems else None
