"""answers.json: what every problem was answered under every condition, each distinct answer of a problem once."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctlab.reporting.model.outcome_table import Answer
from ctlab.reporting.model.record import Count, Many, Record

Value = bool | int | float | str | None
"""A feature of a problem; null where it has none."""


class GivenAnswer(Answer):
    """An answer to one problem, given under one condition or several."""

    own: dict[str, bool] = {}
    """Whether it has each outcome of the suite's own."""
    failure: str = ""
    """What went wrong where the answer could not be labelled."""


class AnsweredProblem(Record):
    """A problem with its distinct answers, and which of them each condition gave."""

    problem_id: str
    """Id of the problem."""
    question: str
    """The question."""
    solution: str = ""
    """The worked solution; empty where there is none."""
    gold: str
    """The reference answer."""
    features: dict[str, Value] = {}
    """Features by name."""
    answers: Many[GivenAnswer]
    """Every distinct answer, in the order in which conditions gave them."""
    given: Many[Annotated[int, Field(ge=0)] | None]
    """For each condition of the file the place of its answer in ``answers``, from 0; null where it was not asked."""

    @model_validator(mode="after")
    def _points_to_answers(self) -> Self:
        if any(place is not None and place >= len(self.answers) for place in self.given):
            raise ValueError(f"must point to one of {len(self.answers)} answers in each place of given")
        return self

    def under(self, condition: int) -> GivenAnswer | None:
        """Return the answer under the condition in a place; None where the problem was not asked."""
        place = self.given[condition]
        return None if place is None else self.answers[place]


class AllAnswers(Record):
    """answers.json: all problems × all conditions of a run."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    conditions: Many[str]
    """Names of conditions, in the order of each problem's ``given``."""
    n: Count
    """Number of problems."""
    problems: Many[AnsweredProblem]
    """Every problem."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.n != len(self.problems):
            raise ValueError(f"must hold the {self.n} problems that it counts, and holds {len(self.problems)}")
        if any(len(problem.given) != len(self.conditions) for problem in self.problems):
            raise ValueError(f"must have {len(self.conditions)} places in each given, one a condition")
        return self


def change(before: Answer | None, after: Answer | None) -> str | None:
    """Say what a condition did to a problem: ``broken``, ``fixed`` or ``unchanged``; None without both answers."""
    if before is None or after is None:
        return None
    if before.right == after.right:
        return "unchanged"
    return "broken" if before.right else "fixed"
