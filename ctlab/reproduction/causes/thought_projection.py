"""What makes a thought: a projection that is missing, that was dropped on loading, or whose norm was left out.

Weights that are gone nothing brings back. But a network that was trained by self-distillation (CODI; Shen et al. 2025,
arXiv 2502.21074) was its own teacher, which writes its steps down: where these are right, and answers after thoughts
are not, the network is sound and what its thoughts are made of is not.
"""

import copy
from typing import TYPE_CHECKING

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_projection, without_thoughts
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from torch.nn import Module

    from ctlab.models import LatentReasoner

_WEIGHTS = "look for the projection's tensors in the original checkpoint"
_LOST = (
    "published checkpoints of this family have a projection and this one holds none, which no change of a setting "
    "brings back: see whether its tensors (prj) were lost when it was saved"
)
_WRITTEN = 128
"""Tokens for steps that are written down: as many as models have that write nothing else."""


def _look(case: Case) -> Looked:
    from ctlab.models.families import FAMILIES
    from ctlab.models.thought_program import HiddenState

    given, family = case.model.projection, FAMILIES[case.model.settings.family]
    if not any(isinstance(slot, HiddenState) for slot in case.model.program.slots):
        return Looked(note="its thoughts are made of no state, so that nothing projects one")
    shared = (_nothing(given is not None),)
    if given is None:
        normed = _variant("a norm on the state", _normed, f"{_WEIGHTS}: a norm is part of one")
        # A clue and no proof: a checkpoint may have been trained without.
        published = family.published.values()
        usual = bool(published) and all(known.settings.get("use_prj") for known in published)
        note = "the settings say that there is none; every published checkpoint of the family has one" if usual else ""
        written = _written(case, _LOST) if usual else ()
        return Looked(variants=(*shared, normed, *written), note=note, clue=_LOST if usual else "")
    dropped = _variant(
        "without the projection",
        lambda model: None,
        'the reference ran without its projection: "use_prj": false where that is meant (no prj tensors then)',
    )
    optional = "prj_no_ln" in family.knows
    norm = (
        _variant(
            "without the projection's norm",
            _without_norm,
            '"prj_no_ln": true, and no prj.ln tensors' if optional else "the reference ran without the norm",
        )
        if _has_norm(given)
        else _variant(
            "with a norm (weight 1, bias 0) after the projection",
            _normed,
            '"prj_no_ln": false, with the tensors prj.ln.weight and prj.ln.bias, which this checkpoint lacks',
        )
    )
    return Looked(variants=(*shared, dropped, norm, *_written(case, f"{_WEIGHTS}, and the rows of its markers")))


def _written(case: Case, remedy: str) -> tuple[Variant, ...]:
    """Have the network write its steps down, as its own teacher did."""
    if case.model.settings.hidden or not all(asked.by_gold for asked in case.asked):
        return ()  # an answer that somebody else's run gave has no steps
    return (
        Variant(
            bypass=True,
            change="steps written down in place of thoughts",
            remedy=f"the network is sound, and what its thoughts are made of is not. {remedy[0].upper()}{remedy[1:]}",
            parts=everywhere(without_thoughts),
            max_new_tokens=max(_WRITTEN, case.bench.max_new_tokens),
        ),
    )


def _variant(change: str, projection: "object", remedy: str) -> Variant:
    make = projection  # of a model, its other projection
    return Variant(
        change=change,
        remedy=remedy,
        parts=everywhere(lambda model: with_projection(model, make(model))),  # type: ignore[operator]
    )


def _nothing(has_projection: bool) -> Variant:
    """Feed zeros: a thought that is worse than nothing was not made as in training."""
    what = "the projection's weights are not those it was trained with" if has_projection else "a projection is missing"
    return Variant(
        change="zeros in place of every thought",
        remedy=f"thoughts as they are made do harm, so {what}: {_WEIGHTS}",
        parts=everywhere(lambda model: with_projection(model, _zeros())),
    )


def _zeros() -> "Module":
    from torch import Tensor, nn

    class Zeros(nn.Module):
        def forward(self, hidden: Tensor) -> Tensor:
            return hidden * 0

    return Zeros()


def _has_norm(projection: "Module") -> bool:
    from torch import nn

    return any(isinstance(module, nn.LayerNorm) for module in projection.modules())


def _without_norm(model: "LatentReasoner") -> "Module":
    from torch import nn

    projection = copy.deepcopy(model.projection)
    assert projection is not None
    layers = [layer for layer in projection.children() if not isinstance(layer, nn.LayerNorm)]
    return nn.Sequential(*layers)


def _normed(model: "LatentReasoner") -> "Module":
    from torch import nn

    norm = nn.LayerNorm(int(model.network.config.hidden_size))
    return norm if model.projection is None else nn.Sequential(copy.deepcopy(model.projection), norm)


THOUGHT_PROJECTION = Cause(name="projection", title="projection missing, or its norm", look=_look)
