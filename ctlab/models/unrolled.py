"""The layers of a network that loops through a part of itself, written one after the other.

``prelude | core, step 0 | core, step 1 | … | coda``: each occurrence of a core layer is a layer of its own, with keys
and values of its own, so that what is computed has the address (token, step, layer) and also a plain number of a layer.
Steps and layers count from 0.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrolled:
    """How many layers stand where."""

    prelude: int
    """Layers before the loop."""
    core: int
    """Layers of the loop."""
    coda: int
    """Layers after it."""
    steps: int
    """How often the core is passed."""

    @property
    def layers(self) -> int:
        """Layers of the whole network."""
        return self.prelude + self.steps * self.core + self.coda

    def layer(self, step: int, layer: int) -> int:
        """Number, in the whole network, of a layer of the core in one of the steps."""
        return self.prelude + step * self.core + layer
