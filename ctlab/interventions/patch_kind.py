"""What a way to disturb a thought is made of, and what engine, certificate and reports ask of it."""

from abc import ABC, abstractmethod
from enum import Enum
from typing import Any, ClassVar, NamedTuple

Vector = Any
"""Array or tensor (…, D), float64; or a number, for a vector that holds it everywhere."""


class Run(Enum):
    """Which run of the model a vector comes from."""

    THIS = "the run that is patched"
    UNDISTURBED = "the same problem's run without interventions"
    OTHERS = "runs of the problem set without interventions"


class Source(Enum):
    """A vector (D,) that a way can be made of, for one thought of one problem.

    A new one is worked out in two places, which share no code: the engine and the certificate.
    """

    PROJECTED = ("what the model made of the thought: the projection of the state before it", Run.THIS, False)
    DECODED = ("the embedding of the token that the thought decodes to", Run.THIS, False)
    DIRECTION = ("a direction, all alike probable, drawn for problem, thought and seed; of norm 1", None, True)
    UNDISTURBED = ("the same thought", Run.UNDISTURBED, False)
    RESAMPLED = ("the same thought of another problem; the seed decides of which", Run.OTHERS, True)
    MEAN = ("the mean of this thought over all problems of the set, this one included", Run.OTHERS, False)
    OTHER_RESULT = ("the same thought of a donor whose result of a step is another", Run.OTHERS, True, True)
    SAME_RESULT = ("the same thought of a donor that has that result alone in common", Run.OTHERS, True, True)
    FACTOR = ("the factor that the condition says", None, False)
    DIFFERENCE = ("a contrast's difference of means of this thought over the other half", Run.OTHERS, True)
    HALF_MEAN = ("the mean of this thought over the half of the problems that this one is not in", Run.OTHERS, True)
    WITHIN_COMPONENTS = (
        "what of PROJECTED, counted from HALF_MEAN, lies along the first principal components of that half's thoughts",
        Run.OTHERS,
        True,
    )
    WITHIN_RANDOM = (
        "what of PROJECTED, counted from HALF_MEAN, lies in dimensions drawn for problem, thought and seed",
        Run.OTHERS,
        True,
    )
    GIVEN = ("the one direction of a file, of norm 1", None, False)
    GIVEN_CENTRE = ("the centre of a file's subspace", None, False)
    WITHIN_GIVEN = ("what of PROJECTED, counted from GIVEN_CENTRE, lies in a file's subspace", Run.THIS, False)

    def __init__(self, meaning: str, run: Run | None, seeded: bool, matched: bool = False) -> None:
        self.meaning = meaning
        self.run = run
        """Where it comes from; None: it is drawn, whatever is run."""
        self.seeded = seeded
        """Whether a seed decides it."""
        self.matched = matched
        """Whether it is a donor's (`interventions.donors`): then a step decides it, and some problems have none."""


AT_A_LAYER = frozenset(
    {
        Source.PROJECTED,
        Source.UNDISTURBED,
        Source.RESAMPLED,
        Source.MEAN,
        Source.OTHER_RESULT,
        Source.SAME_RESULT,
    }
)
"""What there is at a layer too, in place of the thought's embedding: that of another run, or what this one made."""


class Words(NamedTuple):
    """How reports speak of a way."""

    one: str
    """Predicate for one thought."""
    several: str
    """Predicate for several thoughts."""
    mark: str
    """One character for pictures; no two ways have the same."""
    meaning: str
    """What the mark stands for, in a legend."""


class PatchKind(ABC):
    """A way to disturb a thought; it holds no state."""

    by: ClassVar[str]
    """Its name in conditions."""
    sources: ClassVar[tuple[Source, ...]]
    """The vectors that its formulas take, in order."""
    exact: ClassVar[bool]
    """Whether the certificate asks for the same bits, as of a copy; else for one rounding."""
    words: ClassVar[Words]
    """How reports speak of it."""
    neutral: ClassVar[float | None] = None
    """The factor at which it changes nothing, of a way that has one."""

    @staticmethod
    @abstractmethod
    def vector(*sources: Any, **unused: Any) -> Vector:
        """What the engine feeds, of rows of its sources: each (R, D)."""

    @staticmethod
    @abstractmethod
    def expected(*sources: Any, **unused: Any) -> Vector:
        """What the certificate expects, of one problem's sources: each (D,). Written apart from `vector`.

        If the certificate took `vector`, a mistake in that formula would prove itself.
        """

    @property
    def seeded(self) -> bool:
        """Whether a seed belongs to it."""
        return any(source.seeded for source in self.sources)

    @property
    def matched(self) -> bool:
        """Whether it feeds a donor's thought, so that a step belongs to it and problems without a donor are left."""
        return any(source.matched for source in self.sources)

    @property
    def needs_problem_set(self) -> bool:
        """Whether it depends on which other problems there are."""
        return any(source.run is Run.OTHERS for source in self.sources)

    @property
    def needs_undisturbed_run(self) -> bool:
        """Whether the problem's undisturbed run must be computed beside its own."""
        return any(source.run is Run.UNDISTURBED for source in self.sources)

    @property
    def works_at_a_layer(self) -> bool:
        """Whether it can replace what a layer holds at a thought's position (`layer_place`)."""
        return AT_A_LAYER.issuperset(self.sources)

    @property
    def restores(self) -> bool:
        """Whether it feeds what the undisturbed run was fed, so that it changes nothing where nothing is disturbed."""
        return False
