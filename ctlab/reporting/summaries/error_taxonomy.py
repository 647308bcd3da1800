"""The error taxonomy as tables: every classified prediction; counts, rates, chance rates and shifts by condition."""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import PairingError
from ctlab.outcomes import CLASSIFIER_VERSION, EXTRACTOR_VERSION, ChanceRate, Outcome, Run

BASELINE = "baseline"
Rows = list[dict[str, Any]]


def error_taxonomy(
    runs: Mapping[str, Run], *, chance: Mapping[str, Mapping[Outcome, ChanceRate]] | None = None
) -> tuple[Rows, dict[str, Any]]:
    """Return the rows of error_taxonomy_full.json and the content of error_taxonomy_summary.json.

    Chance rates are computed unless they are given by condition name, from a store, say. Shifts are paired with
    baseline and described with unadjusted 95 % intervals; they are no tests of claims.
    """
    if not runs:
        raise PairingError("There are no runs to tabulate; give at least one condition's run.")
    baseline = runs.get(BASELINE)
    conditions = {}
    for name, run in runs.items():
        rates = _chance_rates(run) if chance is None or name not in chance else chance[name]
        conditions[name] = _summary(run, rates)
        if baseline is not None and name != BASELINE:
            conditions[name]["shifts"] = _shifts(baseline, run)
    summary = {
        "schema": 1,
        "classifier": CLASSIFIER_VERSION,
        "extractor": EXTRACTOR_VERSION,
        "baseline": BASELINE if baseline is not None else None,
        "conditions": conditions,
    }
    return [prediction_row(run, index) for run in runs.values() for index in range(len(run.problems))], summary


def prediction_row(run: Run, index: int) -> dict[str, Any]:
    """One classified prediction."""
    problem = run.problems[index]
    return {
        "condition": run.condition.name,
        "index": index,
        "problem_id": problem.id,
        "question": problem.question,
        "gold": str(problem.gold_number),
        **run.classifications[index].to_json(),
        "text": run.generations[index].text,
    }


def _summary(run: Run, rates: Mapping[Outcome, ChanceRate]) -> dict[str, Any]:
    """Counts and rates of one run."""
    n = len(run.problems)
    labels = [classification.outcome for classification in run.classifications]
    counts = {outcome: labels.count(outcome) for outcome in Outcome}
    return {
        "n": n,
        "n_wrong": n - counts[Outcome.CORRECT],
        "n_wrong_numbers": max((rate.n for rate in rates.values()), default=0),
        "n_without_marker": sum(each.extraction.flagged for each in run.classifications),
        "outcomes": {outcome.value: _cell(counts[outcome], n, rates.get(outcome)) for outcome in Outcome},
    }


def _cell(count: int, n: int, rate: ChanceRate | None) -> dict[str, Any]:
    """One outcome: ``rate`` is its share of all problems, ``share`` that of the wrong answers that contain a number."""
    return {
        "count": count,
        "rate": count / n,
        "of": None if rate is None else rate.n,
        "share": None if rate is None else rate.rate,
        "chance": None if rate is None else rate.chance,
        "corrected": None if rate is None else rate.corrected,
        "low": None if rate is None else rate.low,
        "high": None if rate is None else rate.high,
    }


def _chance_rates(run: Run) -> Mapping[Outcome, ChanceRate]:
    from ctlab.outcomes import chance_rates

    return chance_rates(run)


def _shifts(baseline: Run, run: Run) -> dict[str, Any]:
    """Each outcome's paired difference from baseline."""
    from ctlab.statistics import paired_difference

    if baseline.ids != run.ids:
        raise PairingError(
            f"{run.condition.name} and {BASELINE} do not hold the same problems in the same order; "
            "tabulate runs of one problem set."
        )
    shifts = {}
    for outcome in Outcome:
        pairs = list(zip(baseline.has(outcome), run.has(outcome), strict=True))
        effect = paired_difference(pairs.count((True, False)), pairs.count((False, True)), len(pairs), alpha=0.05)
        shifts[outcome.value] = {
            "lost": effect.lost,
            "gained": effect.gained,
            "estimate": effect.estimate,
            "low": effect.low,
            "high": effect.high,
            "level": effect.level,
        }
    return shifts
