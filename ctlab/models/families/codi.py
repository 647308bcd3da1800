"""CODI (Shen et al. 2025, arXiv 2502.21074): a thought is a learned projection of the hidden state before it.

SIM-CoT's CODI-shaped releases (Wei et al. 2025) are read the same way: what they add is needed in training only.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.audit import audit
from ctlab.models.families.base import Family, Layout, Markers, Published
from ctlab.models.families.training_settings import TrainingSettings

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase


class Codi(Family):
    """Rules of CODI checkpoints."""

    def check(self, training: TrainingSettings) -> None:
        """Refuse a projection without its width."""
        if training.use_prj and training.prj_dim is None:
            raise CheckpointError("use_prj is true, so prj_dim is needed: the width of the projection's inner layer")

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
        return Markers(begin=begin, end=end, pad=pad, eos=eos, logits_considered=rows - 1)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """All of the projection is used."""
        return {}

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """Linear, GELU, Linear and LayerNorm, called ``prj`` in the official code."""
        if not training.use_prj:
            if own:
                raise CheckpointError(f"the checkpoint holds {min(own)}, but the settings say use_prj false")
            return None
        import torch
        from torch import nn

        inner = training.prj_dim or 0
        with torch.device("meta"):  # the checkpoint's tensors take these places, whatever size the settings claim
            # The official module starts with a dropout, hence the names prj.1 and prj.3.
            layers = nn.Sequential(nn.Dropout(0.0), nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width))
            if not training.prj_no_ln:
                layers.add_module("ln", nn.LayerNorm(width))
        audit(
            own,
            {f"prj.{name}": tensor for name, tensor in layers.state_dict().items()},
            of="the projection (use_prj, prj_no_ln)",
            needs=f"prj_dim = {inner} needs",
            remedy="; correct prj_dim or the base",
        )
        layers.load_state_dict({name.removeprefix("prj."): tensor for name, tensor in own.items()}, assign=True)
        return layers

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The same in products and sums; x Φ(x) is the GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415)."""
        if not training.use_prj:
            return hidden
        x = hidden @ own["1.weight"].T + own["1.bias"]
        x = x * (1 + (x / 2**0.5).erf()) / 2
        x = x @ own["3.weight"].T + own["3.bias"]
        if training.prj_no_ln:
            return x
        x = x - x.mean(-1, keepdim=True)
        # 1e-5 is the epsilon of torch's LayerNorm, which the official code leaves as it is.
        return x / (x.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * own["ln.weight"] + own["ln.bias"]


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
        own=tuple(f"prj.{layer}.{kind}" for layer in ("1", "3", "ln") for kind in ("weight", "bias")),
        adapters=True,
        pickles=("pytorch_model.bin",),
    ),
    added_ids=3,
    # The longest of 1,000 recorded answers of CODI-Llama to GSM8K has 22 characters, and 73 with five thoughts zeroed;
    # the official evaluation's 256 tokens would only be spent on answers that never end.
    max_new_tokens=64,
    # lora_alpha is asked for where lora_r is not 0, prj_dim where use_prj is true.
    required=("num_latent", "use_prj", "remove_eos", "lora_r"),
    example=_SETTINGS,
    # What follows the thoughts is the training data's choice, not the method's.
    answer_forms=None,
    # The accuracies of the paper's table 1.
    published={
        "zen-E/CODI-gpt2": Published(settings=_SETTINGS, accuracy=0.437, problems="gsm8k"),
        "zen-E/CODI-llama3.2-1b-Instruct": Published(
            settings={**_SETTINGS, "prj_dim": 2048, "base": "meta-llama/Llama-3.2-1B-Instruct"},
            accuracy=0.556,
            problems="gsm8k",
        ),
    },
)
