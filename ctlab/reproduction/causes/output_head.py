"""A tied head that was lost: an output embedding of its own where training had one tensor for input and output."""

from typing import TYPE_CHECKING

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_network
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from torch.nn import Module


def _look(case: Case) -> Looked:
    network = case.model.network
    head = network.get_output_embeddings()  # type: ignore[no-untyped-call]
    if head.weight is network.get_input_embeddings().weight:
        return Looked(note="input and output embedding are one tensor")
    return Looked(
        variants=(
            Variant(
                change="the input embedding as the head",
                remedy='"tie_word_embeddings": true in the base\'s config.json, and no head in the checkpoint',
                parts=everywhere(lambda model: with_network(model, _tie)),
            ),
        )
    )


def _tie(network: "Module") -> None:
    network.get_output_embeddings().weight = network.get_input_embeddings().weight  # type: ignore[operator]


OUTPUT_HEAD = Cause(name="tied-head-lost", title="tied head lost", look=_look)
