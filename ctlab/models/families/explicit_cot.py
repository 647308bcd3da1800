"""Explicit chain of thought: an ordinary causal language model that writes its steps down, as a control.

M1 of bmarti44's curriculum study, and what Coconut's official code saves for ``cot: true``: the base model's tensors
without a prefix, no added ids, nothing between question and answer.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings
from ctlab.models.thought_program import ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase


class ExplicitCot(Family):
    """Rules of models without thoughts."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Nothing: base models state none of its settings."""
        return {}

    def check(self, training: TrainingSettings) -> None:
        """Refuse thoughts."""
        if training.num_latent:
            raise CheckpointError("family explicit_cot has no thoughts in vectors; num_latent must be 0")

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """No slots."""
        return ThoughtProgram(slots=())

    def prompt(self, question: str) -> str:
        """The question as it is."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The base's own."""
        return {vocabulary}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """No ids around thoughts; all logits considered."""
        return Markers(begin=(), end=(), pad=eos, eos=eos, logits_considered=rows, latent=None)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """It has no tensors beside the base's."""
        return {}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """Nothing is projected."""
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """There is no thought to recompute: of no states, none."""
        return hidden


EXPLICIT_COT = ExplicitCot(
    name="explicit_cot",
    trained="trained to write its steps down before the answer (explicit chain of thought)",
    layout=Layout(prefixes=("",), training_only=(), own=(), adapters=False, pickles=("checkpoint_*",)),
    states=(),
    added_ids=0,
    revision=1,
    # The official evaluation's own limit on ProsQA; steps are part of the answer.
    max_new_tokens=128,
    knows=(),
    required=("num_latent", "question_suffix"),
    example={"family": "explicit_cot", "num_latent": 0, "question_suffix": "\n", "base": "openai-community/gpt2"},
    published=published("explicit_cot"),
    answer_forms=None,
    # `run_inference` of the study has transformers generate for one question at a time.
    writes="always writes its steps: that is its baseline, so name that; no answer without them is taught",
    as_published=AsPublished(batch=1, first_token_ends=True),
)
