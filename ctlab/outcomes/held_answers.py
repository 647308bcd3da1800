"""A wrong answer, freed of its problem, so that it can be held against any other: what chance rates are made of."""

from dataclasses import dataclass
from typing import Protocol

from ctlab.outcomes.classification import Classification
from ctlab.outcomes.kinds import TEXT_KINDS
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.taxonomy import carries, label, written_steps
from ctlab.problems import Equation, Number, Problem, same_number

BY_STEPS = (Outcome.CALC_ERROR, Outcome.LOGIC_ERROR)
"""Outcomes that are no accident where steps are written: they say whether these are true."""


class HeldAnswer(Protocol):
    """What decides the outcome of a wrong answer, whatever problem it is held against; equal ones compare equal."""

    def __hash__(self) -> int:
        """Equal answers are held against a problem once."""

    def outcome_for(self, problem: Problem) -> Outcome:
        """Its outcome at a problem."""

    def carries(self, problem: Problem, outcome: Outcome) -> bool:
        """Whether it would have an outcome at a problem; asked of every answer at every problem."""

    def is_wrong_for(self, problem: Problem) -> bool:
        """Whether it is wrong at a problem."""

    def by_accident(self, outcome: Outcome) -> bool:
        """Whether it can have an outcome by accident."""


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """A number, and the steps that were written before it."""

    prediction: Number
    steps: tuple[Equation, ...]

    def outcome_for(self, problem: Problem) -> Outcome:
        """As `ctlab.outcomes.taxonomy.label`."""
        return label(problem, self.prediction, self.steps)

    def carries(self, problem: Problem, outcome: Outcome) -> bool:
        """As `ctlab.outcomes.taxonomy.carries`."""
        return carries(problem, self.prediction, self.steps, outcome)

    def is_wrong_for(self, problem: Problem) -> bool:
        """Whether it is not the reference answer."""
        return not same_number(self.prediction, problem.gold_number)

    def by_accident(self, outcome: Outcome) -> bool:
        """Written steps are true or false whatever is asked."""
        return not (self.steps and outcome in BY_STEPS)


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """An answer of another kind, as it was read and freed of its question (`AnswerKind.freed`)."""

    kind: str
    answer: str

    def outcome_for(self, problem: Problem) -> Outcome:
        """By the rules of its kind."""
        try:
            return TEXT_KINDS[self.kind].label(problem, self.answer).outcome
        except Exception:  # a mistake of ours explains no answer; `classify` says it of the problem's own
            return Outcome.UNEXPLAINED

    def carries(self, problem: Problem, outcome: Outcome) -> bool:
        """By the rules of its kind."""
        return self.outcome_for(problem) is outcome

    def is_wrong_for(self, problem: Problem) -> bool:
        """Whether it is not the reference answer."""
        return self.outcome_for(problem) is not Outcome.CORRECT

    def by_accident(self, outcome: Outcome) -> bool:
        """Every label of such an answer follows from what it is held against."""
        return True


def held_answer(problem: Problem, labelled: Classification, text: str) -> HeldAnswer | None:
    """Return the wrong answer that decided a label; None for a right one, and where the text decided."""
    if problem.kind != "number":
        answer = labelled.wrong_answer
        return None if answer is None else TextAnswer(problem.kind, TEXT_KINDS[problem.kind].freed(problem, answer))
    return None if labelled.wrong_number is None else NumberAnswer(labelled.wrong_number, written_steps(text))
