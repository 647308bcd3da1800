"""What groups of problems show by themselves, beside the effect of all."""

from ctlab.reporting.model.record import Count, Record


class GroupLoss(Record):
    """What one group of problems lost."""

    group: str
    """Name of the group, as statistics spell it."""
    n: Count
    """Its problems."""
    before: float
    """Rate under the first condition."""
    after: float
    """Rate under the second condition."""
    lost: Count
    """Problems that had the outcome under the first only."""
    gained: Count
    """Problems that had the outcome under the second only."""
    relative_loss: float | None = None
    """Share of what was right that was lost; null where nothing was."""


class Stratum(Record):
    """What problems that agree in every feature held fixed show by themselves."""

    group: str
    """Name of the group, as statistics spell it."""
    positive: Count
    """Its problems of the group claimed to have larger values."""
    negative: Count
    """Its other problems."""
    estimate: float | None
    """Its area, in the effect's unit; null where one of both is empty."""
    low: float | None
    """Lower end of its unadjusted 95 % interval."""
    high: float | None
    """Upper end of that interval."""


class GroupMean(Record):
    """A mean over the problems that agree in every feature held fixed."""

    group: str
    """Name of the group, as statistics spell it."""
    n: Count
    """Its problems."""
    estimate: float
    """Its mean, in the effect's unit."""
    low: float | None
    """Lower end of its unadjusted 95 % interval; null where its problems have one value and no bounds."""
    high: float | None
    """Upper end of that interval."""
