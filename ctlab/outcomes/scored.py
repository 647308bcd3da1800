"""What an answer means of which nothing but right and wrong was recorded."""

from ctlab.outcomes.classification import Classification, Explanation
from ctlab.outcomes.extraction import Extraction
from ctlab.outcomes.outcome import Outcome


def scored(*, right: bool) -> Classification:
    """Return CORRECT, or UNEXPLAINED of a wrong one: in which way it is wrong nobody can tell without the answer."""
    detail = "scored as right by who recorded it"
    return Classification(
        outcome=Outcome.CORRECT if right else Outcome.UNEXPLAINED,
        prediction=None,
        explanations=(Explanation(outcome=Outcome.CORRECT, detail=detail),) if right else (),
        confidence=1.0 if right else 0.0,
        extraction=Extraction(after_marker=None, last=None, marker=None, reading="only its score was recorded"),
    )
