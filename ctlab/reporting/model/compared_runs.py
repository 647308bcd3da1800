"""Two runs held against each other."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, Strict

from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.record import Count, Level, Many, Record


class RunIdentity(Record):
    """Which run."""

    folder: str
    """Folder of its report."""
    started: str
    """When it began, ISO 8601."""
    command: str
    """The command line."""


class ComparedInput(Record):
    """Something that went into both runs."""

    what: str
    """What."""
    before: JsonValue
    """In the earlier run; null where it does not say."""
    after: JsonValue
    """In the later run."""
    changed: bool
    """Whether the two differ."""


class ComparedClaim(Record):
    """One claim of either run."""

    id: str
    """Its id."""
    family: str
    """Its family."""
    statement: str
    """The claim as one sentence."""
    scale: str
    """Scale on which its effect is declared."""
    before: str
    """Verdict of the earlier run, or why there is none."""
    after: str
    """Verdict of the later run, or why there is none."""
    changed: bool
    """Whether the two differ."""
    effects: Annotated[tuple[EffectRow | None, EffectRow | None], Strict(False)]
    """What each run measured."""
    conditions: Many[str]
    """Conditions that are compared."""
    restated: bool
    """Whether the claim itself differs, so that the verdicts are about two claims."""


class AnsweredCondition(Record):
    """How many answers of a condition were right in one run."""

    n: Count | None
    """Number of problems."""
    accuracy: float | None
    """Share of right answers, a proportion."""
    digest: str | None
    """Digest of the interventions."""


class PairedAccuracy(Record):
    """Difference of accuracy between two runs of the same problems."""

    broken: Count
    """Right in the earlier run only."""
    fixed: Count
    """Right in the later run only."""
    n: Count
    """Number of problems."""
    estimate: float
    """Paired difference, a proportion."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: Level
    """Level of the interval."""


class ComparedCondition(Record):
    """One condition of either run."""

    name: str
    """Its name."""
    before: AnsweredCondition | None
    """In the earlier run; null where it did not have it."""
    after: AnsweredCondition | None
    """In the later run."""
    same_interventions: bool
    """Whether it does the same in both."""
    paired: PairedAccuracy | None
    """Difference by problem; null unless both hold the same problems."""


class Comparison(Record):
    """comparison.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    before: RunIdentity
    """The earlier run."""
    after: RunIdentity
    """The later run."""
    inputs: Many[ComparedInput]
    """What went into either."""
    claims: Many[ComparedClaim]
    """Claims of either."""
    conditions: Many[ComparedCondition]
    """Conditions of either."""
    verdicts_changed: Count
    """How many verdicts differ."""
