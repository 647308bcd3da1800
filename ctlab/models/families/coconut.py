"""Coconut (Hao et al. 2024, arXiv 2412.06769): a thought is the hidden state before it, fed as it is.

SIM-CoT's Coconut-shaped releases (Wei et al. 2025) are read the same way: what they add is needed in training only.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctlab.errors import CheckpointError
from ctlab.models.families.base import Family, Layout, Markers
from ctlab.models.families.training_settings import TrainingSettings

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_COPY = "embedding.weight"


class Coconut(Family):
    """Rules of Coconut checkpoints."""

    def check(self, training: TrainingSettings) -> None:
        """Refuse what only other families have."""
        if training.use_prj or training.lora_r:
            raise CheckpointError("family coconut has neither projection nor LoRA; use_prj must be false and lora_r 0")

    def prompt(self, question: str) -> str:
        """With blanks tidied up, as for every family so far; the official code leaves them alone."""
        return question.strip().replace("  ", " ")

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
        # The official code pads with the end-of-sequence token, and takes the arg-max over all logits.
        return Markers(begin=(begin,), end=(end,), pad=eos, eos=eos, logits_considered=rows)

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
    added_ids=3,
    # The official evaluation's own limit on GSM8K.
    max_new_tokens=64,
    required=("num_latent",),
    # The official training ends every question with a newline.
    example={"family": "coconut", "num_latent": 6, "question_suffix": "\n", "base": "openai-community/gpt2"},
    published={},
    # What follows the thoughts is the training data's choice, not the method's.
    answer_forms=None,
)
