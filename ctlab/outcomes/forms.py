"""The form of an answer: its text with each number as N; and which forms a model's undisturbed answers have."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

from ctlab import formatting
from ctlab.problems.text.numbers import find_numbers
from ctlab.problems.text.spelling import spelled

COVERED = 0.99
"""Share of the baseline's correct answers that the learned forms cover; what is rarer is a slip of form itself."""
MOST_FORMS = 20
"""More forms than that are no form: GSM8K's written solutions need one for nearly every answer (284 for 286, 454 for
458), answers without steps one or two."""
LEAST_ANSWERS = 50
"""Correct answers below which nothing is learned: so few could stand in twenty forms although every text is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms that undisturbed answers have, and where they are from."""

    known: tuple[str, ...] = ()
    """The forms; empty where there is none, so that no answer can have another one."""
    source: Literal["declared", "learned", "unknown"]
    """By the model's family; from the baseline's correct answers; unknown where there was no baseline to learn from."""
    answers: int = 0
    """Correct answers of the baseline that they were looked for in."""
    needed: int = 0
    """Forms that it takes to cover 99 % of these answers."""

    @property
    def digest(self) -> str:
        """Digest of the forms alone: labels depend on nothing else of them."""
        return hashlib.sha256(json.dumps(sorted(self.known)).encode()).hexdigest()[:12]

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {**asdict(self), "known": list(self.known), "said": self.said()}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Forms":
        """Read the JSON form."""
        return cls(known=tuple(form["known"]), **{name: form[name] for name in ("source", "answers", "needed")})

    def said(self) -> str:
        """Say in one sentence which forms count, or why the outcome FORM_BROKEN is not given."""
        if self.known:
            listed = formatting.listed([f"“{form}”" for form in self.known])
            if self.source == "declared":
                return f"An answer has the form {listed}, as the model's family declares"
            return f"An answer has the form {listed}, learned from {self._answers()}"
        if self.source == "unknown":
            why = "there are no answers of the baseline to learn a form from"
        elif self.answers < LEAST_ANSWERS:
            why = f"a form is learned from at least {LEAST_ANSWERS} of them, and there are {self._answers()}"
        else:
            why = (
                f"{self._answers()} take {formatting.counted(self.needed, 'form')} to cover "
                f"{formatting.percent(COVERED, 0)}, and more than {MOST_FORMS} are no form"
            )
        return f"No answer is labelled “{formatting.outcome('FORM_BROKEN')}”: {why}"

    def _answers(self) -> str:
        return formatting.counted(self.answers, "correct answer") + " of the baseline"


UNKNOWN = Forms(source="unknown")
"""Where neither the family declares a form nor a baseline shows one."""


# Conditions mostly repeat each other's answers.
@lru_cache(maxsize=65536)
def form_of(text: str) -> str:
    """Write a text with each number as N and each run of blanks as one."""
    spelling, parts, at = spelled(text), [], 0
    for found in find_numbers(text):
        parts += [spelling[at : found.start], "N"]
        at = found.end
    return " ".join("".join([*parts, spelling[at:]]).split())


def declared_forms(forms: Iterable[str]) -> Forms:
    """Return the forms that a model's family declares."""
    return Forms(known=tuple(forms), source="declared")


def learn_forms(correct: Iterable[str]) -> Forms:
    """Find the fewest forms that cover 99 % of the baseline's correct answers, whose answers are numbers."""
    return fewest_forms(map(form_of, correct))


def fewest_forms(correct: Iterable[str]) -> Forms:
    """Find the fewest of the forms of correct answers that cover 99 % of them."""
    counts = Counter(correct)
    answers, covered, chosen = counts.total(), 0, []
    for form, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if covered >= COVERED * answers:
            break
        chosen.append(form)
        covered += count
    learned = answers >= LEAST_ANSWERS and len(chosen) <= MOST_FORMS
    return Forms(known=tuple(chosen) if learned else (), source="learned", answers=answers, needed=len(chosen))
