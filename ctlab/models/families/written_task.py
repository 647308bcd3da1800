"""The steps that a family's training also has its models write: the teacher's task, as token ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Writing = Literal["explicit", "none"]
"""Ways of thinking without thoughts: the steps are written, or none are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTask:
    """``question | before | steps | between | marker | answer | eos``, all of it tokens."""

    before: tuple[int, ...]
    """Ids between the question and the first step."""
    between: tuple[int, ...]
    """Ids that the model writes after its steps, before the marker."""
    marker: tuple[int, ...]
    """Ids of the answer marker."""
    steps: int
    """Most tokens of steps; they are beside the answer's own limit."""

    def given(self, steps: Sequence[int]) -> tuple[int, ...]:
        """Ids that stand before the answer where the steps are given: up to the marker's last."""
        return (*steps, *self.between, *self.marker)

    def steps_of(self, written: Sequence[int]) -> tuple[int, ...] | None:
        """Cut the steps out of what was written; None where no marker ends them, or they are too long."""
        size = len(self.marker)
        for at in range(len(written) - size + 1):
            if tuple(written[at : at + size]) == self.marker:
                steps = tuple(written[:at])
                if self.between and steps[-len(self.between) :] == self.between:
                    steps = steps[: -len(self.between)]
                return steps if len(self.given(steps)) <= self.steps else None
        return None


def ids_of(tokenizer: "PreTrainedTokenizerBase", text: str) -> tuple[int, ...]:
    """Token ids of a text without special tokens."""
    return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])
