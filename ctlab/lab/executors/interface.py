"""Who answers: what the lab asks of an engine, whether it runs here or somewhere else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ctlab.errors import CtlabError
from ctlab.interventions import Condition
from ctlab.records import Certificate, Check, Decoding, Generation, Measurement, Provenance, RunKey
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.lab.executors.shards import Answered, Job, Shard
    from ctlab.problems import Problem
    from ctlab.problems.answer_texts import AnswerTexts
    from ctlab.records.scores import Scores


class EngineError(CtlabError):
    """The model cannot be used at all, so that no claim can be judged."""


class Engine(Protocol):
    """Answers problems under conditions. A suite can bring its own through ``pytest_ctlab_engine``."""

    @property
    def digest(self) -> str:
        """Digest of everything about the model that can change an answer."""

    def card(self) -> dict[str, Any]:
        """Describe the model for the report: id, digest, family, training, size, thoughts, settings.

        ``max_new_tokens`` is its own limit of answer tokens; where it is not there, that of `Decoding` holds.
        """

    def certify(self, problems: "Sequence[Problem]", conditions: Sequence[Condition]) -> Mapping[str, Certificate]:
        """Prove, on a few of the problems, that each condition does what its data says."""

    def batches(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        among: "Sequence[Problem] | None" = None,
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Answer every problem under every condition, a finished batch at a time.

        A batch is an `AuditedBatch` where the engine can say what was found of its rows; claims about answers that
        nobody audited are flagged.

        ``among`` is the whole problem set, of which ``problems`` are those still to be answered; it is given where a
        condition draws on other problems.
        """


@runtime_checkable
class MeasuringEngine(Engine, Protocol):
    """An engine that also watches attention and hidden states while it answers."""

    def certify_probes(
        self, problems: "Sequence[Problem]", conditions: Sequence[Condition]
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove, on a few of the problems, that what is measured under each condition is what is there."""

    def measure(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        progress: "Callable[[int, int], None] | None" = None,
        keep_states: Path | None = None,
    ) -> Mapping[str, Measurement]:
        """Answer every problem under every condition under watch; the first condition is baseline."""


@runtime_checkable
class ScoringEngine(Engine, Protocol):
    """An engine that also says how probable given answers are."""

    def certify_scores(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        given: "Sequence[AnswerTexts]",
        *,
        at: Sequence[str],
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove, on a few of the problems, that scores are what one forward pass over each answer gives."""

    def score(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        given: "Sequence[AnswerTexts]",
        *,
        at: Sequence[str],
        progress: "Callable[[int, int], None] | None" = None,
    ) -> "Mapping[str, Scores]":
        """Score each problem's given answers under every condition; ``at`` names places as `ctlab.score` does."""


@runtime_checkable
class TraceableEngine(Engine, Protocol):
    """An engine that says where it answers; of the answers of any other it is noted that this was not recorded."""

    @property
    def environment(self) -> str:
        """Kind of device and of attention, which can change a token: part of every answer's key; needs no model."""

    def provenance(self) -> Provenance:
        """Versions of the libraries, and the very device: kept beside the answers that were made now."""

    def trust(self) -> str:
        """Say on what the digest rests where the model was not loaded to check it; empty where it was."""


@runtime_checkable
class SharingEngine(Engine, Protocol):
    """An engine whose answers are made by several workers, which add them to the store themselves."""

    def workers(self) -> int:
        """How many workers there are to share shards among."""

    def words(self) -> str:
        """Say who they are, for the line that says what is generated."""

    def answer_elsewhere(self, job: "Job", shards: "Sequence[Shard]") -> "Iterator[Answered]":
        """Have every shard answered, and say of each, as it is finished, what came of it."""


@runtime_checkable
class LastingEngine(SharingEngine, Protocol):
    """One whose workers go on without the process that asked them; they certify what they answer."""

    def leaves(self) -> str:
        """Say what goes on when this process is interrupted, and how to come back; empty where nothing does."""

    def queued(self, keys: "Mapping[str, RunKey]") -> list[str]:
        """Say what is asked for already of some runs, and waits or is being answered, line by line."""


def decoding(settings: Settings, own_limit: int | None) -> Decoding:
    """The settings that can change an answer; ``own_limit`` is the model's own of answer tokens, None: not known."""
    asked = settings.max_new_tokens or own_limit
    limit = {} if asked is None else {"max_new_tokens": asked}
    # Settings checks the names against the same list; a type checker sees text.
    return Decoding(padding=settings.padding, dtype=settings.dtype, **limit)  # type: ignore[arg-type]
