"""The error taxonomy: which outcome a generation is, decided from the problem's own calculation graph."""

from functools import lru_cache

from ctlab.outcomes.candidates import candidates
from ctlab.outcomes.classification import Classification, Explanation
from ctlab.outcomes.extraction import Extraction, extract
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.repetition import runs_away
from ctlab.problems import Equation, Number, Problem, find_equations, same_number
from ctlab.problems.text.plain_text import plain
from ctlab.source_digest import source_digest

CLASSIFIER_VERSION = source_digest(__name__)
"""Digest of the source that labels answers, another one whenever any answer may get another label; stored labels are
kept under it."""


def classify(problem: Problem, text: str) -> Classification:
    """Decide the outcome of one generation, keeping every explanation that fits beside the one chosen.

    Written steps decide between calculation and logic errors where the model wrote them; otherwise the final number
    does, by what the problem's calculation graph makes of it.
    """
    extraction = extract(text)
    prediction = extraction.prediction
    if prediction is not None and same_number(prediction, problem.gold_number):
        return _decided(Outcome.CORRECT, "equals the gold answer", extraction)
    if not plain(text).strip():
        return _decided(Outcome.NONE, "the model produced nothing", extraction)
    if prediction is None:
        return _decided(Outcome.NONSENSE, "no number in the text", extraction)
    if runs_away(text):
        return _decided(Outcome.NONSENSE, "runaway repetition", extraction)
    return _explained(problem, prediction, written_steps(text), extraction)


def label(problem: Problem, prediction: Number, steps_hold: bool | None = None) -> Outcome:
    """Decide the outcome of a final number; ``steps_hold``: whether all written steps are true, None without any."""
    if same_number(prediction, problem.gold_number):
        return Outcome.CORRECT
    if steps_hold is False:
        return Outcome.CALC_ERROR
    first = next((outcome for outcome, _ in candidates(problem).explain(prediction)), Outcome.UNEXPLAINED)
    if steps_hold and first in (Outcome.CALC_ERROR, Outcome.UNEXPLAINED):
        return Outcome.LOGIC_ERROR
    return first


def steps_hold(text: str) -> bool | None:
    """Whether every step that a text writes is true; None when it writes none."""
    steps = written_steps(text)
    return all(step.holds for step in steps) if steps else None


def written_steps(text: str) -> tuple[Equation, ...]:
    """Steps that a text writes; ``<<5=5>>`` calculates nothing and is none."""
    return tuple(step for step in find_equations(text) if step.left.operations or not step.holds)


def _decided(outcome: Outcome, detail: str, extraction: Extraction) -> Classification:
    return Classification(
        outcome=outcome,
        prediction=extraction.prediction,
        explanations=(Explanation(outcome=outcome, detail=detail),),
        confidence=1.0,
        extraction=extraction,
    )


def _explained(
    problem: Problem, prediction: Number, equations: tuple[Equation, ...], extraction: Extraction
) -> Classification:
    explanations = list(_ways(problem, prediction))
    false = next((equation for equation in equations if not equation.holds), None)
    if false is not None:
        detail = f"the written step {false.text} is false"
        explanations.insert(0, Explanation(outcome=Outcome.CALC_ERROR, detail=detail))
    elif equations:
        detail = f"all {len(equations)} written steps are true" if len(equations) > 1 else "the written step is true"
        place = sum(way.outcome not in (Outcome.CALC_ERROR, Outcome.LOGIC_ERROR) for way in explanations)
        explanations.insert(place, Explanation(outcome=Outcome.LOGIC_ERROR, detail=detail))
    outcomes = {way.outcome for way in explanations}
    return Classification(
        # The order of the outcomes decides, not a score: a reader can say why a label is not another one.
        outcome=explanations[0].outcome if explanations else Outcome.UNEXPLAINED,
        prediction=prediction,
        explanations=tuple(explanations),
        # A rule of thumb, for reading: nothing is judged by it.
        confidence=(0.5 if extraction.flagged else 1.0) / len(outcomes) if outcomes else 0.0,
        extraction=extraction,
    )


# Conditions mostly repeat each other's wrong answers: room for fifty conditions of 1,319 problems without any repeated.
@lru_cache(maxsize=65536)
def _ways(problem: Problem, prediction: Number) -> tuple[Explanation, ...]:
    ways = candidates(problem).explain(prediction)
    return tuple(Explanation(outcome=outcome, detail=detail) for outcome, detail in ways)
