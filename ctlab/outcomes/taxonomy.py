"""The error taxonomy: which outcome a generation is, decided from the problem's own calculation graph."""

from collections.abc import Collection
from functools import lru_cache

from ctlab.errors import InputError
from ctlab.inputs import shortened, shown
from ctlab.outcomes.candidates import candidates
from ctlab.outcomes.classification import Classification, Explanation
from ctlab.outcomes.extraction import Extraction, extract
from ctlab.outcomes.forms import form_of
from ctlab.outcomes.kinds import TEXT_KINDS
from ctlab.outcomes.kinds.classified import classified
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.repetition import runs_away
from ctlab.problems import Equation, Number, Problem, find_equations, same_number
from ctlab.problems.text.plain_text import plain
from ctlab.source_digest import source_digest

CLASSIFIER_VERSION = source_digest(__name__)
"""Digest of the source that labels answers, another one whenever any answer may get another label; stored labels are
kept under it."""


def classify(problem: Problem, text: str, forms: Collection[str] | None = None) -> Classification:
    """Decide the outcome of one generation, keeping every explanation that fits beside the one chosen.

    Written steps decide between calculation and logic errors where the model wrote them; otherwise the final number
    does, by what the problem's calculation graph makes of it. ``forms`` are those that undisturbed answers have
    (`learn_forms`): a wrong answer of another form is FORM_BROKEN; without any, empty or None, no answer is.

    An answer that is no number is labelled by the rules of its kind (`ctlab.outcomes.kinds`).

    A text is untrusted, and a mistake of ours in reading it costs this answer alone: it is UNEXPLAINED, and
    ``Classification.failure`` says why.
    """
    if not isinstance(problem, Problem):
        raise InputError(f"the first argument is a ctlab.Problem, not {shown(problem)}; the text comes second")
    given: object = text
    if hasattr(given, "text"):
        raise InputError("classify takes the text of an answer, and was given the whole answer; write answer.text")
    if not isinstance(given, str):
        raise InputError(f"the text of an answer is a str, not {shown(text)}; where nothing was said it is ''")
    try:
        if problem.kind == "number":
            return _classified(problem, text, forms)
        return classified(TEXT_KINDS[problem.kind], problem, text, forms)
    except Exception as error:
        return _unlabelled(error)


def answer_form(problem: Problem, text: str) -> str:
    """Write an answer with each number as N (`form_of`), or, of another kind, with what was read as the answer as N."""
    return form_of(text) if problem.kind == "number" else TEXT_KINDS[problem.kind].read(problem, text).form


def _classified(problem: Problem, text: str, forms: Collection[str] | None) -> Classification:
    extraction = extract(text, forms)
    prediction = extraction.prediction
    if prediction is not None and same_number(prediction, problem.gold_number):
        return _decided(Outcome.CORRECT, "equals the gold answer", extraction)
    if not plain(text).strip():
        return _decided(Outcome.NONE, "the model produced nothing", extraction)
    if prediction is None:
        return _decided(Outcome.NONSENSE, "no number in the text", extraction)
    if runs_away(text):
        return _decided(Outcome.NONSENSE, "runaway repetition", extraction)
    if extraction.form_broken:
        return _decided(Outcome.FORM_BROKEN, f"of the form “{form_of(text)}”", extraction)
    return _explained(problem, prediction, written_steps(text), extraction)


def label(problem: Problem, prediction: Number, steps: tuple[Equation, ...] = ()) -> Outcome:
    """Decide the outcome of a final number, with the steps that were written before it; as `classify` does."""
    try:
        return _labelled(problem, prediction, steps)
    except Exception:  # a mistake of ours explains no number; `classify` says it of the problem's own answer
        return Outcome.UNEXPLAINED


def _labelled(problem: Problem, prediction: Number, steps: tuple[Equation, ...]) -> Outcome:
    if same_number(prediction, problem.gold_number):
        return Outcome.CORRECT
    if not all(step.holds for step in steps):
        return Outcome.CALC_ERROR
    fits = (outcome for outcome, _ in candidates(problem).explain(prediction))
    if not steps:
        return next(fits, Outcome.UNEXPLAINED)
    return next((outcome for outcome in fits if stands_beside(outcome, problem, steps)), Outcome.LOGIC_ERROR)


def carries(problem: Problem, prediction: Number, steps: tuple[Equation, ...], outcome: Outcome) -> bool:
    """Whether a final number would have an outcome; asked of every answer at every problem, so it stops early."""
    try:
        return _carries(problem, prediction, steps, outcome)
    except Exception:  # as in `label`
        return outcome is Outcome.UNEXPLAINED


def _carries(problem: Problem, prediction: Number, steps: tuple[Equation, ...], outcome: Outcome) -> bool:
    if not steps and outcome not in (Outcome.LOGIC_ERROR, Outcome.UNEXPLAINED):
        close = candidates(problem)
        if (named := close.named(prediction)) is not None or not close.slips_widely(prediction):
            return named is outcome and not same_number(prediction, problem.gold_number)
    return label(problem, prediction, steps) is outcome


def stands_beside(outcome: Outcome, problem: Problem, steps: tuple[Equation, ...]) -> bool:
    """Whether an explanation of the number comes before LOGIC_ERROR although every written step is true.

    The steps say what was calculated. A number that happens to be a result of the worked solution is a part of it only
    where the model walked the worked solution and stopped; one that is a multiple of the gold answer was scaled only
    where the gold answer stands among the results; and nothing slipped.
    """
    match outcome:
        case Outcome.PARTIAL_ANSWER:
            return all(any(same_number(step.right, result) for result in _results(problem.solution)) for step in steps)
        case Outcome.OFF_BY_FACTOR:
            return any(same_number(step.right, problem.gold_number) for step in steps)
        case Outcome.SIGN_ERROR | Outcome.OPERATION_REVERSAL:
            return True
        case _:
            return False


@lru_cache(maxsize=4096)
def _results(solution: str) -> tuple[Number, ...]:
    """Every result of a worked solution, those inside a longer step too."""
    steps = find_equations(solution)
    inside = (Number.of(operation.value) for step in steps for operation in step.left.operations)
    return (*(step.right for step in steps), *inside)


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


def _unlabelled(error: Exception) -> Classification:
    return Classification(
        outcome=Outcome.UNEXPLAINED,
        prediction=None,
        explanations=(),
        confidence=0.0,
        extraction=Extraction(after_marker=None, last=None, marker=None),
        failure=f"{type(error).__name__}: {shortened(str(error))}",
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
        stand = [way for way in explanations if stands_beside(way.outcome, problem, equations)]
        rest = [way for way in explanations if way not in stand]
        explanations = [*stand, Explanation(outcome=Outcome.LOGIC_ERROR, detail=detail), *rest]
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
