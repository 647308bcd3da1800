"""An effect as a claim's row holds it, and the details of statistics that views know the form of."""

from collections.abc import Collection
from dataclasses import fields
from functools import cached_property
from typing import Literal, NamedTuple, Self

from pydantic import ConfigDict, JsonValue, ValidationError, model_validator

from ctlab import formatting
from ctlab.records import Effect
from ctlab.reporting.model.groups import GroupLoss, GroupMean, Stratum
from ctlab.reporting.model.interaction_details import LackOfFit, OtherSlope
from ctlab.reporting.model.record import Count, Form, Interval, Level, Many, Probability, Record
from ctlab.reporting.model.role_table import CellRow
from ctlab.reporting.model.sweep_details import SweptCells


class Part(Record):
    """One part of a claim that consists of several: an outcome, a step, a thought."""

    estimate: float | None
    """Its effect in ``unit``; null where the data give none."""
    low: float | None
    """Lower end of its interval."""
    high: float | None
    """Upper end of its interval."""
    level: Level
    """Level of the interval, a proportion."""
    p_value: Probability
    """Its p-value."""
    lost: Count | None = None
    """Problems that had the outcome under the first condition only."""
    gained: Count | None = None
    """Problems that had the outcome under the second condition only."""
    boundary: float = 0.0
    """Value where its null hypothesis ends."""
    unit: str = formatting.POINTS
    """Unit of the numbers; points are stored as proportions."""


class Pair(Record):
    """Two of several conditions."""

    first: str
    """The condition that is subtracted."""
    second: str
    """The other condition."""
    estimate: float
    """Difference of rates, a proportion."""
    low: float
    """Lower end, corrected over the pairs."""
    high: float
    """Upper end, corrected over the pairs."""
    level: Level
    """Level of the interval."""
    p_value: Probability
    """p-value of this pair alone."""
    holm_p: Probability
    """The same, adjusted over the pairs."""
    lost: Count | None = None
    """Problems that had the outcome under ``first`` only."""
    gained: Count | None = None
    """Problems that had the outcome under ``second`` only."""


class LabelShare(Record):
    """A label's share of all wrong answers."""

    label: str
    """The label."""
    before: float
    """Share under the first condition."""
    after: float
    """Share under the second condition."""
    low: float
    """Lower end of the difference, corrected over the labels."""
    high: float
    """Upper end of the difference."""


class Slope(Record):
    """How a loss changes with a feature."""

    estimate: float
    """Change of the loss per unit of the feature, a proportion."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: Level
    """Level of the interval."""


class Together(Record):
    """How often all tests of a claim reject together."""

    power: Probability | None = None
    """Probability in a sample like this one, were everything as it was seen; null where it was not simulated."""
    problems_needed: Count | None = None
    """About how many problems would settle the claim; null where no number at hand would."""


class KnownDetails(Record):
    """Details that views know what to do with: under these names, where they have these forms."""

    parts: dict[str, Part] | None = None
    """Every part of the claim by name."""
    pairs: Many[Pair] | None = None
    """Every pair of conditions."""
    losses: Many[GroupLoss] | None = None
    """Loss of each group of problems."""
    strata: Many[Stratum] | None = None
    """Area of each stratum."""
    group_means: Many[GroupMean] | None = None
    """Mean of each stratum."""
    shares: Many[LabelShare] | None = None
    """Share of each label among all wrong answers."""
    rates: dict[str, float] | None = None
    """Rate of the outcome under each condition, a proportion."""
    tests: dict[str, Probability] | None = None
    """p-values of tests that must all reject, by name."""
    together: Together | None = None
    """How far those tests reach together."""
    points: Slope | None = None
    """An interaction in points instead of log-odds; in reports from before ``other_scale``."""
    lack_of_fit: LackOfFit | None = None
    """Whether the loss is a straight line over the levels of the feature."""
    without: OtherSlope | None = None
    """The slope without the level that moves it most."""
    other_scale: OtherSlope | None = None
    """The slope in points where log-odds are judged, and the other way round."""
    cells: Many[CellRow] | None = None
    """Every cell of a claim about thoughts by places."""
    sweep: SweptCells | None = None
    """Every cell of a sweep, and which one was picked."""
    interval_95: Interval | None = None
    """Unadjusted 95 % interval of the estimate, in the effect's unit."""


class Details(Record):
    """What else a statistic reports, free JSON: a name of ``KnownDetails`` in another form is shown as it is."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"$ref": "#/$defs/KnownDetails"}, {}]})

    @cached_property
    def known(self) -> KnownDetails:
        """The details whose form is known."""
        return KnownDetails.model_validate(self._fitting)

    @cached_property
    def _fitting(self) -> Form:
        return {name: value for name, value in self.__pydantic_extra__.items() if _fits(name, value)}

    def rest(self, shown: Collection[str]) -> Form:
        """Details that no table shows, in the order in which the statistic gave them."""
        return {name: value for name, value in self.__pydantic_extra__.items() if name not in shown}

    def readable(self) -> Form:
        """Details without those that have a known name in another form."""
        return {
            name: value
            for name, value in self.__pydantic_extra__.items()
            if name not in KnownDetails.model_fields or name in self._fitting
        }


def _fits(name: str, value: JsonValue) -> bool:
    if name not in KnownDetails.model_fields:
        return False
    try:
        KnownDetails.model_validate({name: value})
    except ValidationError:
        return False
    return True


class Measured(NamedTuple):
    """An estimate with the interval that decides, in the unit of its effect."""

    estimate: float
    """The point estimate."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""


class EffectRow(Record):
    """One measured effect: ``ctlab.records.Effect`` as JSON."""

    estimate: float | None
    """The effect in ``unit``; null where the data give no estimate."""
    low: float | None
    """Lower end of the interval that decides; null without an estimate."""
    high: float | None
    """Upper end of the interval that decides; null without an estimate."""
    level: Level
    """Level of the interval, a proportion."""
    p_value: Probability
    """p-value of the null hypothesis."""
    n: Count
    """Number of problems."""
    lost: Count | None = None
    """Problems that had the outcome under the first condition only; null where it is no paired difference."""
    gained: Count | None = None
    """Problems that had the outcome under the second condition only."""
    method: str = "not stated"
    """Names of the test and of the interval."""
    alternative: Literal["greater", "less", "two-sided", "equivalence"]
    """Which side is claimed."""
    margin: float = 0.0
    """Smallest effect of interest, or equivalence margin, in ``unit``."""
    boundary: float = 0.0
    """Value where the null hypothesis ends; ± that for an equivalence."""
    null: str = ""
    """The null hypothesis as the statistic states it."""
    unit: str = formatting.POINTS
    """``points`` (stored as proportions), ``log-odds``, ``ratio``, ``probability``, ``variation``, ``lengths``."""
    refuting: Interval | None = None
    """Interval that refutes, where it is not the one that supports."""
    undecided: str = ""
    """Why no verdict may rest on this effect; empty when one may."""
    estimated: bool = True
    """False where there is no estimate."""
    groups: dict[str, Count] = {}
    """Number of problems in each group that was compared."""
    details: Details = Details()
    """What else the statistic reports."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        numbers = (self.estimate, self.low, self.high)
        if None in numbers and (numbers != (None, None, None) or not self.undecided):
            raise ValueError(
                "must have numbers for estimate, low and high, or null for all three and a reason in undecided"
            )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"must have its low end below its high one, got {self.low:g} and {self.high:g}")
        if (self.lost or 0) + (self.gained or 0) > self.n:
            raise ValueError(f"must not count more pairs than problems, got {self.lost} + {self.gained} of {self.n}")
        return self

    @property
    def measured(self) -> Measured | None:
        """Estimate and interval; None where the data give no estimate."""
        if self.estimate is None or self.low is None or self.high is None:
            return None
        return Measured(self.estimate, self.low, self.high)

    @property
    def landmarks(self) -> tuple[float, ...]:
        """Values that a rounded number must not fall onto: where the null ends and the margin, with both signs."""
        return (self.boundary, -self.boundary, self.margin, -self.margin)

    def unit_on(self, scale: str) -> str:
        """Unit of its numbers: a slope says per what, as the claim declares its scale."""
        return formatting.unit_on(self.unit, scale)

    def to_effect(self) -> Effect:
        """The record that statistics made, for what is computed from it."""
        form = self.filled(estimated=self.estimate is not None).to_json()
        known = {field.name: form[field.name] for field in fields(Effect)}
        return Effect.from_json({**known, "details": self.details.readable()})
