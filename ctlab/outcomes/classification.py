"""What a generation was: its outcome, with every explanation that fits beside the one chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.outcomes.extraction import Extraction
from ctlab.outcomes.outcome import BY_ANSWER, BY_NUMBER, Outcome
from ctlab.problems import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One way in which the answer can have come about."""

    outcome: Outcome
    """The outcome it speaks for."""
    detail: str
    """What was calculated or seen, such as ``16+3 instead of 16-3 in step 1``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The judged outcome of one generation."""

    outcome: Outcome
    """The first explanation's outcome in order of precedence; UNEXPLAINED without any."""
    prediction: Number | None
    """The judged number; None where the answer is none (``extraction.answer``)."""
    explanations: tuple[Explanation, ...]
    """Everything that fits, in order of precedence."""
    confidence: float
    """1 / number of outcomes that explain the answer, halved when no answer marker preceded it; 1 where the text itself
    decides (CORRECT, NONE, NONSENSE, FORM_BROKEN), 0 for UNEXPLAINED."""
    extraction: Extraction
    """Both readings of the text."""
    failure: str = ""
    """What went wrong where the answer could not be labelled and is UNEXPLAINED for that; empty where it could."""

    @property
    def wrong_number(self) -> Number | None:
        """The number that decided the label of a wrong answer; None where the text did, whatever the number."""
        return self.prediction if self.outcome in BY_NUMBER else None

    @property
    def wrong_answer(self) -> str | None:
        """What was read and decided the label of a wrong answer that is no number; None where the text did."""
        return self.extraction.answer if self.outcome in BY_ANSWER else None

    @property
    def shown(self) -> str | None:
        """What was read as the answer, as it is shown: the exact number, or the text; None for nothing."""
        return self.extraction.answer if self.prediction is None else str(self.prediction)

    def to_json(self) -> dict[str, Any]:
        """JSON form; ``failure`` is left out where nothing went wrong, which is nearly always."""
        form = {
            "outcome": self.outcome.value,
            "prediction": None if self.prediction is None else str(self.prediction),
            "explanations": [{"outcome": way.outcome.value, "detail": way.detail} for way in self.explanations],
            "confidence": self.confidence,
            "extraction": self.extraction.to_json(),
        }
        return {**form, "failure": self.failure} if self.failure else form

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Classification":
        """Read the JSON form."""
        return cls(
            outcome=Outcome(form["outcome"]),
            prediction=None if form["prediction"] is None else Number.parse(form["prediction"]),
            explanations=tuple(
                Explanation(outcome=Outcome(way["outcome"]), detail=way["detail"]) for way in form["explanations"]
            ),
            confidence=form["confidence"],
            extraction=Extraction.from_json(form["extraction"]),
            failure=form.get("failure", ""),
        )
