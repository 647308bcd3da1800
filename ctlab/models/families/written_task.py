"""The steps that a family's training also has its models write: the teacher's task, as token ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from ctlab.models.families.training_settings import TrainingSettings

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


ONE_WAY = "is taught one way to think, and nothing says that its models have another"
"""Why the models of most families cannot be asked to write, behind the family's name."""


class Writes(Protocol):
    """How a family's models are asked to write their steps, or to answer at once."""

    @property
    def most_steps(self) -> int:
        """Most tokens of steps that a model is let write, beside the answer's."""

    def task(self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, eos: int) -> WrittenTask:
        """Say with which ids a model is taught to write its steps."""

    def retold(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", thinking: Writing, *, eos: int
    ) -> tuple[list[int], list[int]]:
        """Work out once more what stands after a question without thoughts: the certificate's own formula.

        Ids that are fed before the model writes, and those that its writing must begin with. Written apart from
        `task`, or a slip there would prove itself.
        """
