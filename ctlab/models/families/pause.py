"""Pause: the curriculum of Coconut, with one trained vector at every place of a thought (the controls of its study).

Hao et al. 2024 (arXiv 2412.06769, section 4) call it "pause as thought"; the public checkpoints are those of bmarti44's
curriculum study, in Coconut's layout with one tensor more. Its models M3 (one pass) and M4 (a pass a thought) are one
computation: the vector depends on nothing before it, and attention is causal.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.checkpoints.audit import audit
from ctlab.models.families.base import AsPublished, Layout
from ctlab.models.families.coconut import COCONUT, Coconut
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.families.written_task import ONE_WAY
from ctlab.models.thought_program import AllAtOnce, LearnedEmbedding, OneAfterAnother, Schedule, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

_VECTOR = "pause_embedding"
_SCHEDULES: Mapping[str, Schedule] = {"pause_curriculum": AllAtOnce(), "pause_multipass": OneAfterAnother()}
"""Schedule of training, by the official name of the mode; no tensor says which it was."""


class Pause(Coconut):
    """Rules of pause checkpoints: Coconut's, but for what a thought is."""

    def check(self, training: TrainingSettings) -> None:
        """Refuse a mode that there is not."""
        check_whole("num_latent", training.num_latent, least=1)
        if training.feedback_mode not in _SCHEDULES:
            raise CheckpointError(
                f"feedback_mode must be {' or '.join(_SCHEDULES)}, as its training was configured; not "
                f"{shown(training.feedback_mode)}"
            )

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """The same vector for every thought."""
        schedule = _SCHEDULES[training.feedback_mode or ""]
        return ThoughtProgram(slots=(LearnedEmbedding(),) * training.num_latent, schedule=schedule)

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """A module that holds the vector and answers with it, whatever the state."""
        import torch
        from torch import Tensor, nn

        if _VECTOR not in own:
            raise CheckpointError(
                f"it holds no {_VECTOR}, the vector that stands for every thought; if it was trained without one, "
                f"correct 'family', and else fetch it again"
            )
        wanted = {_VECTOR: torch.empty(width, device="meta")}
        audit(own, wanted, of="the thoughts", needs="the base model needs", remedy="; is the base the right one?")

        class Vector(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.register_parameter(_VECTOR, nn.Parameter(own[_VECTOR], requires_grad=False))

            def forward(self, hidden: Tensor) -> Tensor:
                return self.get_parameter(_VECTOR).expand_as(hidden)

        return Vector()

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The vector, once for each thought."""
        return own[_VECTOR][None].repeat(len(hidden), 1)


PAUSE = Pause(
    name="pause",
    trained="trained in stages that replace one written-out step after another by one and the same trained vector "
    "(pause as thought)",
    layout=Layout(
        prefixes=COCONUT.layout.prefixes,
        training_only=(),
        own=(*COCONUT.layout.own, _VECTOR),
        adapters=False,
        pickles=COCONUT.layout.pickles,
    ),
    states=(),
    added_ids=COCONUT.added_ids,
    revision=1,
    # The official evaluation's own limit on ProsQA.
    max_new_tokens=128,
    knows=("feedback_mode",),
    required=("num_latent", "feedback_mode", "question_suffix"),
    example={
        "family": "pause",
        "num_latent": 6,
        "feedback_mode": "pause_curriculum",
        "question_suffix": "\n",
        "base": "openai-community/gpt2",
    },
    published=published("pause"),
    answer_forms=None,
    # The study's copy of `Coconut.generate`: one question at a time, the end looked for from the second token on.
    writes=ONE_WAY,
    as_published=AsPublished(batch=1, first_token_ends=False),
)
