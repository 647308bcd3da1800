"""Case studies: single problems with everything that was recorded about them."""

from collections.abc import Collection
from typing import Literal, Self

from pydantic import Field, model_validator

from ctlab.reporting.model.outcome_table import Answer, Prediction
from ctlab.reporting.model.record import Count, Many, Probability, Record


class DecodedToken(Record):
    """A token that a thought decodes to."""

    token: str
    """The token as text."""
    probability: Probability
    """Its probability."""
    result: Literal["step", "answer"] | None = Field(None, validation_alias="is", serialization_alias="is")
    """Whether it spells a result of a step of the worked solution, or its answer; null for neither."""


class CaseAttention(Record):
    """Mean attention over layers and heads in one problem."""

    readers: Many[str]
    """Rows."""
    keys: Many[str]
    """Columns."""
    mass: Many[Many[float]]
    """Share of each reader's attention on each key."""

    @model_validator(mode="after")
    def _has_one_shape(self) -> Self:
        if len(self.mass) != len(self.readers) or any(len(row) != len(self.keys) for row in self.mass):
            raise ValueError(f"must have {len(self.readers)} rows and {len(self.keys)} columns of mass")
        return self


class CasePath(Record):
    """How far the hidden states of one problem are from baseline's after the last layer."""

    positions: Many[str] = Field(min_length=1)
    """Positions in order."""
    cosine: Many[float]
    """Cosine with baseline's state, by position."""
    distance: Many[float] | None = None
    """Distance in lengths of baseline's state, by position."""

    @property
    def furthest(self) -> int:
        """Place of the position that is furthest from baseline."""
        return min(range(len(self.cosine)), key=lambda place: self.cosine[place])

    @model_validator(mode="after")
    def _has_one_length(self) -> Self:
        if len(self.cosine) != len(self.positions):
            raise ValueError(f"must have a cosine for each of its {len(self.positions)} positions")
        return self


Thoughts = Many[Many[DecodedToken]]
"""For each thought its most probable tokens."""


class Probed(Record):
    """What probes found about one problem, each by condition."""

    thoughts: dict[str, Thoughts] = {}
    """What each thought decodes to."""
    attention: dict[str, CaseAttention] = {}
    """Where attention went."""
    divergence: dict[str, CasePath] = {}
    """Where paths parted."""

    def under(self, names: Collection[str]) -> "Probed":
        """The same under some conditions."""
        return Probed(
            thoughts={name: self.thoughts[name] for name in names if name in self.thoughts},
            attention={name: self.attention[name] for name in names if name in self.attention},
            divergence={name: self.divergence[name] for name in names if name in self.divergence},
        )


class ProblemDetails(Probed):
    """What ``write_report`` takes as ``details`` of one problem."""

    answers: dict[str, Prediction] = {}
    """Answers of conditions that have none in the full table."""


class Case(Probed):
    """One problem."""

    problem_id: str
    """Its id."""
    impact: str
    """What became of it: broken, fixed, …"""
    outcome: str
    """Label of its answer under the condition studied."""
    operations: Count | None
    """Operations of its worked solution; null where there is none."""
    of: Count
    """Problems of the same impact, label and size, of which this is one."""
    question: str = ""
    """The question."""
    solution: str = ""
    """The worked solution."""
    gold: str = ""
    """The reference answer."""
    answers: dict[str, Answer] = {}
    """What was answered, by condition."""
    narrative: str = ""
    """What happened, told from these facts."""


class CaseStudies(Record):
    """case_studies.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    condition: str
    """Condition that is studied."""
    rule: str
    """How cases are chosen."""
    seed: int
    """Seed of the choice."""
    wanted: Count
    """Cases that are chosen where there are enough problems."""
    cases: Many[Case]
    """The cases."""
