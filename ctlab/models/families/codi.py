"""CODI (Shen et al. 2025, arXiv 2502.21074): a thought is a learned projection of the hidden state before it.

SIM-CoT's CODI-shaped releases (Wei et al. 2025) are read the same way: what they add is needed in training only.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.models.families.base import PUBLISHED_BATCH, AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.families.two_layer_projection import TwoLayerProjection
from ctlab.models.families.written_task import Writing, WrittenTask, ids_of
from ctlab.models.thought_program import HiddenState, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_MARKER = "The answer is:"
"""Stands before every answer in the official training data."""
_PROJECTION = TwoLayerProjection(module="prj", norm="ln", settings="use_prj, prj_no_ln")


class Codi(Family):
    """Rules of CODI checkpoints."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Nothing: the official code saves weights alone."""
        return {}

    def check(self, training: TrainingSettings) -> None:
        """Refuse a projection without its width."""
        check_whole("num_latent", training.num_latent, least=1)
        if training.use_prj and training.prj_dim is None:
            raise CheckpointError("use_prj is true, so prj_dim is needed: the width of the projection's inner layer")

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Each thought is made of the state before it."""
        return ThoughtProgram(slots=(HiddenState(projected=training.use_prj),) * training.num_latent)

    def prompt(self, question: str) -> str:
        """As the official evaluation prepares its questions."""
        return question.strip().replace("  ", " ")

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The base vocabulary and the added ids; or just as many, where the base's config was saved after training."""
        return {vocabulary + self.added_ids, vocabulary}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """The official code adds pad, BOT and EOT, in this order."""
        pad, bot, eot = rows - 3, rows - 2, rows - 1
        begin = (bot,) if training.remove_eos else (eos, bot)
        end = (eot,) if training.remove_eos else (eot, eos)
        # The official evaluation looks at the first vocab_size - 1 logits: EOT cannot be written.
        return Markers(begin=begin, end=end, pad=pad, eos=eos, logits_considered=rows - 1, latent=None)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """All of the projection is used."""
        return {}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """Linear, GELU, Linear and LayerNorm, called ``prj`` in the official code."""
        if not training.use_prj:
            if own:
                raise CheckpointError(f"the checkpoint holds {min(own)}, but the settings say use_prj false")
            return None
        return _PROJECTION.build(own, width=width, inner=training.prj_dim or 0, normed=not training.prj_no_ln)

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state, or its projection written out."""
        if not training.use_prj:
            return hidden
        return _PROJECTION.written_out(own, hidden, normed=not training.prj_no_ln)


class TeacherWrites:
    """CODI's teacher: the same weights, taught to write; "none" is the teacher without any steps."""

    @property
    def most_steps(self) -> int:
        """The official code truncates what it teaches, and what it evaluates, to 256 tokens; 64 are an answer's."""
        return 192

    def task(self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, eos: int) -> WrittenTask:
        """The official teacher's sequence: question, steps, answer; an eos after the first two unless ``remove_eos``.

        (github.com/zhenyi4/codi, train.py, ``ref_input_ids``.) No BOT, no EOT: these are the student's.
        """
        delimiter = () if training.remove_eos else (eos,)
        marker = ids_of(tokenizer, _MARKER)
        return WrittenTask(before=delimiter, between=delimiter, marker=marker, steps=self.most_steps)

    def retold(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", thinking: Writing, *, eos: int
    ) -> tuple[list[int], list[int]]:
        """Joined from text as the official code joins it, which drops a leading bos of the answer."""
        marker: list[int] = list(tokenizer("The answer is:")["input_ids"])
        if tokenizer.bos_token_id is not None and marker[0] == tokenizer.bos_token_id:
            del marker[0]
        if thinking == "explicit":
            return ([] if training.remove_eos else [eos]), []
        # The steps are empty: what ends the question and what ends the steps stand side by side.
        return ([] if training.remove_eos else [eos, eos]), marker


_SETTINGS = {
    "family": "codi",
    "num_latent": 6,
    "use_prj": True,
    "prj_dim": 768,
    "prj_no_ln": False,
    "remove_eos": True,
    "lora_r": 128,
    "lora_alpha": 32,
    "base": "openai-community/gpt2",
}

CODI = Codi(
    name="codi",
    trained="trained by self-distillation, so that its thoughts do what its own written-out steps did (CODI)",
    layout=Layout(
        # With and without peft around the base model.
        prefixes=("codi.base_model.model.", "codi."),
        # The decoders that SIM-CoT supervises thoughts with, and their projections.
        training_only=("decoder.", "pj_in.", "pj_out."),
        own=_PROJECTION.names,
        adapters=True,
        pickles=("pytorch_model.bin",),
    ),
    states=(),
    added_ids=3,
    revision=1,
    # The longest of 1,000 recorded answers of CODI-Llama to GSM8K has 22 characters, and 73 with five thoughts zeroed;
    # the official evaluation's 256 tokens would only be spent on answers that never end.
    max_new_tokens=64,
    knows=("use_prj", "prj_dim", "prj_no_ln", "remove_eos", "lora_r", "lora_alpha", "use_rslora"),
    # lora_alpha is asked for where lora_r is not 0, prj_dim where use_prj is true.
    required=("num_latent", "use_prj", "remove_eos", "lora_r"),
    example=_SETTINGS,
    # What follows the thoughts is the training data's choice, not the method's.
    answer_forms=None,
    writes=TeacherWrites(),
    as_published=AsPublished(batch=PUBLISHED_BATCH, first_token_ends=True),
    published=published("codi"),
)
