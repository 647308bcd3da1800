"""Huginn (Geiping et al. 2025, arXiv 2502.05171): recurrent depth, no thoughts in the sequence and no ids around any.

Every token passes ``num_steps`` times through the network's core before the next token is chosen. A question is asked
as it is written, and the answer is read off its last token on. The published code draws the state before the first pass
at random, so that its greedy answers are not determined (two seeds differ on 11 of 12 questions of a tiny model). With
``init_scale`` 0 it is zeros there, and here. Above that it is drawn here too, with ``init_seed``, once for each
position, so that an answer depends neither on its batch nor on what else is answered; official draws are other ones.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.families.written_task import ONE_WAY
from ctlab.models.thought_program import Loop, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_FREQUENCIES = "freqs_cis"
_MOST_STEPS = 1000
"""Its model card's example has 32 and sees no gain beyond 64; each has layers of its own here."""


class Huginn(Family):
    """Rules of Huginn's folders."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Nothing: what its config says is its network's, and an evaluation chooses steps and state."""
        return {}

    def check(self, training: TrainingSettings) -> None:
        """Refuse thoughts, a number of steps that is none, and a drawn state without its seed."""
        if training.num_latent:
            raise CheckpointError(
                "family huginn has no thoughts in the sequence, it thinks in the depth of every token (num_steps); "
                "num_latent must be 0"
            )
        check_whole("num_steps", training.num_steps, least=1, most=_MOST_STEPS)
        if training.init_scale is None:
            raise CheckpointError("init_scale must be a number: 0, and the state before the first step is zeros")
        if training.init_scale:
            check_whole("init_seed", training.init_seed, least=0)
        elif training.init_seed is not None:
            raise CheckpointError("init_seed says which state is drawn, and with init_scale 0 none is; leave it out")

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """No slots; a loop of every token through the core."""
        steps, scale = training.num_steps or 0, training.init_scale or 0.0
        loop = Loop(steps=steps, init_scale=scale, init_seed=training.init_seed)
        return ThoughtProgram(slots=(), schedule=loop)

    def prompt(self, question: str) -> str:
        """The question as it is."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The config was saved with the weights."""
        return {vocabulary}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """No ids around thoughts; all logits considered. Refuses a tokenizer that ends a question with the end."""
        if tokenizer("1")["input_ids"][-1:] == [eos]:
            # The answer is read off a question's last token; published examples cut the end off where one is added.
            raise CheckpointError(
                "its tokenizer writes the end-of-sequence token behind every question, and the answer would be read "
                "off that; take it out of the post-processor in tokenizer.json"
            )
        return Markers(begin=(), end=(), pad=eos, eos=eos, logits_considered=rows, latent=None)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """The rotary frequencies, which loading holds to the config's own."""
        return {name: "constant that the model computes itself" for name in own}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """Nothing is projected."""
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """There is no thought to recompute: of no states, none."""
        return hidden


HUGINN = Huginn(
    name="huginn",
    trained="trained to pass every token several times through a part of its network (recurrent depth)",
    layout=Layout(prefixes=("",), training_only=(), own=(_FREQUENCIES,), adapters=False, pickles=()),
    added_ids=0,
    revision=1,
    # As for models that write their steps: what it writes before an answer is part of it.
    max_new_tokens=128,
    knows=("num_steps", "init_scale", "init_seed"),
    required=("num_latent", "num_steps", "init_scale"),
    states=(),
    example={"family": "huginn", "num_latent": 0, "num_steps": 32, "init_scale": 0},
    published=published("huginn"),
    answer_forms=None,
    # The official code ignores the mask of a batch: what it says of a padded question is no answer to the question.
    writes=ONE_WAY,
    as_published=AsPublished(batch=1, first_token_ends=True),
)
