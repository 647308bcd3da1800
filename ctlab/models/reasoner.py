"""One interface for every latent-reasoning model."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn import Module
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ctlab.errors import InputError
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import AsPublished
from ctlab.models.families.written_task import WrittenTask
from ctlab.models.thought_program import ThoughtProgram
from ctlab.models.unrolled import Unrolled
from ctlab.models.weights_in_memory import fingerprint
from ctlab.records.generation import DTYPES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LatentReasoner:
    """A language model that thinks in vectors: question | begin | CT0 … | end | answer."""

    name: str
    """What the user called it."""
    digest: str
    """Digest of weights, base files and settings."""
    settings: CheckpointSettings
    """How it was trained."""
    tokenizer: PreTrainedTokenizerBase = field(repr=False)
    """The base model's tokenizer, without the added ids."""
    network: PreTrainedModel = field(repr=False)
    """Causal language model, adapters merged, in evaluation mode."""
    projection: Module | None = field(repr=False)
    """Hidden state to the next thought's embedding; None: the identity."""
    begin_ids: tuple[int, ...]
    """Ids between question and thoughts."""
    end_ids: tuple[int, ...]
    """Ids between thoughts and answer."""
    pad_id: int
    """Id that fills up questions of a batch."""
    eos_token_id: int
    """Id that ends an answer."""
    logits_considered: int
    """Number of leading logits over which the arg-max is taken."""
    latent_id: int | None = None
    """Id of the placeholder that training writes where thoughts stand; None where there is none."""
    embedded_as: Mapping[int, int] = field(default_factory=dict, repr=False)
    """Ids of an answer that are fed by another id's embedding, with that id."""
    stop_head: tuple[int, int] | None = None
    """Ids that say whether thinking goes on or stops, in this order; None where it is over after a fixed number."""
    unwritable: tuple[int, ...] = ()
    """Ids that no answer can hold, however large their logits."""
    thinking: str = "latent"
    """How it is asked to think: in thoughts, or as `sibling.sibling` makes of it."""
    task: WrittenTask | None = None
    """What it writes in place of thoughts; None where it is asked to think in these."""
    unused: dict[str, str] = field(default_factory=dict, repr=False)
    """Tensors of the checkpoint that are deliberately not used, and why."""
    as_loaded: str = field(default="", repr=False)
    """Fingerprint of the weights that `digest` is of, in this type; empty where nobody took one."""

    @property
    def program(self) -> ThoughtProgram:
        """How it thinks: what each thought is fed, in which order thoughts are computed, when thinking is over."""
        if self.task is not None:
            return ThoughtProgram(slots=())
        return FAMILIES[self.settings.family].program(self.settings)

    @property
    def as_published(self) -> AsPublished:
        """What the official evaluation of its family does otherwise than a default run."""
        return FAMILIES[self.settings.family].as_published

    @property
    def num_thoughts(self) -> int:
        """Thoughts fed at inference; the most of them where the model decides itself when to stop."""
        return self.program.thoughts

    @property
    def ends(self) -> int:
        """How many eos ids end what it writes: one, and those that it was taught to write after its steps."""
        return 1 + (self.task.between.count(self.eos_token_id) if self.task and self.thinking == "explicit" else 0)

    @property
    def num_layers(self) -> int:
        """Layers of the network."""
        return int(self.network.config.num_hidden_layers)

    @property
    def unrolled(self) -> Unrolled | None:
        """Where its layers stand, if it loops through a part of its network; None where each is passed once."""
        unrolled: Unrolled | None = getattr(self.network.config, "unrolled", None)
        return unrolled

    @property
    def num_heads(self) -> int:
        """Query heads of each layer."""
        return int(self.network.config.num_attention_heads)

    @property
    def max_new_tokens(self) -> int:
        """Most answer tokens a problem unless a run says otherwise."""
        return self.settings.answer_limit

    @property
    def device(self) -> torch.device:
        """Where the network computes."""
        return torch.device(self.network.device)

    @property
    def dtype(self) -> torch.dtype:
        """Floating-point type of weights and activations."""
        return torch.empty(0, dtype=self.network.dtype).dtype  # transformers leaves its own property without a type

    def encode(self, question: str) -> list[int]:
        """Token ids of a question, the tokenizer's own special tokens included."""
        return self.encode_all([question])[0]

    def encode_all(self, questions: Sequence[str]) -> list[list[int]]:
        """Token ids of each question."""
        family, suffix = FAMILIES[self.settings.family], self.settings.question_suffix
        texts = [family.prompt(question) + suffix for question in questions]
        ids: list[list[int]] = self.tokenizer(texts)["input_ids"] if texts else []
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Text of answer ids, without special tokens."""
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True))

    def cast(self, dtype: str) -> "LatentReasoner":
        """Return a copy that computes in another floating-point type; itself where nothing changes."""
        if dtype not in DTYPES:
            raise InputError(f"dtype must be one of {', '.join(DTYPES)}; not {dtype!r}")
        precision: torch.dtype = getattr(torch, dtype)
        if precision == self.dtype:
            return self
        network, projection = copy.deepcopy((self.network, self.projection))
        for module in (network, projection):
            for parameter in module.parameters() if module is not None else ():
                # Parameters only: rotary frequencies are constants and stay in float32.
                parameter.data = parameter.data.to(precision)
        # A copy of edited weights stays one: only of those that were loaded the fingerprint is taken anew.
        intact = bool(self.as_loaded) and self.as_loaded == self.fingerprint()
        taken = fingerprint((network, projection)) if intact else self.as_loaded
        return replace(self, network=network, projection=projection, as_loaded=taken)

    def fingerprint(self) -> str:
        """Fingerprint of the weights as they are now."""
        return fingerprint((self.network, self.projection))

    def project(self, hidden: Tensor) -> Tensor:
        """Turn last hidden states (B, D) into the embeddings (B, D) of the thoughts that follow."""
        return hidden if self.projection is None else torch.as_tensor(self.projection(hidden))
