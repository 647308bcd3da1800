"""AdaLR (adaptive latent reasoning, github.com/apning/adaptive-latent-reasoning): the model decides when to stop.

Two rows of the output head, ``<|CONTINUE|>`` and ``<|STOP|>``, decide after ``<START>`` and after every thought. A
thought is the state before it, through a recurrent filter or as it is. Checkpoints are ``save_pretrained`` folders of
the official ``LatentThinkingModel`` with merged adapters, and their config.json says how they were made.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.inputs import is_text, shown
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.named_tokens import named_tokens
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.models.families.two_layer_projection import TwoLayerProjection
from ctlab.models.families.written_task import ONE_WAY
from ctlab.models.thought_program import HiddenState, StopHead, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_CONFIG = "config.json"
_MODE = "recurrent_filter_mode"
_TO_END = "add_latent_to_end"
_SAID = "_inserted_LatentThinkingModelSettings"
"""Key of config.json under which the official code keeps its settings."""
_IDS = {
    "start_token_id": "<START>",
    "end_token_id": "<END>",
    "continue_token_id": "<|CONTINUE|>",
    "stop_token_id": "<|STOP|>",
}
"""Keys there that say the ids of the tokens that training added."""
_FILTER = TwoLayerProjection(
    module="recurrent_filter",
    layers=("input_layer", "output_layer"),
    norm="norm",
    settings="use_prj, recurrent_filter_mode in config.json",
    inner="an inner width of",
    remedy="use_prj",
)


class AdaLR(Family):
    """Rules of the official folders."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Its config says whether there is a filter, and what is fed at ``<END>``; refuses what is not read here."""
        said = files.get(_CONFIG, {}).get(_SAID)
        if not isinstance(said, Mapping):
            return {}
        mode, to_end = said.get(_MODE), said.get(_TO_END, False)
        if mode not in (None, "MLP"):
            raise CheckpointError(
                f"{_CONFIG} says {_MODE} {shown(mode)}; read are MLP (Linear, GELU, Linear, LayerNorm) and null"
            )
        if said.get("lora_mode"):
            raise CheckpointError(
                f"{_CONFIG} says lora_mode true, so that adapters are not merged and rows of the embedding are kept "
                f"apart; merge them with the official code and save the model again"
            )
        return {
            "use_prj": Stated(value=mode == "MLP", file=_CONFIG, key=_MODE),
            _TO_END: Stated(value=to_end, file=_CONFIG, key=_TO_END),
        }

    def check(self, training: TrainingSettings) -> None:
        """Refuse a model that cannot think, and a prompt where the model decides itself when its answer begins."""
        check_whole("num_latent", training.num_latent, least=1)
        prompt = training.answer_prompt
        if prompt is not None and not (isinstance(prompt, str) and is_text(prompt)):
            raise CheckpointError(f"answer_prompt must be the text that follows the thoughts, not {shown(prompt)}")
        if prompt and training.stop_head is not False:
            raise CheckpointError(
                "answer_prompt follows thoughts whose number is given (stop_head false, the official "
                "latent_thought_count_override); leave it out where the model decides when to stop"
            )

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Each thought is the state before it, until the stop head says so, or up to a number that is given."""
        return ThoughtProgram(
            slots=(HiddenState(projected=training.use_prj),) * training.num_latent,
            stop=StopHead(asked=training.stop_head is not False, state_in_end=bool(training.add_latent_to_end)),
        )

    def prompt(self, question: str) -> str:
        """The question as it is."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The folder's own config was saved after training; its rows are padded beyond the tokenizer's ids."""
        return {vocabulary}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """As the tokenizer says. Official generation forbids three of the four, and no id of the padding."""
        start, end, going_on, stop = named_tokens(tokenizer, _IDS, within=_SAID).values()
        prompt: list[int] = tokenizer(training.answer_prompt or "", add_special_tokens=False)["input_ids"]
        return Markers(
            begin=(start,),
            end=(end, *prompt),
            pad=eos,
            eos=eos,
            logits_considered=rows,
            latent=None,
            stop_head=(going_on, stop),
            unwritable=(end, going_on, stop),
        )

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """All of the filter is used."""
        return {}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """``recurrent_filter``: Linear, GELU, Linear and LayerNorm, as wide inside as its first layer's tensor says."""
        if training.use_prj:
            first = own.get(f"{_FILTER.module}.{_FILTER.layers[0]}.weight")
            return _FILTER.build(own, width=width, inner=width if first is None else len(first), normed=True)
        if own:
            raise CheckpointError(f"the checkpoint holds {min(own)}, but the settings say use_prj false")
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state, or its filter written out."""
        return _FILTER.written_out(own, hidden, normed=True) if training.use_prj else hidden


ADALR = AdaLR(
    name="adalr",
    trained="trained to decide after each thought whether to think on (adaptive latent reasoning)",
    layout=Layout(
        prefixes=("_base_model.",),
        training_only=(),
        own=_FILTER.names,
        adapters=False,
        pickles=(),
    ),
    # The folder's config counts them already.
    added_ids=0,
    revision=1,
    # As for CODI, whose data and answers these are.
    max_new_tokens=64,
    knows=("use_prj", "add_latent_to_end", "stop_head", "answer_prompt"),
    # use_prj and add_latent_to_end stand in config.json.
    required=("num_latent",),
    states=(_CONFIG,),
    example={"family": "adalr", "num_latent": 32},
    published={},
    answer_forms=None,
    # The official batches are masked rightly: an answer is what it is alone.
    writes=ONE_WAY,
    as_published=AsPublished(batch=1, first_token_ends=True),
)
