"""Checkpoints that need no ctlab.json: what their authors published about them."""

from collections.abc import Mapping
from types import MappingProxyType

from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Published

KNOWN: Mapping[str, Published] = MappingProxyType(
    {name: published for family in FAMILIES.values() for name, published in family.published.items()}
)
"""Hub id to what is known, of every family; behind the id of a repository of several a folder of it."""


def published_accuracy(model: str, problems: str) -> float | None:
    """Return the published accuracy of a model on a problem set, a proportion; None where none is known."""
    known = KNOWN.get(model)
    return known.accuracy if known is not None and known.problems == problems else None
