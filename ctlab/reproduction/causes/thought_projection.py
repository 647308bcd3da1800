"""What makes a thought: a projection that is missing, that was dropped on loading, or whose norm was left out."""

import copy
from typing import TYPE_CHECKING

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_projection
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from torch.nn import Module

    from ctlab.models import LatentReasoner

_WEIGHTS = "look for the projection's tensors in the original checkpoint"
_LOST = (
    "published checkpoints of this family have a projection and this one holds none, which no change of a setting "
    "brings back: see whether its tensors (prj) were lost when it was saved"
)


def _look(case: Case) -> Looked:
    given = case.model.projection
    shared = (_nothing(given is not None),)
    if given is None:
        normed = _variant("a norm on the state", _normed, f"{_WEIGHTS}: a norm is part of one")
        from ctlab.models.families import FAMILIES

        # A clue and no proof: without its weights nothing can be tried that would show that one was there.
        published = FAMILIES[case.model.settings.family].published.values()
        usual = bool(published) and all(known.settings.get("use_prj") for known in published)
        note = "the settings say that there is none; every published checkpoint of the family has one" if usual else ""
        return Looked(variants=(*shared, normed), note=note, clue=_LOST if usual else "")
    dropped = _variant(
        "without the projection",
        lambda model: None,
        'the reference ran without its projection: "use_prj": false where that is meant (no prj tensors then)',
    )
    norm = (
        _variant("without the projection's norm", _without_norm, '"prj_no_ln": true, and no prj.ln tensors')
        if _has_norm(given)
        else _variant(
            "with a norm (weight 1, bias 0) after the projection",
            _normed,
            '"prj_no_ln": false, with the tensors prj.ln.weight and prj.ln.bias, which this checkpoint lacks',
        )
    )
    return Looked(variants=(*shared, dropped, norm))


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
