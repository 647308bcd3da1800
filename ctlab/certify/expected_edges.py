"""What a condition says, edge by edge, for one problem: slow, plain, and apart from how the engine makes its masks.

Certificates compare the engine with this, so it counts positions on its own: it writes down the whole sequence by name.
Positions count from the question's first token.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctlab.engine.layout import Layout
from ctlab.interventions import Intervention

if TYPE_CHECKING:
    from ctlab.engine.plan import Plan


def dense_factors(
    interventions: Sequence[Intervention],
    layout: Layout,
    *,
    question: int,
    control: int | None,
    total: int,
    layers: int,
    heads: int,
) -> npt.NDArray[np.float64]:
    """Factor on every edge (layers, heads, queries, keys) of a sequence of ``total`` positions; 0 above the diagonal.

    ``question`` is the question's length in tokens and ``control`` the position of its control token. The axis of
    layers or heads is 1 where the interventions do not tell them apart.
    """
    layers = layers if any(intervention.layers is not None for intervention in interventions) else 1
    heads = heads if any(intervention.heads is not None for intervention in interventions) else 1
    factors = np.broadcast_to(np.tril(np.ones((total, total))), (layers, heads, total, total)).copy()
    names = position_names(layout, question, total)
    for intervention in interventions:
        in_layers = range(layers) if intervention.layers is None else intervention.layers
        in_heads = range(heads) if intervention.heads is None else intervention.heads
        for key in range(total):
            if not _is_key(intervention, names[key], key == control):
                continue
            for reader in range(key, total):
                if intervention.self_ if reader == key else _is_reader(intervention, names[reader]):
                    factors[np.ix_(in_layers, in_heads, [reader], [key])] *= intervention.keep
    return factors


def expected_factors(planned: "Plan", interventions: Sequence[Intervention], problem: int) -> npt.NDArray[np.float64]:
    """Spell out what interventions and the model's own setting hide from one problem of a plan."""
    question = len(planned.prompts[problem])
    return dense_factors(
        [*planned.model.settings.hidden, *interventions],
        planned.layout,
        question=question,
        control=None if planned.controls is None else planned.controls[problem],
        total=question + planned.layout.tail + planned.decoding.max_new_tokens,
        layers=planned.model.num_layers,
        heads=planned.model.num_heads,
    )


def position_names(layout: Layout, question: int, total: int) -> list[str]:
    """Name what stands at each of ``total`` positions: ``question``, ``begin``, ``CT0`` …, ``end``, ``answer``."""
    thoughts = [f"CT{k}" for k in range(layout.thoughts)]
    before = ["question"] * question + ["begin"] * layout.begin + thoughts + ["end"] * layout.end
    return before + ["answer"] * (total - len(before))


def _is_key(intervention: Intervention, name: str, control: bool) -> bool:
    match intervention.keys:
        case "question":
            return name == "question"
        case "question-control":
            return control
        case "thoughts":
            return name.startswith("CT")
        case _:
            return name in intervention.keys


def _is_reader(intervention: Intervention, name: str) -> bool:
    match intervention.readers:
        case "later":
            return True
        case "thoughts":
            return name.startswith("CT")
        case "answer":
            return name in ("end", "answer")
        case _:
            return name in intervention.readers
