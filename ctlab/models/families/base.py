"""What a family of latent-reasoning checkpoints says about itself; nothing in this file decides for one.

A family is one file beside this one: an instance of a subclass, its data in the fields and its rules in the methods. It
imports torch inside its methods only, because settings are read and models are identified without torch.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ctlab.models.families.training_settings import TrainingSettings
from ctlab.models.families.written_task import Writes
from ctlab.models.thought_program import ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase


PUBLISHED_BATCH = 128
"""Batch size of the official evaluation that pads, which takes problems in file order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a family's checkpoints keep what, by the names of tensors and files."""

    prefixes: tuple[str, ...]
    """What stands before the base model's own tensor names; a prefix of another one comes after it."""
    training_only: tuple[str, ...]
    """How the names of tensors begin that only training needed."""
    own: tuple[str, ...]
    """Names of the tensors that a checkpoint may hold beside the base model's."""
    adapters: bool
    """Whether base weights may come with LoRA adapters, named as peft names them."""
    pickles: tuple[str, ...]
    """What the official code calls the pickles it saves, as glob patterns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """Ids that frame the thoughts and end the answer."""

    begin: tuple[int, ...]
    """Between question and thoughts."""
    end: tuple[int, ...]
    """Between thoughts and answer."""
    pad: int
    """Fills up questions of a batch."""
    eos: int
    """Ends an answer."""
    logits_considered: int
    """Number of leading logits over which the arg-max is taken."""
    latent: int | None
    """The placeholder that training writes where thoughts stand; None where there is none."""
    embedded_as: Mapping[int, int] = field(default_factory=dict)
    """Ids of an answer that are fed by another id's embedding, with that id; in most families there are none."""
    stop_head: tuple[int, int] | None = None
    """Ids that say whether thinking goes on or stops, in this order; None in a family without a stop head."""
    unwritable: tuple[int, ...] = ()
    """Ids that no answer can hold, however large their logits; in most families there are none."""


Positions = Literal["columns", "tokens", "columns-then-tokens"]
"""How positions are counted in a batch that is padded on the left: by column, padding included; by token, padding left
out; or by column up to the answer and by token in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a file of a checkpoint's own states of a setting, or of an id around the thoughts."""

    value: Any
    """In the form of the setting."""
    file: str
    """Name of the file."""
    key: str
    """What the file calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsPublished:
    """What the official evaluation does and a default run does not: what ``as-published`` stands for."""

    batch: int
    """Problems that are answered together, in file order and padded on the left; 1: each alone, so that nothing is
    padded and answers are those of exact padding."""
    first_token_ends: bool
    """Whether an end-of-sequence token ends an answer that begins with it; if not, it is kept and the answer goes on,
    to the next one or to its longest."""
    passes_alone: bool = False
    """Whether, of all that comes after begin, only passes over the thoughts after the first read padding: the official
    code hands no mask to those, and one to the rest."""
    positions: Mapping[str, Positions] = field(default_factory=lambda: {"": "columns"})
    """How positions are counted where several problems are answered together, by the kind of base (its model_type);
    the empty name stands for any other."""

    def positions_of(self, base: str) -> Positions:
        """How positions are counted on a kind of base."""
        return self.positions.get(base, self.positions[""])

    @property
    def words(self) -> str:
        """What is done so, in a clause."""
        readers = "passes over the thoughts after the first" if self.passes_alone else "thoughts and answers"
        read = f"{readers} attend to padding, so answers depend on batches"
        said = [read if self.batch > 1 else "each problem is answered alone"]
        if not self.first_token_ends:
            said.append("an answer that begins with the end token goes on")
        return "; ".join(said)

    def __post_init__(self) -> None:
        # Several devices get whole official batches, whatever the family (`engine.multi_device`).
        if self.batch < 1 or PUBLISHED_BATCH % self.batch:
            raise ValueError(f"an official batch must divide {PUBLISHED_BATCH}, not {self.batch}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A checkpoint on the hub that needs no ctlab.json."""

    settings: Mapping[str, Any]
    """Its settings, ``base`` included."""
    in_files: tuple[str, ...]
    """Names of settings that its own files state (`Family.stated`), and nobody here."""
    repository: str
    """Hub id that its files are fetched from."""
    folder: str
    """Folder of the repository that holds them; empty for its root."""
    accuracy: float | None
    """Published accuracy, a proportion; None where none is known."""
    problems: str
    """Problem set of the published accuracy."""
    source: str
    """Where that accuracy stands."""
    licence: str
    """Licence of the weights, and where it is said; empty where that is not known."""
    note: str
    """What a user should know beside it, such as what others measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(ABC):
    """One way to train a model to think in vectors, as far as loading and running its checkpoints must know."""

    name: str
    """What ``family`` says in the settings."""
    trained: str
    """How its models are trained, in words that end a sentence about one ("The model is tiny, …")."""
    layout: Layout
    """Where its checkpoints keep what."""
    states: tuple[str, ...]
    """JSON files beside the weights that state settings; () where official code writes none."""
    added_ids: int
    """Ids that training adds to the base model's vocabulary."""
    revision: int
    """Raised by a change after which its checkpoints are asked or read otherwise; above 1 it is part of their digests,
    so that answers to what was asked before are never taken for today's."""
    max_new_tokens: int
    """Answer tokens that are enough for a problem."""
    knows: tuple[str, ...]
    """Training settings that decide something in it, beside family and num_latent; others must be left out."""
    required: tuple[str, ...]
    """Settings that a checkpoint must state, because a wrong guess would load and answer wrongly."""
    example: Mapping[str, Any]
    """Settings to show to a person who has to write some."""
    published: Mapping[str, Published]
    """Hub id to what its authors published."""
    answer_forms: tuple[str, ...] | None
    """Forms of its answers, each number as N; None where they are learned from a checkpoint's undisturbed answers."""
    as_published: AsPublished
    """What its official evaluation does otherwise than a default run."""
    writes: Writes | str
    """How its models are also taught to think without thoughts; or why they cannot be asked to, behind its name."""

    @abstractmethod
    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Say what its files state, by the names of settings, and of `Markers` (``begin``, ``latent``).

        ``files`` are those of `states` that exist. Settings that nobody says are taken from there, and others than
        there are refused; ids are held against `markers`. Refuses what is not done here (CheckpointError).
        """

    @abstractmethod
    def check(self, training: TrainingSettings) -> None:
        """Refuse settings that no checkpoint of the family can have (CheckpointError)."""

    @abstractmethod
    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Say what its thoughts are fed, in which order they are computed, and when thinking is over."""

    @abstractmethod
    def prompt(self, question: str) -> str:
        """Write a question as the model is asked it; the settings' suffix comes after it."""

    @abstractmethod
    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """Rows that the input embedding can have, over a base vocabulary and a tokenizer of ``tokens`` entries."""

    @abstractmethod
    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """Derive the ids around the thoughts for an input embedding of ``rows`` rows."""

    @abstractmethod
    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """Name the tensors of its own that inference leaves out, with the reason; refuse one that it must not.

        ``embedding`` is the base model's input embedding (rows, D).
        """

    @abstractmethod
    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """Build what makes the next thought's embedding (B, D) of last hidden states (B, D); None: the identity.

        ``own`` holds what is left of its own tensors, ``width`` is D.
        """

    @abstractmethod
    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """Work out once more what `projection` makes of last hidden states (N, D): the certificate's own formula.

        ``own`` holds the weights of the module that `projection` built, by the module's names; the settings alone say
        whether there must be any. Written apart from it, or a slip in the module would prove itself.
        """
