"""What a model's continuous thoughts are made of: slots, each with a source; a schedule; and a stop rule.

A sequence is ``question | begin | slot 0 … slot n-1 | end | answer``, and CTk is slot k. The network passes over a slot
once or several times, so that what it computes there has the *address* (slot, pass, layer); slots, passes and layers
count from 0. Interventions, probes and certificates speak of addresses and of nothing that a family alone has.

What may stand in a program is what the engine runs: the classes below and no others, and `ThoughtProgram` refuses the
rest. docs/adding/family.md names what has no class yet (a mixture over the vocabulary, a sampled policy, a stop token,
a threshold of entropy), and what each would take.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown


@dataclass(frozen=True, slots=True)
class HiddenState:
    """The last hidden state, after the final norm, of the position before the slot.

    That position's only state where slots are computed one after another; that of the pass before under `Jacobi`.
    """

    projected: bool = False
    """Whether `Family.projection` turns it into the embedding that is fed; else it is fed as it is."""


@dataclass(frozen=True, slots=True)
class LearnedEmbedding:
    """A vector that training has left, whatever was computed before it: `Family.projection` holds it."""


@dataclass(frozen=True, slots=True)
class LatentToken:
    """The input embedding of an ordinary token, the placeholder that training added: `Markers.latent` is its id."""


@dataclass(frozen=True, slots=True)
class OneAfterAnother:
    """Each slot is computed when all before it are; one pass over each."""


@dataclass(frozen=True, slots=True)
class AllAtOnce:
    """All slots are computed together in one pass, so that none can be fed what another gave."""


@dataclass(frozen=True, slots=True)
class Jacobi:
    """All slots are computed together, again and again: each pass feeds every slot the state that the last one left.

    Jacobi's iteration of the equation that `OneAfterAnother` solves (Wu et al. 2025, arXiv 2506.18582). Pass 0
    feeds `start`. After ``passes`` passes the first ``passes`` slots are those of `OneAfterAnother`. What later
    positions read of the slots, keys and values, is the last pass's.
    """

    passes: int
    """Passes after pass 0, at least 1."""
    start: LatentToken = field(default_factory=LatentToken)
    """What pass 0 feeds every slot."""

    def __post_init__(self) -> None:
        if not isinstance(self.passes, int) or isinstance(self.passes, bool) or self.passes < 1:
            raise CheckpointError(
                f"the passes of a Jacobi schedule are a whole number from 1, not {shown(self.passes)}"
            )


@dataclass(frozen=True, slots=True)
class Loop:
    """No slots: every token passes ``steps`` times through the network's core, between its prelude and its coda.

    (Geiping et al. 2025, arXiv 2502.05171.) What is computed has the address (token, step, layer); `models.unrolled`
    says which layer of the whole network that is.
    """

    steps: int
    """Passes through the core, at least 1."""
    init_scale: float = 0.0
    """Spread of the state before the first step, in the official code's measure; 0: it is zeros."""
    init_seed: int | None = None
    """Which draw it is, where it is not zeros."""

    def __post_init__(self) -> None:
        if not isinstance(self.steps, int) or isinstance(self.steps, bool) or self.steps < 1:
            raise CheckpointError(f"the steps of a loop are a whole number from 1, not {shown(self.steps)}")
        if (self.init_seed is None) != (self.init_scale == 0):
            raise CheckpointError("a loop that begins with a drawn state needs its seed, and one with zeros has none")


@dataclass(frozen=True, slots=True)
class EverySlot:
    """Thinking is over after the last slot: the number of thoughts is the same for every question."""


@dataclass(frozen=True, slots=True)
class StopHead:
    """Thinking is over where the model says so: after begin and after each thought the larger of two logits decides.

    `Markers.stop_head` names the two ids. The slots are the most thoughts that a question can have, from none on; one
    that would go on after the last slot has no answer. CTk is then a thought that some questions have.
    """

    asked: bool = True
    """False: nobody asks, and every question thinks all slots; what follows the thoughts is as if it had stopped."""
    state_in_end: bool = False
    """Whether the first id of end is fed as its embedding plus what a thought would have been there."""


Source = HiddenState | LearnedEmbedding | LatentToken
Schedule = OneAfterAnother | AllAtOnce | Jacobi | Loop
StopRule = EverySlot | StopHead

SOURCES: tuple[type, ...] = (HiddenState, LearnedEmbedding, LatentToken)
"""What a slot can be fed."""
SCHEDULES: tuple[type, ...] = (OneAfterAnother, AllAtOnce, Jacobi, Loop)
"""In which order slots are computed."""
STOP_RULES: tuple[type, ...] = (EverySlot, StopHead)
"""When thinking is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThoughtProgram:
    """How a model thinks, as data; `Family.program` makes one of a checkpoint's settings."""

    slots: tuple[Source, ...]
    """What each slot is fed; none for a model that writes its steps down."""
    schedule: Schedule = field(default_factory=OneAfterAnother)
    """In which order the slots are computed."""
    stop: StopRule = field(default_factory=EverySlot)
    """When thinking is over."""

    def __post_init__(self) -> None:
        for source in self.slots:
            _refuse_unknown("a slot's source", source, SOURCES)
        _refuse_unknown("the schedule of a thought program", self.schedule, SCHEDULES)
        _refuse_unknown("the stop rule of a thought program", self.stop, STOP_RULES)
        states = [isinstance(source, HiddenState) for source in self.slots]
        if isinstance(self.schedule, AllAtOnce) and any(states):
            raise CheckpointError(
                "a slot that is fed a hidden state cannot be computed together with the slot before it, whose state "
                "that is; the schedule is OneAfterAnother, or Jacobi, which takes the state of the pass before"
            )
        if isinstance(self.schedule, Jacobi) and not all(states):
            raise CheckpointError("a Jacobi schedule feeds every slot a hidden state; what is fixed needs no passes")
        one_by_one = isinstance(self.schedule, OneAfterAnother) and any(states) and all(states)
        if isinstance(self.stop, StopHead) and not one_by_one:
            raise CheckpointError(
                "a stop head decides after each thought, so that slots, at least one, are computed OneAfterAnother and "
                "fed a hidden state"
            )
        if isinstance(self.schedule, Loop) and self.slots:
            raise CheckpointError("a loop thinks in the depth of every token and has no slots; leave them out")

    @property
    def stops_itself(self) -> bool:
        """Whether the model decides how many thoughts a question has."""
        return isinstance(self.stop, StopHead) and self.stop.asked

    @property
    def thoughts(self) -> int:
        """Number of slots: thoughts that the model feeds."""
        return len(self.slots)

    @property
    def fixed(self) -> tuple[int, ...]:
        """Slots that every run feeds one and the same vector, whatever the question."""
        if isinstance(self.schedule, Jacobi):
            return ()
        return tuple(k for k, source in enumerate(self.slots) if isinstance(source, LearnedEmbedding | LatentToken))

    @property
    def loop(self) -> Loop | None:
        """How every token loops through the network's core; None where none does."""
        return self.schedule if isinstance(self.schedule, Loop) else None

    @property
    def passes(self) -> int:
        """Passes over each slot, pass 0 included."""
        return 1 + self.schedule.passes if isinstance(self.schedule, Jacobi) else 1


def _refuse_unknown(what: str, value: Any, known: Sequence[type]) -> None:
    if type(value) not in known:
        names = ", ".join(each.__name__ for each in known)
        raise CheckpointError(
            f"{what} is one of {names}; not {type(value).__name__}: docs/adding/family.md says what another would take"
        )
