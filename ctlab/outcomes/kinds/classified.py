"""From text to outcome for answers that are no numbers: what every kind has in common, in order of precedence."""

from collections.abc import Collection

from ctlab.outcomes.classification import Classification, Explanation
from ctlab.outcomes.extraction import Extraction
from ctlab.outcomes.kinds.answer_kind import AnswerKind, Label, Reading
from ctlab.outcomes.kinds.correction import corrected
from ctlab.outcomes.kinds.refusal import is_meant, is_refusal, refuses
from ctlab.outcomes.kinds.said import said
from ctlab.outcomes.outcome import BY_ANSWER, Outcome
from ctlab.outcomes.repetition import runs_away
from ctlab.problems import Problem

REFUSED = "the text says that it has no answer"
"""How such a text was read (`Reading.how`), and why it is NONE."""


def classified(kind: AnswerKind, problem: Problem, text: str, forms: Collection[str] | None) -> Classification:
    """Decide the outcome of one generation by its answer kind, as `ctlab.outcomes.classify` does for numbers."""
    reading = _read(kind, problem, text)
    broken = reading.form not in forms if forms else None
    label = _label(kind, problem, reading, bool(broken))
    extraction = Extraction(
        after_marker=None,
        last=None,
        marker=reading.marker,
        form_broken=broken,
        answer=reading.answer,
        ambiguous=reading.ambiguous or label.outcome is Outcome.HEDGED,
        reading=reading.how,
    )
    return Classification(
        outcome=label.outcome,
        prediction=None,
        explanations=(Explanation(outcome=label.outcome, detail=label.detail),),
        confidence=_confidence(label.outcome, reading),
        extraction=extraction,
    )


def _read(kind: AnswerKind, problem: Problem, text: str) -> Reading:
    """Read an answer; one that says it has none has none, unless just that is asked for."""
    found = said(text)
    reading = corrected(kind, problem, found, kind.read(problem, text))
    where = reading.text[reading.start : reading.end]
    if where and is_meant(problem, where):
        return reading
    if refuses(found) or (reading.answer is not None and is_refusal(where)):
        return Reading(text=reading.text, marker=reading.marker, how=REFUSED)
    return reading


def _label(kind: AnswerKind, problem: Problem, reading: Reading, broken: bool) -> Label:
    label = None if reading.answer is None else kind.label(problem, reading.answer)
    if label is not None and label.outcome is Outcome.CORRECT:
        return label
    if not reading.text:
        return Label(Outcome.NONE, "the model produced nothing")
    if reading.how == REFUSED:
        return Label(Outcome.NONE, REFUSED)
    if label is None:
        return Label(Outcome.NONSENSE, kind.nothing)
    if runs_away(reading.text):
        return Label(Outcome.NONSENSE, "runaway repetition")
    if why := kind.beside(problem, reading):
        return Label(Outcome.NONSENSE, why)
    return Label(Outcome.FORM_BROKEN, f"of the form “{reading.form}”") if broken else label


def _confidence(outcome: Outcome, reading: Reading) -> float:
    """As of numbers: 0 for what nothing explains, 1 where the text decides, half where a person would hesitate."""
    if outcome is Outcome.UNEXPLAINED:
        return 0.0
    return 0.5 if reading.ambiguous and outcome in BY_ANSWER else 1.0
