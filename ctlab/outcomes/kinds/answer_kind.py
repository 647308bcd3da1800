"""What an answer kind is: how an answer is read, and what an answer that was read is at a problem."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from ctlab.outcomes.outcome import BY_ANSWER, OUTCOMES_OF, Outcome
from ctlab.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text gives as its answer."""

    text: str
    """The text without end tokens and layout."""
    answer: str | None = None
    """The answer as it is compared; None where there is none of this kind."""
    start: int = 0
    """Where it begins in the text."""
    end: int = 0
    """Where it ends."""
    marker: str | None = None
    """The answer marker before it."""
    ambiguous: bool = False
    """Whether a careful person would hesitate."""
    how: str = ""
    """How it was read, in words."""

    @property
    def form(self) -> str:
        """The text with the answer as N and each run of blanks as one, as the form of a number's answer is written."""
        if self.answer is None:
            return " ".join(self.text.split())
        return " ".join(f"{self.text[: self.start]}N{self.text[self.end :]}".split())


@dataclass(frozen=True, slots=True)
class Label:
    """The outcome of an answer at a problem, with what was seen."""

    outcome: Outcome
    """The outcome."""
    detail: str
    """Why, in words."""


class AnswerKind(ABC):
    """One answer kind that is no number: what its reader and its labels are.

    What a reference answer of the kind has to be is held when a problem is made (`ctlab.problems.answer_kinds`).
    """

    name: ClassVar[str]
    """As `ctlab.problems.Problem.kind` says it."""
    nothing: ClassVar[str]
    """Why a text without an answer is NONSENSE."""
    several: ClassVar[bool] = False
    """Whether an answer is a list of items."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes that an answer can have, in order of precedence."""
        return OUTCOMES_OF[self.name]

    @property
    def by_chance(self) -> tuple[Outcome, ...]:
        """Those that a wrong answer can have by accident: it would have them at another problem, too."""
        return tuple(outcome for outcome in self.outcomes if outcome in BY_ANSWER)

    @abstractmethod
    def read(self, problem: Problem, text: str) -> Reading:
        """Read the answer that a text gives to a problem, without a look at the reference answer where that is whole.

        Text is untrusted: in time linear in its length.
        """

    @abstractmethod
    def label(self, problem: Problem, answer: str) -> Label:
        """Say what an answer that was read (`Reading.answer`) is at a problem, its own or another one."""

    def freed(self, problem: Problem, answer: str) -> str:
        """Return what of a wrong answer is held against other problems, without what it owes to its own question.

        Its label at its own problem is that of the whole answer.
        """
        return answer

    def answers(self, answer: str) -> bool:
        """Whether what was read after a correction is another answer, and no remark about the first one.

        Whatever the reference answer is: a reader that looked at it would find it.
        """
        return True

    def beside(self, problem: Problem, reading: Reading) -> str:
        """Say why a text that is not right answers something else than the question; empty where it does answer it."""
        return ""
