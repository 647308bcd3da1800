"""Copies of a loaded model in which one thing is otherwise; the given model is never written to."""

import copy
from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

    from ctlab.models import LatentReasoner


def rows_of(model: "LatentReasoner") -> int:
    """Rows of the input embedding."""
    return len(cast(Any, model.network.get_input_embeddings().weight))


def frame_of(model: "LatentReasoner") -> tuple[int, int] | None:
    """Ids right before and right after the thoughts; None where nothing stands around them."""
    return (model.begin_ids[-1], model.end_ids[0]) if model.begin_ids and model.end_ids else None


def with_settings(model: "LatentReasoner", **settings: Any) -> "LatentReasoner":
    """Change settings that no weight depends on: the number of thoughts, the question's suffix."""
    return replace(model, settings=replace(model.settings, **settings))


def with_markers(model: "LatentReasoner", begin: tuple[int, ...], end: tuple[int, ...]) -> "LatentReasoner":
    """Change the ids around the thoughts."""
    return replace(model, begin_ids=begin, end_ids=end)


def with_projection(model: "LatentReasoner", projection: "Module | None") -> "LatentReasoner":
    """Change what makes a thought of a hidden state; None feeds the state itself."""
    if projection is not None:
        projection = projection.to(device=model.device, dtype=model.dtype).train(False).requires_grad_(False)
    return replace(model, projection=projection)


def without_thoughts(model: "LatentReasoner") -> "LatentReasoner":
    """Have the network go on right after the question: it thinks nothing, and writes whatever it writes then."""
    from ctlab.models import LatentReasoner
    from ctlab.models.thought_program import ThoughtProgram

    class Unthinking(LatentReasoner):
        __slots__ = ()

        @property
        def program(self) -> ThoughtProgram:
            return ThoughtProgram(slots=())

    given = {field.name: getattr(model, field.name) for field in fields(model)}
    return Unthinking(**{**given, "begin_ids": (), "end_ids": (), "projection": None})


def with_network(model: "LatentReasoner", change: "Callable[[Module], None]") -> "LatentReasoner":
    """Change the weights of a copy of the network."""
    network = copy.deepcopy(model.network)
    change(network)
    return replace(model, network=network)


def with_text(model: "LatentReasoner", rewrite: Callable[[str], str]) -> "LatentReasoner":
    """Rewrite a question's text, suffix included, before it is tokenised."""
    return _asking(model, _Asking(model.tokenizer, text=rewrite))


def with_ids(model: "LatentReasoner", rewrite: Callable[[list[int]], list[int]]) -> "LatentReasoner":
    """Rewrite a question's token ids."""
    return _asking(model, _Asking(model.tokenizer, ids=rewrite))


def _asking(model: "LatentReasoner", tokenizer: "_Asking") -> "LatentReasoner":
    return replace(model, tokenizer=cast("PreTrainedTokenizerBase", tokenizer))


class _Asking:
    """A tokenizer that asks questions in another way, and does everything else as the one behind it."""

    def __init__(
        self,
        tokenizer: "PreTrainedTokenizerBase",
        *,
        text: Callable[[str], str] = lambda text: text,
        ids: Callable[[list[int]], list[int]] = lambda ids: ids,
    ) -> None:
        self._tokenizer, self._text, self._ids = tokenizer, text, ids

    def __call__(self, texts: list[str]) -> dict[str, list[list[int]]]:
        found = self._tokenizer([self._text(text) for text in texts])["input_ids"]
        return {"input_ids": [self._ids(ids) for ids in found]}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tokenizer, name)
