"""Case studies: a dozen problems, chosen by rule, with everything that was recorded about them."""

from collections.abc import Collection, Mapping, Sequence

from ctlab.reporting.model.case_table import Case, CaseStudies, Probed, ProblemDetails
from ctlab.reporting.model.outcome_table import Answer, Prediction
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.reporting.prose.narrative import narrative
from ctlab.reporting.summaries.case_choice import CASES, RULE, SEED, Choice, choose_cases
from ctlab.reporting.summaries.prediction_rows import Predictions

PROBED = 3
"""Conditions of which a case shows thoughts, attention and path: as many as fit beside each other on a page."""


def case_studies(
    report: Report,
    predictions: Predictions,
    problems: Sequence[ProblemRow],
    details: Mapping[str, Mapping[str, object]] | None = None,
) -> CaseStudies | None:
    """Gather the cases: the rule, the seed, and each case with its facts; None where no condition can be studied.

    ``details`` holds by problem id what is known beside the full table, the JSON form of ``ProblemDetails``: answers of
    conditions that have none there, and what probes recorded. Only those of chosen problems are looked up.
    """
    name = _most_telling(report, predictions.conditions)
    if name is None:
        return None
    chosen = choose_cases([*predictions.of(BASELINE), *predictions.of(name)], problems, name)
    rows = {row.problem_id: row for row in problems}
    answers: dict[str, dict[str, Prediction]] = {choice.problem_id: {} for choice in chosen}
    for row in predictions.about(answers):
        answers[row.problem_id][row.condition] = row
    shown = [BASELINE, name, *(row.name for row in report.conditions)]
    return CaseStudies(
        schema_=1,
        condition=name,
        rule=RULE,
        seed=SEED,
        wanted=CASES,
        cases=tuple(
            _case(
                choice,
                name,
                answers[choice.problem_id],
                rows.get(choice.problem_id),
                _details(choice.problem_id, details or {}),
                shown,
            )
            for choice in chosen
        ),
    )


def _details(problem_id: str, details: Mapping[str, Mapping[str, object]]) -> ProblemDetails:
    return read(ProblemDetails, details.get(problem_id, {}), f"details of problem {problem_id}")


def _most_telling(report: Report, answered: Collection[str]) -> str | None:
    """The first treated condition that a claim compares with baseline and that has answers."""
    if BASELINE not in answered:
        return None
    named = [name for claim in report.claims for name in claim.conditions]
    candidates = [*named, *(row.name for row in report.conditions)]
    return next((name for name in candidates if name != BASELINE and name in answered), None)


def _case(
    choice: Choice,
    condition: str,
    tabulated: Mapping[str, Prediction],
    problem: ProblemRow | None,
    details: ProblemDetails,
    order: Sequence[str],
) -> Case:
    """One case with its facts and the story that they tell."""
    answers = {**tabulated, **{name: row for name, row in details.answers.items() if name not in tabulated}}
    baseline, probed = answers[BASELINE], _comparable(details, order)
    return Case(
        problem_id=choice.problem_id,
        impact=choice.impact,
        outcome=choice.outcome,
        operations=choice.operations,
        of=choice.of,
        question=baseline.question or (problem.question if problem else ""),
        solution=problem.solution if problem else "",
        gold=baseline.gold,
        answers={name: _answer(row) for name, row in answers.items()},
        thoughts=probed.thoughts,
        attention=probed.attention,
        divergence=probed.divergence,
        narrative=narrative(choice.impact, condition, answers, probed),
    )


def _answer(row: Prediction) -> Answer:
    return Answer(outcome=row.outcome, prediction=row.prediction, explanations=row.explanations, text=row.text)


def _comparable(details: ProblemDetails, order: Sequence[str]) -> Probed:
    """What probes recorded, for baseline, the condition studied and as many others as a reader can compare.

    The same conditions for everything that was recorded, so that the maps and the lines of a case can be set beside
    each other.
    """
    known = details.thoughts.keys() | details.attention.keys() | details.divergence.keys()
    return details.under([name for name in dict.fromkeys(order) if name in known][:PROBED])
