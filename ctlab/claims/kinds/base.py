"""What a kind of claim says of itself: everything that another kind would do otherwise."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NamedTuple, Protocol, assert_never

from ctlab.claims.decision import fails_throughout, holds_throughout, untested_cells
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.errors import ClaimError
from ctlab.records.effect import Effect
from ctlab.statistics.requested import ClaimFields

Pair = tuple[str, str]
"""Names of two conditions, the reference first."""
Start = tuple[str, Direction]
"""Name of a condition, and the direction in which its outcome's rate would move."""
Known = Literal["discordance", "rate", "spread"]
"""What a plan may know of a sample, as `Sample` names it."""


class Takes(Enum):
    """What a statistic is given."""

    EVERY_RUN = "a run of each of the claim's conditions, in their order"
    TREATED_RUNS = "the same without the first condition: a reference that cancels"
    MEASUREMENTS = "numbers, which do not say where they are from"


class Call(NamedTuple):
    """A statistic by its public name, and what it is given besides the claim."""

    statistic: str
    """Public name, in `ctlab.statistics`."""
    before: tuple[Any, ...]
    """Arguments before the claim."""
    options: Mapping[str, Any] = {}
    """Arguments by name."""


class ClaimData(ClaimFields, Protocol):
    """What a kind reads besides: the side that a claim takes, and by how much."""

    @property
    def direction(self) -> Direction:
        """Which side it takes."""

    @property
    def margin(self) -> float:
        """Smallest effect of interest, or equivalence margin, in the unit of the effect."""


@dataclass(frozen=True, slots=True)
class ClaimKind(ABC):
    """One kind of claim: how it is measured, planned, decided and spoken of.

    What is abstract has no default, because a default would decide for a kind that nobody thought of.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What people type: the value of its `Kind`."""

    @property
    @abstractmethod
    def by_p_alone(self) -> bool:
        """Whether a change is decided by p alone.

        True of a test of a whole vector: its interval describes a size, and a size is never below 0.
        """

    @property
    @abstractmethod
    def statistics(self) -> tuple[str, ...]:
        """Public names of the statistics that answer it; none where the effect is the test's own."""

    @property
    @abstractmethod
    def takes(self) -> Takes:
        """What its statistic takes."""

    @property
    @abstractmethod
    def plans_with(self) -> tuple[Known, ...]:
        """What of a sample its plan rests on or shows."""

    @property
    def adjusts(self) -> bool:
        """Whether its statistic can hold features fixed."""
        return False

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Sides that a claim of this kind can take: those of a test of one side or of both."""
        return (Direction.INCREASE, Direction.DECREASE, Direction.CHANGE)

    @property
    def implied(self) -> Direction | None:
        """The side that its name says already, so that a claim need not; None where it says none."""
        return self.directions[0] if len(self.directions) == 1 else None

    @property
    def sizes(self) -> tuple[int, int | None]:
        """How many conditions a claim of this kind names at least, and at most; None for any number."""
        return (1, None)

    @property
    def margin_is_proportion(self) -> bool:
        """Whether its margin is a part of the problems, and so below 1; a measurement has a unit of its own."""
        return self.takes is not Takes.MEASUREMENTS

    @abstractmethod
    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return the pairs of conditions whose discordance a pilot counts."""

    @abstractmethod
    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what it finds with 80 % power in a sample of at least 50 problems, before there are data."""

    @abstractmethod
    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return the two conditions that the effect's lost and gained problems compare; None where there are none."""

    @abstractmethod
    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return what the estimate is."""

    @abstractmethod
    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the null hypothesis in words, with the conditions that are compared."""

    @abstractmethod
    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the runs that the claim starts from, each with the direction in which its outcome's rate would move.

        Where such a rate lies at its floor or ceiling there is no room, and nothing is decided (`ctlab.claims.room`).
        """

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return what must be said beside what decided, in whole sentences; empty where nothing must."""
        return ""

    def taken(self, claim: ClaimData) -> tuple[str, ...]:
        """Return the conditions whose runs its statistic takes, in order."""
        match self.takes:
            case Takes.EVERY_RUN:
                return claim.conditions
            case Takes.TREATED_RUNS:
                return claim.conditions[1:]
            case Takes.MEASUREMENTS:
                return ()
            case other:
                assert_never(other)

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return how its statistic is called with what the claim names.

        Parameters
        ----------
        claim : Claim
            What is asked.
        runs : sequence of Run
            A run of each of the claim's conditions that its statistic takes, in order (`taken`).
        given : sequence
            What a test measured; empty for a kind that compares runs.
        """
        if self.takes == Takes.MEASUREMENTS:
            return Call(self.statistics[0], tuple(given))
        return Call(self.statistics[0], tuple(runs), {"outcome": claim.outcome})

    def check_given(self, claim: ClaimData, given: Sequence[Any]) -> None:
        """Raise ClaimError where a test measured what its claim does not ask for, or nothing where it must."""
        if bool(given) == (self.takes == Takes.MEASUREMENTS):
            return
        named = f"Claim {claim.id!r} is of the kind {self.name!r}"
        if given:
            raise ClaimError(f"{named}, which compares runs of its own conditions; write claim.effect().")
        raise ClaimError(f"{named}, which is about numbers that a test measures; write claim.effect(numbers).")

    def check(self, claim: ClaimData) -> None:  # noqa: B027 - most kinds refuse nothing of their own
        """Refuse a claim of this kind that no test could judge, by a RegistryError."""

    def alternative(self, claim: ClaimData) -> str:
        """Return the alternative that its effect must have been tested for."""
        return claim.direction.alternative

    def level(self, claim: ClaimData, alpha: float) -> float:
        """Return the level that its interval needs to say what p says: α is left out on one side, or shared by both."""
        by_p_alone = self.by_p_alone and not claim.margin
        both_sides = self.alternative(claim) == "two-sided" and not by_p_alone
        return 1.0 - (alpha if both_sides else 2.0 * alpha)

    def supports(self, effect: Effect, alpha: float) -> bool:
        """Return whether the null hypothesis is rejected and, unless p alone decides, the interval says the same."""
        if effect.p_value > alpha:
            return False
        return holds_throughout(effect) or (self.by_p_alone and effect.alternative == "two-sided")

    def refutes(self, effect: Effect) -> bool:
        """Return whether the interval that refutes lies wholly where the claim is false, and no cell is untested."""
        return not untested_cells(effect) and fails_throughout(effect, effect.refuting or (effect.low, effect.high))

    def pilot_discordance(self, shares: Sequence[float]) -> float:
        """Return what a pilot's pairs say together: their mean, because they are alike."""
        return sum(shares) / len(shares)

    @property
    def sweeps(self) -> bool:
        """Whether its test runs a sweep: that asks a model, and no condition of the claim names its cells."""
        return False

    @property
    def about_errors(self) -> bool:
        """Whether it is about the kinds of errors, whatever outcome the claim names."""
        return False

    @property
    def about_problems(self) -> bool:
        """Whether it is about which problems lose how much, which the table of problem sensitivity shows."""
        return False

    def gained_first(self, claim: ClaimData) -> bool:
        """Return whether examples begin with gained problems, because the outcome is claimed to become more common."""
        return False


def first_pair(claim: ClaimData) -> list[Pair]:
    """Return the reference with the first condition that is compared with it; none where only one is named."""
    return [(claim.conditions[0], claim.conditions[1])] if len(claim.conditions) > 1 else []


def only_pair(claim: ClaimData) -> Pair | None:
    """Return the two conditions of a claim about exactly two."""
    return (claim.conditions[0], claim.conditions[1]) if len(claim.conditions) == 2 else None


def from_reference(claim: ClaimData, direction: Direction) -> list[Start]:
    """Return the first condition that is compared, which most kinds start from."""
    return [(claim.conditions[0], direction)] if len(claim.conditions) > 1 else []
