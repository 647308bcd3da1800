"""Coconut (Hao et al. 2024, arXiv 2412.06769): a thought is the hidden state before it, fed as it is.

SIM-CoT's Coconut-shaped releases (Wei et al. 2025) are read the same way: what they add is needed in training only.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings
from ctlab.models.families.written_task import ONE_WAY
from ctlab.models.thought_program import HiddenState, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_COPY = "embedding.weight"


class Coconut(Family):
    """Rules of Coconut checkpoints."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Nothing: the official code saves weights alone."""
        return {}

    def check(self, training: TrainingSettings) -> None:
        """No number of thoughts contradicts anything: at the curriculum's start there are none."""

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Each thought is the state before it."""
        return ThoughtProgram(slots=(HiddenState(),) * training.num_latent)

    def prompt(self, question: str) -> str:
        """As it is, as in the official code."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The official code resizes to the tokenizer, which may be shorter than the base's embedding."""
        return {vocabulary + self.added_ids, vocabulary, tokens + self.added_ids}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """The official code adds start, end and latent, in this order; a tokenizer that was saved later knows them."""
        vocabulary: Mapping[str, int] = tokenizer.get_vocab()
        begin = vocabulary.get("<|start-latent|>", rows - 3)
        end = vocabulary.get("<|end-latent|>", rows - 2)
        latent = vocabulary.get("<|latent|>", rows - 1)
        # The official code pads with the end-of-sequence token, and takes the arg-max over all logits.
        return Markers(begin=(begin,), end=(end,), pad=eos, eos=eos, logits_considered=rows, latent=latent)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """The official module holds the input embedding a second time; it must be the same one."""
        import torch

        if _COPY not in own:
            return {}
        if not torch.equal(own[_COPY], embedding):
            raise CheckpointError(
                f"{_COPY!r} differs from the base model's input embedding, of which it must be a copy"
            )
        return {_COPY: "copy of the base model's input embedding"}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """The identity."""
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state as it is."""
        return hidden


COCONUT = Coconut(
    name="coconut",
    trained="trained in stages that replace one written-out step after another by thoughts (Coconut)",
    layout=Layout(
        prefixes=("base_causallm.",),
        # The decoder that SIM-CoT supervises thoughts with; the releases misspell it.
        training_only=("expainable_llm.", "explainable_llm."),
        own=(_COPY,),
        adapters=False,
        pickles=("checkpoint_*",),
    ),
    states=(),
    added_ids=3,
    # 1 tidied blanks in questions up.
    revision=2,
    # The official evaluation's own limit on GSM8K.
    max_new_tokens=64,
    knows=(),
    # The official training ends every question with a newline, others do not, and no file says which it was.
    required=("num_latent", "question_suffix"),
    example={"family": "coconut", "num_latent": 6, "question_suffix": "\n", "base": "openai-community/gpt2"},
    published=published("coconut"),
    # What follows the thoughts is the training data's choice, not the method's.
    answer_forms=None,
    # `Coconut.generate` answers one question at a time and looks for the end from the second token on.
    writes=ONE_WAY,
    as_published=AsPublished(batch=1, first_token_ends=False),
)
