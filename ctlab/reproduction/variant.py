"""One thing changed about a model: what it is in words, who answers then, and what to write where it is the remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.reproduction.asked import Asked

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner

Parts = Callable[["LatentReasoner", Sequence[Asked]], list[tuple["LatentReasoner", list[int]]]]
"""Of a model and the questions: who answers which of them (by index); every question once."""


def _as_given(model: LatentReasoner, asked: Sequence[Asked]) -> list[tuple[LatentReasoner, list[int]]]:
    return [(model, list(range(len(asked))))]


def everywhere(change: Callable[[LatentReasoner], LatentReasoner]) -> Parts:
    """Have one changed model answer all questions."""
    return lambda model, asked: _as_given(change(model), asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A hypothesis about what is wrong, in a form that can be tried."""

    change: str
    """What is changed, in words that end a sentence."""
    remedy: str
    """The option or line of ctlab.json that makes it permanent, or what else to do."""
    usual: bool = False
    """Whether published checkpoints of the family are so: it is preferred among those that cannot be told apart."""
    bypass: bool = False
    """Whether it goes round what its cause is about instead of mending it, so that the rest is shown to be sound."""
    parts: Parts = _as_given
    """Who answers which questions."""
    padding: str | None = None
    """How batches are padded; None: as given."""
    max_new_tokens: int | None = None
    """Most tokens of an answer; None: as given."""
    reading: Callable[[str], str] | None = None
    """How the given answers' texts are rewritten before they are read; None: they are answered anew."""
