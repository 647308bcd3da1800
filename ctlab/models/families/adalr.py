"""AdaLR (adaptive latent reasoning, github.com/apning/adaptive-latent-reasoning): the model decides when to stop.

Two rows of the output head, ``<|CONTINUE|>`` and ``<|STOP|>``, decide after ``<START>`` and after every thought. A
thought is the state before it, through a recurrent filter or as it is. Checkpoints are ``save_pretrained`` folders of
the official ``LatentThinkingModel`` with merged adapters, and their config.json says how they were made.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.inputs import is_text, read_json, shown
from ctlab.models.checkpoints.audit import audit
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.training_settings import TrainingSettings, check_whole
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
_FILTER = "recurrent_filter"
_LAYERS = ("input_layer", "output_layer", "norm")


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
        vocabulary: Mapping[str, int] = tokenizer.get_vocab()
        if missing := [name for name in _IDS.values() if name not in vocabulary]:
            raise CheckpointError(
                f"the checkpoint's tokenizer has no token {missing[0]!r}, whose id it must say; fetch the folder's "
                f"tokenizer files again (--ctlab-base must not name another tokenizer)"
            )
        start, end, going_on, stop = (vocabulary[name] for name in _IDS.values())
        _refuse_other_ids(Path(tokenizer.name_or_path), {key: vocabulary[name] for key, name in _IDS.items()})
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
        import torch
        from torch import nn

        if not training.use_prj:
            if own:
                raise CheckpointError(f"the checkpoint holds {min(own)}, but the settings say use_prj false")
            return None
        first = own.get(f"{_FILTER}.input_layer.weight")
        inner = width if first is None else first.shape[0]
        with torch.device("meta"):  # the checkpoint's tensors take these places
            parts: list[Module] = [nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width), nn.LayerNorm(width)]
        layers = nn.Sequential()
        for name, part in zip(("input_layer", "activation", "output_layer", "norm"), parts, strict=True):
            layers.add_module(name, part)
        audit(
            own,
            {f"{_FILTER}.{name}": tensor for name, tensor in layers.state_dict().items()},
            of="the recurrent filter (use_prj, recurrent_filter_mode in config.json)",
            needs=f"a base of width {width} needs",
            remedy="; correct use_prj or the base",
        )
        layers.load_state_dict({name.removeprefix(f"{_FILTER}."): held for name, held in own.items()}, assign=True)
        return layers

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state, or its filter in products and sums; x Φ(x) is the GELU (Hendrycks and Gimpel 2016)."""
        if not training.use_prj:
            return hidden
        x = hidden @ own["input_layer.weight"].T + own["input_layer.bias"]
        x = x * (1 + (x / 2**0.5).erf()) / 2
        x = x @ own["output_layer.weight"].T + own["output_layer.bias"]
        x = x - x.mean(-1, keepdim=True)
        # 1e-5 is the epsilon of torch's LayerNorm, which the official code leaves as it is.
        return x / (x.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * own["norm.weight"] + own["norm.bias"]


def _refuse_other_ids(folder: Path, ids: Mapping[str, int]) -> None:
    """Refuse a tokenizer that gives the tokens other ids than the config beside it: another checkpoint's would load."""
    path = folder / "config.json"
    said = read_json(path, error=CheckpointError, advice="fetch it again").get(_SAID, {}) if path.is_file() else {}
    for key, id_ in ids.items():
        if said.get(key, id_) != id_:
            raise CheckpointError(
                f"{path} says {key} {shown(said[key])}, and the tokenizer beside it gives {_IDS[key]!r} the id "
                f"{id_}: they are of two checkpoints; fetch both files again"
            )


ADALR = AdaLR(
    name="adalr",
    trained="trained to decide after each thought whether to think on (adaptive latent reasoning)",
    layout=Layout(
        prefixes=("_base_model.",),
        training_only=(),
        own=tuple(f"{_FILTER}.{layer}.{kind}" for layer in _LAYERS for kind in ("weight", "bias")),
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
    as_published=AsPublished(batch=1, first_token_ends=True),
)
