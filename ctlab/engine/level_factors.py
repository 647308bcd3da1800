"""A tree's factors on edges as tensors on the device, level by level."""

import numpy as np
import torch
from torch import Tensor

from ctlab.engine.plan import Plan


class LevelFactors:
    """Makes each level's tensors when they are first asked for."""

    def __init__(self, planned: Plan) -> None:
        self._levels = planned.tree.levels
        self._model = planned.model
        self._known: dict[int, list[Tensor]] = {}

    def of(self, level: int) -> list[Tensor]:
        """Return a level's factors (branches, heads or 1, queries, key kinds) for each layer, equal ones shared."""
        if level not in self._known:
            tensors: dict[bytes, Tensor] = {}
            layers = []
            for table in np.moveaxis(self._levels[level].factors, 1, 0):
                key = np.ascontiguousarray(table).tobytes()
                if key not in tensors:
                    # float32, as the softmax whose scores their logarithms are added to.
                    tensors[key] = torch.tensor(table, device=self._model.device, dtype=torch.float32)
                layers.append(tensors[key])
            self._known[level] = layers * (self._model.num_layers // len(layers))
        return self._known[level]
