"""Two runs held against each other: comparison.json."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, Strict

from ctlab.records.judgement import Verdict
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


Change = Literal["same", "changed", "not run", "stopped", "new", "gone", "unjudged"]
"""How a claim's verdicts stand to each other: alike, different, had by one run because the other did not run the claim,
or stopped in it with an error, or does not have it; had by neither."""
How = Literal["same answers", "paired", "independent", "any dependence"]
"""What a drift rests on: every answer of the compared conditions is the same in both runs and so is the effect, whose
drift is then 0 without an interval; the same problems in both runs; two intervals of runs that share no problem; or two
intervals and nothing known of how the runs depend on each other."""


class DriftRow(Record):
    """How much an effect differs between two runs."""

    estimate: float
    """Effect of the later run minus that of the earlier one, in ``unit``; on the shared problems where it is paired."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    level: Level
    """Level of the interval; at least that for ``any dependence``."""
    unit: str
    """Unit of the numbers, that of the effect on its scale."""
    how: How
    """What the interval rests on."""
    n: Count | None = None
    """Shared problems, where it is paired."""
    changed: Count | None = None
    """Shared problems whose part in the effect changed, where it is paired."""

    @property
    def moved(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


class Restatement(Record):
    """One thing that a claim says otherwise in the later run."""

    what: str
    """Name of the field of its row."""
    before: JsonValue
    """In the earlier run."""
    after: JsonValue
    """In the later run."""


class ChangedCell(Record):
    """A cell of a claim about thoughts by places that shows something else in the later run."""

    thought: str
    """Name of the thought."""
    place: str
    """Stratum, step or other place."""
    readers: str
    """From whom the thought was hidden, where that is asked."""
    before: str
    """What it showed."""
    after: str
    """What it shows."""


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
    """Whether there are two verdicts, and they differ."""
    effects: Annotated[tuple[EffectRow | None, EffectRow | None], Strict(False)]
    """What each run measured."""
    conditions: Many[str]
    """Conditions that are compared."""
    restated: bool
    """Whether the claim itself differs, its level aside, so that the verdicts are about two claims."""
    change: Change
    """How the two verdicts stand to each other."""
    restatements: Many[Restatement] = ()
    """What it says otherwise, with the old and the new text; also where only its level (``alpha``) differs."""
    drift: DriftRow | None = None
    """How much its effect differs; null where that cannot be said."""
    no_drift: str = ""
    """Why it cannot be said, where both runs measured something."""
    cells: Many[ChangedCell] = ()
    """Cells that show something else."""

    @property
    def alike(self) -> bool:
        """Whether both runs measured the same, to the last digit."""
        before, after = self.effects
        return before is not None and after is not None and before.measured == after.measured

    @property
    def still(self) -> bool:
        """Whether its effect did not move: on the problems that both runs share, or to the last digit."""
        if self.drift is None:
            return not self.no_drift and self.effects[0] == self.effects[1]
        return self.alike if self.drift.changed is None else not self.drift.changed


class AnsweredCondition(Record):
    """How many answers of a condition were right in one run."""

    n: Count | None
    """Number of problems."""
    accuracy: float | None
    """Share of right answers, a proportion."""
    digest: str | None
    """Digest of the interventions."""


class PairedAccuracy(Record):
    """Difference of accuracy between two runs on the problems that they share."""

    broken: Count
    """Problems right in the earlier run only."""
    fixed: Count
    """Right in the later run only."""
    n: Count
    """Problems that both runs hold answers to."""
    estimate: float
    """Paired difference, a proportion."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: Level
    """Level of the interval."""


class FlippedProblem(Record):
    """A problem that a condition answered right in one run and wrong in the other."""

    problem_id: str
    """Its id."""
    place: Count | None
    """Its number in the earlier run's set, from 1; null where that is not known."""
    question: str
    """The question."""
    gold: str
    """The reference answer."""
    before: str | None
    """What the earlier run answered; null where that is not kept."""
    after: str | None
    """What the later run answered."""
    right: Literal["before", "after"]
    """In which run the answer was right."""


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
    """Difference on the problems that both runs hold answers to; null where there are none."""
    drift: DriftRow | None = None
    """Difference by both accuracies alone, where their answers are not in both reports."""
    flipped: Many[FlippedProblem] = ()
    """The first problems that flipped, at most ``FLIPPED_LISTED`` of each kind; ``paired`` has the counts."""

    @property
    def in_both(self) -> bool:
        """Whether both runs have answers of it."""
        return all(side is not None and side.n for side in (self.before, self.after))

    @property
    def still(self) -> bool:
        """Whether no problem that both runs share flipped; without those, whether as many were right."""
        if self.paired:
            return self.same_interventions and not self.paired.broken + self.paired.fixed
        return self.before == self.after


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
    """How many claims have two verdicts that differ."""
    counts: dict[str, Count] = {}
    """How many claims there are of each kind of ``change``."""
    explanations: Annotated[tuple[str | None, str | None], Strict(False)] = (None, None)
    """The paragraph of each run about what thoughts do; null where it has none."""
    same_roles: bool = False
    """Whether both paragraphs give each thought the same role."""

    @property
    def unchanged(self) -> bool:
        """Whether nothing that is compared differs."""
        return (
            not any(row.changed for row in self.inputs)
            and all(row.still and row.before == row.after for row in self.claims)
            and not any(row.restatements or row.cells for row in self.claims)
            and all(row.still for row in self.conditions)
            and self.explanations[0] == self.explanations[1]
        )

    @property
    def lost(self) -> int:
        """Verdicts of the earlier run that the later one should have and has not: it stopped, or the claim is gone."""
        kinds = ("stopped", "gone")
        return sum(claim.change in kinds and claim.before in list(Verdict) for claim in self.claims)
