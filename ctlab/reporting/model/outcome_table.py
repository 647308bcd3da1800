"""The error taxonomy as tables: what the answers are by condition, and every classified prediction."""

from typing import Literal, Self

from pydantic import Field, model_validator

from ctlab.reporting.model.record import Count, Level, Many, Record


class OutcomeCell(Record):
    """One outcome under one condition."""

    count: Count
    """Problems with this outcome."""
    rate: float
    """Share of all problems."""
    of: Count | None = None
    """Wrong answers that their number, or what else was read, labels, of which ``share`` is a share; of CORRECT, all
    answers that could be read; null where chance does not apply."""
    share: float | None = None
    """Share of these answers."""
    chance: float | None = None
    """What that share would be if every such answer were swapped for another problem's."""
    corrected: float | None = None
    """(share − chance) / (1 − chance); null where chance is 1."""
    low: float | None = None
    """Lower end of the unadjusted 95 % interval of ``corrected``."""
    high: float | None = None
    """Upper end of it."""

    @model_validator(mode="after")
    def _has_what_chance_is_compared_with(self) -> Self:
        if self.chance is not None and (self.share is None or self.of is None):
            raise ValueError("must have a share and say of how many answers, because it has a chance rate")
        return self


Outcomes = dict[str, OutcomeCell]
"""Outcomes of one condition by label."""


class Shift(Record):
    """How an outcome's rate differs from baseline's, paired by problem."""

    lost: Count
    """Problems that had the outcome under baseline only."""
    gained: Count
    """Problems that had it under the condition only."""
    estimate: float
    """Difference of rates, a proportion."""
    low: float
    """Lower end, unadjusted."""
    high: float
    """Upper end, unadjusted."""
    level: Level = 0.95
    """Level of the interval."""


class ConditionOutcomes(Record):
    """Outcomes of one condition with their shifts."""

    n: Count | None = None
    """Number of problems."""
    n_wrong: Count | None = None
    """Wrong answers."""
    n_wrong_numbers: Count | None = None
    """Wrong answers that their number, or what else was read, labels; no answer, nonsense and another form are labelled
    by their text."""
    n_without_marker: Count | None = None
    """Answers read without an answer marker."""
    outcomes: Outcomes
    """Every outcome by label."""
    own: Outcomes = {}
    """Outcomes of the suite's own by name: beside its label an answer can have several of them, or none."""
    shifts: dict[str, Shift] = {}
    """Differences from baseline by label, and by name of own outcomes; none for baseline itself."""


class AnswerForms(Record):
    """Forms of undisturbed answers: their text with each number, or other answer, as N.

    A wrong answer of another form is FORM_BROKEN.
    """

    known: Many[str] = ()
    """The forms; empty where there is none, so that no answer is FORM_BROKEN."""
    source: Literal["declared", "learned", "unknown"]
    """Declared by the model's family, learned from the baseline's correct answers, or unknown without a baseline."""
    answers: Count = 0
    """Correct answers of the baseline that they were looked for in."""
    needed: Count = 0
    """Forms that it takes to cover 99 % of these answers; more than 20 are no form."""
    said: str = ""
    """The same in a sentence."""


class ErrorTaxonomy(Record):
    """error_taxonomy_summary.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    classifier: str | None = None
    """Version of the classifier."""
    extractor: str | None = None
    """Version of the extractor."""
    baseline: str | None = None
    """Condition that shifts are paired with; null without one."""
    conditions: dict[str, ConditionOutcomes]
    """Every condition by name."""


class ExplanationRow(Record):
    """One explanation that fits an answer."""

    outcome: str
    """The label that it would give."""
    detail: str = ""
    """How it explains the answer."""


class Answer(Record):
    """What one problem was answered and how that was read."""

    outcome: str
    """Label of the answer."""
    prediction: str | None = None
    """The number, or other answer, that was read; null for none."""
    explanations: Many[ExplanationRow] | None = None
    """Every explanation that fits; null where none was recorded."""
    text: str | None = None
    """What the model wrote; null where only the number was recorded."""

    @property
    def right(self) -> bool:
        """Whether it is the right answer."""
        return self.outcome == "CORRECT"


class Prediction(Answer):
    """A row of error_taxonomy_full.json: one answer under one condition."""

    condition: str
    """Name of the condition."""
    problem_id: str
    """Id of the problem."""
    index: Count | None = None
    """Place of the problem in its set, from 0."""
    question: str = ""
    """The question."""
    gold: str = ""
    """The reference answer."""
    failure: str = ""
    """What went wrong where the answer could not be labelled."""
    own: dict[str, bool] = {}
    """Whether it has each outcome of the suite's own."""
