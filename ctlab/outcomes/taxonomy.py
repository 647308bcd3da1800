"""The error taxonomy: which outcome a generation is, by the problem's own calculation graph."""

from ctlab.outcomes.classification import Classification, Explanation
from ctlab.outcomes.extraction import EXTRACTOR_VERSION, extract
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Number, Problem, same_number

CLASSIFIER_VERSION = f"1.{EXTRACTOR_VERSION}"
"""Changes whenever any generation may get another label; stored beside cached classifications."""


def classify(problem: Problem, text: str) -> Classification:
    """Decide the outcome of one generation."""
    extraction = extract(text)
    prediction = extraction.prediction
    explanations: tuple[Explanation, ...] = ()
    if prediction is not None and same_number(prediction, problem.gold_number):
        outcome = Outcome.CORRECT
    elif not text.strip():
        outcome = Outcome.NONE
    elif prediction is None:
        outcome = Outcome.NONSENSE
    else:
        if same_number(Number(value=-prediction.value, places=prediction.places), problem.gold_number):
            explanations = (Explanation(outcome=Outcome.SIGN_ERROR, detail="minus the gold answer"),)
        outcome = explanations[0].outcome if explanations else Outcome.UNEXPLAINED
    return Classification(
        outcome=outcome,
        prediction=prediction,
        explanations=explanations,
        confidence=0.0 if outcome is Outcome.UNEXPLAINED else 1.0,
        extraction=extraction,
    )
