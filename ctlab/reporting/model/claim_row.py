"""A claim's row: what was claimed, what was measured, what became of it and why."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Strict, model_validator

from ctlab import formatting
from ctlab.claims.reasons import as_sentence
from ctlab.records.control import ControlState, Shows
from ctlab.records.judgement import Verdict
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.record import Count, Interval, Level, Many, OneOf, Probability, Record

Status = Literal["judged", "not_run", "error", "skipped"]


class ControlRow(Record):
    """A condition whose result is known beforehand, and what it must show."""

    condition: str
    """Name of the condition."""
    shows: OneOf[Shows]
    """What it must show."""
    reference: str = ""
    """Condition that it is compared with."""
    margin: float = 0.0
    """Largest loss that is still negligible, a proportion."""


def _wrapped(value: object) -> object:
    # What a control must show may stand alone where it was not checked.
    return {"control": value} if isinstance(value, dict) and "control" not in value else value


class CheckedControl(Record):
    """A control and what it did show."""

    control: ControlRow
    """What it must show."""
    state: OneOf[ControlState] | None = None
    """What it did show; null where it was not checked."""
    detail: str = ""
    """The numbers in one sentence."""


class ExampleRow(Record):
    """One problem that changed."""

    problem_id: str
    """Id of the problem."""
    change: str = "changed"
    """``lost`` or ``gained``."""
    question: str = ""
    """The question."""
    gold: str = ""
    """The reference answer."""
    answers: dict[str, str] = {}
    """What the model wrote, by condition."""


class PowerRow(Record):
    """How far the sample of an INCONCLUSIVE claim reaches, with 80 % power."""

    detectable: float | None = None
    """Smallest effect beyond the boundary that is found, in the effect's unit."""
    provable: float | None = None
    """Smallest equivalence margin that is proven, in the effect's unit."""
    problems_needed: Count | None = None
    """About how many problems would settle the claim; null where no number would."""
    against: bool = False
    """Whether they would settle it against the claim."""
    together: Probability | None = None
    """For several tests that must all reject: probability that they do."""


class LookRow(Record):
    """An earlier judged run of the claim."""

    n: Count
    """Number of problems, the first ones of the set."""
    verdict: OneOf[Verdict]
    """What it found."""
    date: str
    """When, in UTC, ISO 8601."""
    statement: str = ""
    """The claim's sentence as it was."""


class ClaimRow(Record):
    """One claim with its judgement."""

    id: str
    """Its id, unique in the registry."""
    digest: str = ""
    """Digest of what it claims and of what its conditions do; empty where it is not registered, and in old reports."""
    family: str
    """Family that shares its α with this claim."""
    statement: str
    """The claim as one sentence."""
    direction: str = ""
    """Which side it takes."""
    kind: str = ""
    """Which row of the decision table judges it."""
    outcome: str = ""
    """Outcome whose rate is compared; ``EVERY`` for all of them."""
    margin: float = 0.0
    """Smallest effect of interest, or equivalence margin, in the effect's unit."""
    feature: str = ""
    """Feature of problems that it is about; empty for none."""
    adjust: Many[str] = ()
    """Features that are adjusted for."""
    scale: str = ""
    """Scale on which the effect is declared."""
    conditions: Many[str] = ()
    """Conditions that are compared, the reference first."""
    problems: str = ""
    """Problem set that it is about; empty where it may be judged on any."""
    controls: Many[Annotated[CheckedControl, BeforeValidator(_wrapped)]] = ()
    """Its controls."""
    source: str = ""
    """Where the claim comes from."""
    positive_control: str = ""
    """Why it is known to be true beforehand, of a claim that tests the method; empty of others."""
    sweep: dict[str, Any] | None = None
    """What its sweep goes over, axis to ``all`` or a list; null where it has none."""
    needs: str = "G"
    """What it needs: ``G`` generations, ``A`` attention weights, ``H`` hidden states."""
    alpha: Level | None = None
    """Its level: the family's α divided by the number of claims registered in the family."""
    status: Status
    """Whether it was judged, or why not."""
    verdict: OneOf[Verdict] | None = None
    """The verdict; belongs to status ``judged`` and to no other."""
    accepted: OneOf[Verdict] | None = None
    """The verdict in the registry; null where none is."""
    exploratory: bool = False
    """Whether it differs from what was registered."""
    deviation: str = ""
    """How."""
    remarks: Many[str] = ()
    """What a reader must know of its registration and makes it no exploratory claim: a family that grew, looks."""
    looks: Many[LookRow] = ()
    """What was seen of it before this run, of this model on this source of problems."""
    registration: str = ""
    """When and in which commit it was registered for these answers, and when these were first seen here."""
    reason: str = ""
    """Why this verdict, with the numbers, in whole sentences; why there is none."""
    why: str = ""
    """What decided, in one sentence; empty in reports from before it was stored, which have only ``reason``."""
    outlook: str = ""
    """Of an INCONCLUSIVE claim, what this sample could have found and how many problems would settle it."""
    null: str = ""
    """Its null hypothesis in words; empty in reports from before it was stored."""
    compared: Annotated[tuple[str, str], Strict(False)] | None = None
    """The two conditions that a paired difference compares, the subtracted one first; null where it is none."""
    counts: str = ""
    """Discordant pairs in words; empty where there are none to count."""
    noun: str = ""
    """What the estimate is, as it stands behind "Observed"; empty in reports from before it was stored."""
    effect: EffectRow | None = None
    """What was measured; null where nothing was."""
    flags: Many[str] = ()
    """What a reader must know beside the verdict."""
    examples: Many[ExampleRow] = ()
    """Problems to look at."""
    nodeid: str | None = None
    """The test that judged it."""
    seconds: float | None = None
    """Duration of that test."""
    holm_p: Probability | None = None
    """p as Holm adjusts it across the family; for display."""
    interval_95: Interval | None = None
    """Unadjusted 95 % interval in the effect's unit; filled in where it can be computed."""
    power: PowerRow | None = None
    """How far the sample reaches; filled in where only its size stands in the way of a verdict."""

    @model_validator(mode="after")
    def _has_the_verdict_that_it_was_given(self) -> Self:
        if (self.status == "judged") != (self.verdict is not None):
            raise ValueError(
                "has a verdict that belongs to status 'judged' and to no other, "
                f"got status {self.status!r} with verdict {None if self.verdict is None else str(self.verdict)!r}"
            )
        return self

    @property
    def unit(self) -> str:
        """Unit of its effect: log-odds say per what, as the claim declares it."""
        return self.effect.unit_on(self.scale) if self.effect else formatting.POINTS

    @property
    def because(self) -> str:
        """Why this verdict, or why there is none, as stored when it was judged."""
        return " ".join(filter(None, (self.why, self.outlook))) if self.why else as_sentence(self.reason)
