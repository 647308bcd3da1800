"""What was answered after fewer thoughts than all: how many answers were right, and how many already the final one."""

from typing import Self

from pydantic import Field, model_validator

from ctlab.reporting.model.record import Count, Many, Record


class CommitmentPoint(Record):
    """The answers of one stratum after some thoughts."""

    fed: Count
    """Thoughts that were fed."""
    right: Count
    """Right answers."""
    same: Count
    """Answers that are the one after all thoughts, right or wrong."""


class CommitmentStratum(Record):
    """Problems that are alike."""

    value: Count | None = None
    """Their value of the table's feature; null for all problems."""
    n: Count = Field(ge=1)
    """How many there are."""
    points: Many[CommitmentPoint]
    """Ascending in the thoughts that were fed; the last is the answer after all of them."""

    @model_validator(mode="after")
    def _counts_within_its_problems(self) -> Self:
        if any(max(point.right, point.same) > self.n for point in self.points):
            raise ValueError(f"must not count more than its {self.n} problems")
        return self


class Commitment(Record):
    """Answers by the number of thoughts that were fed."""

    feature: str = ""
    """What tells strata apart; empty where problems are not told apart."""
    strata: Many[CommitmentStratum] = Field(min_length=1)
    """All problems, then those of each value of the feature."""

    @model_validator(mode="after")
    def _has_the_same_points_everywhere(self) -> Self:
        fed = [[point.fed for point in stratum.points] for stratum in self.strata]
        if any(each != fed[0] or each != sorted(set(each)) for each in fed) or not fed[0]:
            raise ValueError("must have the same numbers of thoughts, ascending, in every stratum")
        return self
