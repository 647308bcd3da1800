"""Where inside the network a patch stands: which layers, and what they hold or leave at the thought's position."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import ConditionError
from ctlab.field_docs import documented
from ctlab.inputs import shown

POSITIONS = ("residual", "key", "value")
"""What can be replaced at a layer: the residual stream after it, or the key or value that its position leaves there."""
_FIELDS = ("layers", "position")
_EXAMPLE = '{"layers": [1], "position": "residual"}'


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPlace:
    """What a patch replaces at a thought's own position, in place of the embedding that is fed there."""

    layers: tuple[int, ...]
    """Layers, from 0; each is patched by what the other run has at that very layer."""
    position: str
    """``"residual"``: the residual stream after the layer, attention and linear maps added, before the next layer's
    norm or the last one. ``"key"`` and ``"value"``: what later positions read there; the thought's own position still
    reads its own. A key is taken as it is before it is turned by its place, and turned by the place that it is put."""

    def __post_init__(self) -> None:
        layers = self.layers
        whole = isinstance(layers, list | tuple) and all(
            isinstance(layer, int) and not isinstance(layer, bool) for layer in layers
        )
        if not whole or not layers or min(layers) < 0 or len(set(layers)) != len(layers):
            raise ConditionError(
                f"'layers' of a patch's 'at' must be a list of different indices from 0, not {shown(layers)}"
            )
        object.__setattr__(self, "layers", tuple(layers))
        if self.position not in POSITIONS:
            raise ConditionError(
                f"'position' of a patch's 'at' must be one of {', '.join(POSITIONS)}; not {shown(self.position)}"
            )

    @classmethod
    def given(cls, form: Any) -> "LayerPlace":
        """Read the JSON form, refusing what it does not know; one that was read already is returned."""
        if isinstance(form, cls):
            return form
        if not isinstance(form, Mapping):
            raise ConditionError(
                f'\'at\' of a patch is an object with "layers" and "position", such as {_EXAMPLE}, and is left out '
                f"where the thought's embedding is replaced; not {shown(form)}"
            )
        if unknown := sorted(set(map(str, form)) - set(_FIELDS)):
            raise ConditionError(f"unknown field {shown(unknown[0])} in a patch's 'at'; known: {', '.join(_FIELDS)}")
        if missing := [name for name in _FIELDS if name not in form]:
            raise ConditionError(f"a patch's 'at' needs {missing[0]!r}, such as {_EXAMPLE}; got {shown(form)}")
        return cls(**form)

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {"layers": list(self.layers), "position": self.position}

    def canonical(self) -> dict[str, Any]:
        """JSON form in which the order of layers does not matter."""
        return {**self.to_json(), "layers": sorted(self.layers)}


def refuse_twice(name: str, patches: Iterable[tuple[tuple[str, ...] | str, LayerPlace]]) -> None:
    """Refuse two patches of one thought at one layer; ``patches`` are the thoughts and the place of each."""
    places: dict[tuple[str, int], Counter[str]] = {}
    for thoughts, at in patches:
        for layer in at.layers:
            places.setdefault((at.position, layer), Counter()).update([thoughts] if thoughts == "all" else thoughts)
    for (position, layer), counted in places.items():
        twice = [thought for thought, count in counted.items() if count > 1 or ("all" in counted and len(counted) > 1)]
        if twice:
            raise ConditionError(
                f"condition {name!r} replaces the {position} of {min(twice)} at layer {layer} twice; at a layer a "
                f"thought has one"
            )
