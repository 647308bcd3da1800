"""Raw hidden states beside a measurement: one safetensors file a batch, for analyses that ctlab does not make."""

import json
from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from ctlab.files import replacing


class StateShards:
    """Writes shards ``states-00000.safetensors`` …; each holds (problems, positions, layers + 1, D) a condition.

    The file's metadata holds ``problem_ids``, as JSON, in the order of the tensors' rows.
    """

    def __init__(self, folder: Path, conditions: Sequence[str]) -> None:
        self._folder = Path(folder)
        self._conditions = tuple(conditions)
        self._written = 0

    def write(self, problem_ids: Sequence[str], states: Tensor) -> None:
        """Write a batch's states (C, P, positions, layers + 1, D); the file appears when it is complete."""
        tensors = {name: part.contiguous() for name, part in zip(self._conditions, states, strict=True)}
        with replacing(self._folder / f"states-{self._written:05}.safetensors") as file:
            save_file(tensors, file.name, metadata={"problem_ids": json.dumps(list(problem_ids))})
        self._written += 1
