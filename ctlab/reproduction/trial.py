"""What came of a variant: which answers are right, how many end, and how likely the right answers are to it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from ctlab.generation import generate
from ctlab.interventions import BASELINE
from ctlab.outcomes.forms import form_of
from ctlab.records import Generation
from ctlab.reproduction.asked import Asked
from ctlab.reproduction.variant import Variant

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner
    from ctlab.records.generation import Padding

AS_GIVEN = Variant(change="as given", remedy="")
"""The variant that changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The answers of one variant to all questions of a sample, and what they are worth."""

    answers: tuple[Generation, ...]
    """One answer a question."""
    right: tuple[bool, ...]
    """Whether each is right."""
    ended: int
    """Answers that end by themselves."""
    log_probability: tuple[float, ...] | None = None
    """Mean log-probability of the tokens of each right answer, in nats; None where nobody knows how one is written."""

    @property
    def count(self) -> int:
        """Right answers."""
        return sum(self.right)

    @property
    def mean_log_probability(self) -> float | None:
        """Mean over questions of the mean log-probability of a right answer's tokens, in nats; −∞ where one is NaN."""
        if not self.log_probability:
            return None
        mean = sum(self.log_probability) / len(self.log_probability)
        # A network that overflows gives no probability at all: the worst that there is, and something to sort by.
        return -math.inf if math.isnan(mean) else mean

    @property
    def usual_form(self) -> tuple[str, int]:
        """The most frequent form of its answers, each number as N, and how many answers have it."""
        return Counter(form_of(answer.text) for answer in self.answers).most_common(1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A model, questions, and how it answers them: what every variant is tried on."""

    model: LatentReasoner
    """The model as given."""
    asked: tuple[Asked, ...]
    """Questions with what their answers must be."""
    padding: Padding
    """How batches are padded as given."""
    max_new_tokens: int
    """Most tokens of an answer as given."""

    def answer(self, variant: Variant, given: Sequence[Generation] = ()) -> Trial:
        """Answer all questions as a variant says; ``given`` are the given model's answers, which a reading reads."""
        if variant.reading is not None:
            texts = [variant.reading(answer.text) for answer in given]
            right = tuple(asked.correct(text) for asked, text in zip(self.asked, texts, strict=True))
            return Trial(answers=tuple(given), right=right, ended=self._ended(given, repeat(self.max_new_tokens)))
        found: dict[int, Generation] = {}
        for model, places in variant.parts(self.model, self.asked):
            runs = generate(
                model,
                [self.asked[place].problem for place in places],
                BASELINE,
                max_new_tokens=variant.max_new_tokens or self.max_new_tokens,
                padding=variant.padding or self.padding,  # type: ignore[arg-type]  # the names in Settings
                certificates=False,  # nothing is hidden, and each variant would be certified anew
            )
            found |= dict(zip(places, runs[BASELINE.name], strict=True))
        answers = tuple(found[place] for place in range(len(self.asked)))
        eos = self.model.eos_token_id
        return Trial(
            answers=answers,
            right=tuple(asked.right(answer, eos) for asked, answer in zip(self.asked, answers, strict=True)),
            ended=self._ended(answers, repeat(variant.max_new_tokens or self.max_new_tokens)),
        )

    def _ended(self, answers: Sequence[Generation], most: repeat[int]) -> int:
        eos = self.model.eos_token_id
        return sum(
            len(answer.token_ids) < limit or answer.token_ids[-1:] == (eos,)
            for answer, limit in zip(answers, most, strict=False)
        )
