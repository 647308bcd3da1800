"""LatentTTS' saved forms of Coconut and CODI (You et al. 2025, arXiv 2510.07745): ordinary ``save_pretrained`` folders.

Adapters are merged, ids stand in the folder's own tokenizer, and a projection, where there is one, is called
``projector``. Without it a thought is the hidden state before it, as in Coconut; with it, its projection, as in CODI.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.inputs import read_json, shown
from ctlab.models.families.base import AsPublished, Family, Layout, Markers
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.families.two_layer_projection import TwoLayerProjection
from ctlab.models.thought_program import HiddenState, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_IN_CONFIG = {"latent_start_id": "<|start-latent|>", "latent_end_id": "<|end-latent|>", "latent_id": "<|latent|>"}
"""Keys of the folder's config that say the ids of its tokens, which the official code takes from either."""
_PROJECTOR = TwoLayerProjection(module="projector", norm="4", settings="use_prj")


class LatentTTS(Family):
    """Rules of LatentTTS' folders."""

    def said_in(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nothing: what it holds says ids, which the tokenizer says too."""
        return {}

    def check(self, training: TrainingSettings) -> None:
        """Refuse a projection without its width."""
        check_whole("num_latent", training.num_latent, least=1)
        if training.use_prj and training.prj_dim is None:
            raise CheckpointError("use_prj is true, so prj_dim is needed: projector_hidden_size in its config.json")

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
        vocabulary: Mapping[str, int] = tokenizer.get_vocab()
        names = _IN_CONFIG.values()
        if missing := [name for name in names if name not in vocabulary]:
            raise CheckpointError(
                f"the checkpoint's tokenizer has no token {missing[0]!r}, whose id it must say; fetch the folder's "
                f"tokenizer files again (--ctlab-base must not name another tokenizer)"
            )
        begin, end, latent = (vocabulary[name] for name in names)
        _refuse_other_ids(Path(tokenizer.name_or_path), dict(zip(_IN_CONFIG, (begin, end, latent), strict=True)))
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


def _refuse_other_ids(folder: Path, ids: Mapping[str, int]) -> None:
    """Refuse a tokenizer that gives the tokens other ids than the config beside it: another checkpoint's would load."""
    path = folder / "config.json"
    said = read_json(path, error=CheckpointError, advice="fetch it again") if path.is_file() else {}
    for key, id_ in ids.items():
        if said.get(key, id_) != id_:
            raise CheckpointError(
                f"{path} says {key} {shown(said[key])}, and the tokenizer beside it gives {_IN_CONFIG[key]!r} the id "
                f"{id_}: they are of two checkpoints; fetch both files again"
            )


LATENTTTS = LatentTTS(
    name="latenttts",
    trained="trained as its authors' Coconut or CODI and saved in the form of LatentTTS",
    layout=Layout(prefixes=("",), training_only=(), own=_PROJECTOR.names, adapters=False, pickles=()),
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
    as_published=AsPublished(batch=1, first_token_ends=True),
)
