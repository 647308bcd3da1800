"""How many numbers a checkpoint's weights hold, from the headers of its files: no weight is read."""

import json
import math
from pathlib import Path

from ctlab.models.checkpoints.checkpoint_files import Source
from ctlab.models.families import FAMILIES

_LENGTH = 8
"""Bytes that say how long the header is (safetensors' format)."""
_LONGEST = 100_000_000
"""Longest header that safetensors itself reads."""


def weight_count(source: Source) -> int | None:
    """Count the numbers in tensors that inference may use; None where the files do not say, as pickles do not.

    A file that is damaged says nothing here; loading it is what refuses it.
    """
    if source.pickled:
        return None
    files = source.own_weights.files if source.beneath is None else source.beneath.files  # adapters are merged
    unused = FAMILIES[source.settings.family].layout.training_only
    try:
        shapes = {name: form["shape"] for path in files for name, form in _tensors(path).items()}
        return sum(math.prod(shape) for name, shape in shapes.items() if not name.startswith(unused)) or None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _tensors(path: Path) -> dict[str, dict[str, list[int]]]:
    with path.open("rb") as file:
        length = min(int.from_bytes(file.read(_LENGTH), "little"), _LONGEST)
        header: dict[str, dict[str, list[int]]] = json.loads(file.read(length))
    return {name: form for name, form in header.items() if name != "__metadata__"}
