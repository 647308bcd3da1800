"""Problem sensitivity as tables: which problems suffer, by feature and by kind; descriptions, not claims."""

from typing import Literal, Self

from pydantic import Field, model_validator

from ctlab.reporting.model.effects import Measured, Slope
from ctlab.reporting.model.record import Count, Level, Many, Maybe, Number, Probability, Record, check_inside


class Described(Record):
    """A number with its interval, or why there is none."""

    estimate: float | None
    """The number; null where it is not defined."""
    reason: str = ""
    """Why it is not defined."""
    low: float | None = None
    """Lower end of the interval."""
    high: float | None = None
    """Upper end of the interval."""
    level: Level = 0.95
    """Level of the interval; unadjusted."""
    p_value: Probability | None = None
    """p-value of no association, unadjusted."""
    n: Count = 0
    """Problems that it was computed from."""

    @model_validator(mode="after")
    def _has_an_interval(self) -> Self:
        if self.estimate is not None and (self.low is None or self.high is None):
            raise ValueError("must have low and high, because it has an estimate")
        return self

    @property
    def measured(self) -> Measured | None:
        """Estimate and interval; None where it is not defined."""
        if self.estimate is None or self.low is None or self.high is None:
            return None
        return Measured(self.estimate, self.low, self.high)


class Interaction(Described):
    """How the cost of a condition grows with a feature."""

    feature: str = ""
    """The feature as it was modelled, a logarithm perhaps."""
    unit: str = "log-odds"
    """Unit of the numbers."""
    method: str = ""
    """Model and interval."""
    points: Slope | None = None
    """The same in points."""


class Bin(Record):
    """Problems with like values of a feature."""

    centre: float
    """Median value."""
    start: Number = Field(validation_alias="from", serialization_alias="from")
    """Smallest value."""
    end: Number = Field(validation_alias="to", serialization_alias="to")
    """Largest value."""
    n: Count
    """Its problems."""
    estimate: float
    """Mean impact: loss of accuracy, a proportion."""
    low: float
    """Lower end, unadjusted."""
    high: float
    """Upper end."""
    level: Level = 0.95
    """Level of the interval."""

    @model_validator(mode="after")
    def _lies_in_its_interval(self) -> Self:
        check_inside(self.estimate, self.low, self.high)
        return self


class FeatureTable(Record):
    """What goes with one feature."""

    pearson: Described | None = None
    """Correlation of impact with the feature."""
    spearman: Described | None = None
    """Rank correlation."""
    interaction: Interaction | None = None
    """Interaction of condition and feature."""
    bins: Many[Bin] = ()
    """Mean impact by value or fifth of the feature."""


class ProblemKind(Record):
    """Accuracy with and without the intervention on one kind of problem."""

    feature: str = ""
    """Feature that makes the kind."""
    label: str
    """The kind in words."""
    n: Count
    """Its problems."""
    baseline_correct: Count
    """Right under baseline."""
    treated_correct: Count
    """Right under the condition."""
    broken: Count = 0
    """Right under baseline only."""
    fixed: Count = 0
    """Right under the condition only."""
    estimate: float | None
    """Paired difference of accuracy, a proportion; null where there is no such problem."""
    low: float | None
    """Lower end, unadjusted."""
    high: float | None
    """Upper end."""
    level: Level = 0.95
    """Level of the interval."""

    @model_validator(mode="after")
    def _is_measured_where_there_are_problems(self) -> Self:
        if self.n and None in (self.estimate, self.low, self.high):
            raise ValueError("must have estimate, low and high, because there are such problems")
        if self.estimate is not None:
            check_inside(self.estimate, self.low, self.high)
        return self

    @property
    def measured(self) -> Measured | None:
        """Paired difference with its interval; None where there is no such problem."""
        if not self.n or self.estimate is None or self.low is None or self.high is None:
            return None
        return Measured(self.estimate, self.low, self.high)


class ProfileRow(Record):
    """One feature among broken and among unchanged problems."""

    kind: Literal["mean", "share"]
    """What the two numbers are."""
    broken: float | None
    """Among broken problems; null where there are none."""
    unchanged: float | None
    """Among unchanged problems."""
    n_broken: Count | None = None
    """Broken problems that have the feature."""
    n_unchanged: Count | None = None
    """Unchanged problems that have the feature."""
    auc: Described | None = None
    """Probability that a broken problem has more of it; null without both."""


class Profile(Record):
    """Broken against unchanged problems."""

    among: str = ""
    """Which problems are compared."""
    n: Count
    """How many they are."""
    n_broken: Count
    """Of these, broken."""
    n_unchanged: Count
    """Of these, unchanged."""
    features: dict[str, ProfileRow] = {}
    """Every feature by name."""


class ConditionSensitivity(Record):
    """Which problems suffer under one condition."""

    n: Count
    """Number of problems."""
    broken: Count
    """Right under baseline only."""
    fixed: Count
    """Right under the condition only."""
    features: dict[str, FeatureTable]
    """Every feature that is a number, by name."""
    types: Many[ProblemKind]
    """Kinds of problem."""
    profile: Maybe[Profile] = None
    """What broken problems have in common."""


class ProblemSensitivity(Record):
    """problem_sensitivity_summary.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    n: Count = 0
    """Number of problems."""
    baseline: str = ""
    """Condition that the others are compared with."""
    tokens_counted_by: str = ""
    """What counted the tokens of the questions."""
    conditions: dict[str, ConditionSensitivity] = {}
    """Treated conditions by name."""


class ProblemRow(Record):
    """A row of problem_sensitivity_full.json: one problem with its features and what became of it."""

    problem_id: str
    """Id of the problem."""
    index: Count | None = None
    """Place in its set, from 0."""
    question: str = ""
    """The question."""
    gold: str = ""
    """The reference answer."""
    solution: str = ""
    """The worked solution."""
    n_tokens: Count | None = None
    """Length of the question in tokens, or in words where no tokenizer counted."""
    n_operations: Count | None = None
    """Operations of the worked solution; null where there is none."""
    n_operation_types: Count | None = None
    """Kinds of operation in it."""
    max_number: Number | None = None
    """Largest number of the question."""
    multi_step: bool | None = None
    """Whether it takes two operations or more."""
    has_division: bool | None = None
    """Whether the solution divides."""
    has_multiplication: bool | None = None
    """Whether it multiplies."""
    has_fractions: bool | None = None
    """Whether a number is a fraction."""
    n_options: Count | None = None
    """Options to choose from; null where there are none."""
    n_hops: Count | None = None
    """Steps of the way to an answer that is no number."""
    n_edges: Count | None = None
    """Edges of the graph that the question tells."""
    n_nodes: Count | None = None
    """Nodes of that graph."""
    n_distractors: Count | None = None
    """Edges of it that the way to the answer does not take."""
    tokens_counted_by: str | None = None
    """What counted the tokens."""
    own: dict[str, bool | Number | str | None] = {}
    """Features that claims name and ctlab does not measure: the suite's own, and columns of the problem's row."""
    correct: dict[str, bool] = {}
    """Whether it was answered rightly, by condition."""
    impact: dict[str, int] = {}
    """1 broken, 0 unchanged, −1 fixed, by treated condition."""

    def feature(self, name: str) -> float | None:
        """A feature that is a number; None where the problem has none of this name."""
        value = self.own.get(name, getattr(self, name, None))
        return value if isinstance(value, int | float) else None

    def is_kind(self, name: str, value: bool) -> bool:
        """Whether a feature that is true or false has this value; one that is not known has neither."""
        return getattr(self, name, None) is value
