"""LatentTTS' saved forms of Coconut and CODI (You et al. 2025, arXiv 2510.07745): ordinary ``save_pretrained`` folders.

Adapters are merged, ids stand in the folder's own tokenizer, and a projection, where there is one, is called
``projector``. Without it a thought is the hidden state before it, as in Coconut; with it, its projection, as in CODI.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.named_tokens import named_tokens
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.families.two_layer_projection import TwoLayerProjection
from ctlab.models.families.written_task import ONE_WAY
from ctlab.models.thought_program import HiddenState, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_IN_CONFIG = {"latent_start_id": "<|start-latent|>", "latent_end_id": "<|end-latent|>", "latent_id": "<|latent|>"}
"""Keys of the folder's config that say the ids of its tokens, which the official code takes from either."""
_CONFIG, _WIDTH = "config.json", "projector_hidden_size"
_PROJECTOR = TwoLayerProjection(module="projector", norm="4", settings="use_prj")


class LatentTTS(Family):
    """Rules of LatentTTS' folders."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Its config says whether there is a projector, and how wide one is."""
        config = files.get(_CONFIG, {})
        projector = config.get("projector")
        if not isinstance(projector, bool):
            return {}
        said = {"use_prj": Stated(value=projector, file=_CONFIG, key="projector")}
        width = config.get(_WIDTH)
        if projector and width is not None:
            said["prj_dim"] = Stated(value=width, file=_CONFIG, key=_WIDTH)
        return said

    def check(self, training: TrainingSettings) -> None:
        """Refuse a projection without its width."""
        check_whole("num_latent", training.num_latent, least=1)
        if training.use_prj and training.prj_dim is None:
            raise CheckpointError(f"use_prj is true, so prj_dim is needed: {_WIDTH} in its {_CONFIG}")

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Each thought is the state before it, projected or not."""
        return ThoughtProgram(slots=(HiddenState(projected=training.use_prj),) * training.num_latent)

    def prompt(self, question: str) -> str:
        """The question as it is."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The folder's own config was saved after training."""
        return {vocabulary}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """As the tokenizer says: the order in which the three were added differs from folder to folder."""
        begin, end, latent = named_tokens(tokenizer, _IN_CONFIG).values()
        # The official code writes 0 over every <|latent|> that it embeds, one that was generated included.
        return Markers(
            begin=(begin,),
            end=(end,),
            pad=eos,
            eos=eos,
            logits_considered=rows,
            latent=latent,
            embedded_as={latent: 0},
        )

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """All of the projector is used."""
        return {}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """``projector``: Linear, GELU, Linear and LayerNorm."""
        if training.use_prj:
            return _PROJECTOR.build(own, width=width, inner=training.prj_dim or 0, normed=True)
        if own:
            raise CheckpointError(f"the checkpoint holds {min(own)}, but the settings say use_prj false")
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state, or its projection written out."""
        return _PROJECTOR.written_out(own, hidden, normed=True) if training.use_prj else hidden


LATENTTTS = LatentTTS(
    name="latenttts",
    trained="trained as its authors' Coconut or CODI and saved in the form of LatentTTS",
    layout=Layout(prefixes=("",), training_only=(), own=_PROJECTOR.names, adapters=False, pickles=()),
    states=(_CONFIG,),
    # The folder's config counts them already.
    added_ids=0,
    revision=1,
    # As for the official codes that these checkpoints come from.
    max_new_tokens=64,
    knows=("use_prj", "prj_dim"),
    required=("num_latent", "use_prj", "question_suffix"),
    example={"family": "latenttts", "num_latent": 6, "use_prj": True, "prj_dim": 768, "question_suffix": ""},
    published=published("latenttts"),
    answer_forms=None,
    # The official batches are masked rightly: an answer is what it is alone.
    writes=ONE_WAY,
    as_published=AsPublished(batch=1, first_token_ends=True),
)
