"""PCCoT (Wu et al. 2025, arXiv 2506.18582): all thoughts together, a few passes of Jacobi's iteration over them.

Pass 0 reads a placeholder at every slot; each later pass feeds a slot the state of the position before it, as the pass
before left it. Checkpoints are PEFT folders beside their base, with the rows of four added tokens.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.inputs import is_text, shown
from ctlab.models.families.base import AsPublished, Family, Layout, Markers
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.thought_program import HiddenState, Jacobi, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_PROJECTION = tuple(f"base_model.model.prj.{layer}.{kind}" for layer in (0, 2, 3) for kind in ("weight", "bias"))


class PCCoT(Family):
    """Rules of PCCoT's folders."""

    def said_in(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nothing: its number of passes is one that an evaluation may change."""
        return {}

    def check(self, training: TrainingSettings) -> None:
        """Refuse settings without passes or prompt, and a projection."""
        check_whole("num_latent", training.num_latent, least=1)
        check_whole("num_iterations", training.num_iterations, least=1)
        if not isinstance(training.answer_prompt, str) or not is_text(training.answer_prompt):
            raise CheckpointError(
                f"answer_prompt must be the text that follows the thoughts (answer_prompt in pccot_args.json), not "
                f"{shown(training.answer_prompt)}"
            )
        if training.use_prj:
            raise CheckpointError(
                "use_prj is true, but the official code leaves the projection out when it loads a checkpoint "
                "(use_projection is put in after the model is built), so that no published answer contains it; say "
                "use_prj false for what is published"
            )

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Every slot is fed a state, in as many passes as the official ``num_iterations`` says."""
        schedule = Jacobi(passes=training.num_iterations or 0)
        return ThoughtProgram(slots=(HiddenState(),) * training.num_latent, schedule=schedule)

    def prompt(self, question: str) -> str:
        """The question as it is."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The base's vocabulary and the added ids."""
        return {vocabulary + self.added_ids}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """The official code adds bot, eot, latent and pad, in this order, and forces the prompt after eot."""
        bot, eot, latent, pad = range(rows - self.added_ids, rows)
        prompt: list[int] = tokenizer(training.answer_prompt, add_special_tokens=False)["input_ids"]
        return Markers(begin=(bot,), end=(eot, *prompt), pad=pad, eos=eos, logits_considered=rows, latent=latent)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """A trained projection, which the official loading drops without a word."""
        return dict.fromkeys(own, "projection that the official code drops when it loads a checkpoint")

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """The identity."""
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state as it is."""
        return hidden


PCCOT = PCCoT(
    name="pccot",
    trained="trained by self-distillation to think all its thoughts together, a few passes over them (PCCoT)",
    layout=Layout(
        prefixes=("base_model.model.",),
        training_only=(),
        own=_PROJECTION,
        adapters=True,
        pickles=("adapter_model.bin",),
    ),
    added_ids=4,
    revision=1,
    # As for CODI, whose data and answers these are.
    max_new_tokens=64,
    knows=("num_iterations", "answer_prompt", "use_prj", "lora_r", "lora_alpha", "use_rslora"),
    # lora_r and lora_alpha stand in adapter_config.json.
    required=("num_latent", "num_iterations", "use_prj", "answer_prompt"),
    example={
        "family": "pccot",
        "num_latent": 24,
        "num_iterations": 3,
        "use_prj": False,
        "answer_prompt": "The answer is:",
    },
    published={},
    answer_forms=None,
    # The official batches read padding in its passes, in ways that depend on how attention is computed there
    # (docs/checkpoints.md); what is reproduced is the official answer to one question.
    as_published=AsPublished(batch=1, first_token_ends=False),
)
