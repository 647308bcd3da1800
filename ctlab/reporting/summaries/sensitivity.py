"""Problem sensitivity as tables: features and impact of every problem, and what goes with what, by condition.

Impact of a problem: correct under baseline minus correct under the condition, so 1 broken, 0 unchanged, −1 fixed.
Everything here describes; claims are judged elsewhere. Intervals are unadjusted 95 % ones.
"""

from collections.abc import Mapping, Sequence

from ctlab.errors import PairingError
from ctlab.measures.kept import kept_value
from ctlab.outcomes import Run
from ctlab.reporting.model.record import BASELINE, Form
from ctlab.reporting.model.sensitivity_table import (
    ConditionSensitivity,
    Described,
    FeatureTable,
    ProblemRow,
    ProblemSensitivity,
)
from ctlab.reporting.summaries.sensitivity_groups import bins, described_features, kinds
from ctlab.reporting.summaries.sensitivity_models import described, interaction_of, not_defined
from ctlab.reporting.summaries.sensitivity_profile import profile

_FEWEST = 4  # problems that a correlation with an interval takes: Fisher's z has variance 1 / (n − 3)


@kept_value
def problem_sensitivity(
    runs: Mapping[str, Run],
    *,
    conditions: Sequence[str] | None = None,
    features: Mapping[str, Mapping[str, object]] | None = None,
    own: Mapping[str, Sequence[object]] | None = None,
) -> tuple[list[Form], Form]:
    """Return the rows of problem_sensitivity_full.json and the content of problem_sensitivity_summary.json.

    ``conditions`` are the treated conditions to summarise, all by default; ``features`` gives each problem's features
    (JSON form, by problem id) where they were measured with a model's tokenizer; ``own`` has, by name, each problem's
    value of further features.
    """
    if BASELINE not in runs:
        raise PairingError(f"Problem sensitivity compares with {BASELINE!r}, and there is no such run; add it.")
    baseline = runs[BASELINE]
    treated = {name: run for name, run in runs.items() if name != BASELINE}
    for name, run in treated.items():
        if run.ids != baseline.ids:
            raise PairingError(f"{name} and {BASELINE} do not hold the same problems in the same order.")
    own = own or {}
    rows = _rows(baseline, treated, features or {}, own)
    numbers = [name for name, values in own.items() if not any(isinstance(value, str) for value in values)]
    chosen = [name for name in (conditions if conditions is not None else treated) if name in treated]
    summary = ProblemSensitivity(
        schema_=1,
        n=len(rows),
        baseline=BASELINE,
        tokens_counted_by=rows[0].tokens_counted_by or "",
        conditions={name: _summary(rows, name, baseline, treated[name], numbers) for name in chosen},
    )
    return [row.to_json() for row in rows], summary.to_json()


def _rows(
    baseline: Run,
    treated: Mapping[str, Run],
    features: Mapping[str, Mapping[str, object]],
    own: Mapping[str, Sequence[object]],
) -> list[ProblemRow]:
    """One row a problem, in problem order."""
    before = baseline.correct()
    after = {name: run.correct() for name, run in treated.items()}
    return [
        ProblemRow.model_validate(
            {
                "problem_id": problem.id,
                "index": index,
                "question": problem.question,
                "gold": problem.gold_text,
                "solution": problem.solution,
                **(features.get(problem.id) or problem.features.to_json()),
                **({"own": {name: values[index] for name, values in own.items()}} if own else {}),
                "correct": {BASELINE: before[index], **{name: right[index] for name, right in after.items()}},
                "impact": {name: int(before[index]) - int(right[index]) for name, right in after.items()},
            }
        )
        for index, problem in enumerate(baseline.problems)
    ]


def _summary(
    rows: Sequence[ProblemRow], name: str, baseline: Run, run: Run, own: Sequence[str]
) -> ConditionSensitivity:
    """Everything about one condition."""
    impacts = [row.impact[name] for row in rows]
    measures, had = described_features(baseline.problems[0].kind, rows)
    return ConditionSensitivity(
        n=len(rows),
        broken=impacts.count(1),
        fixed=impacts.count(-1),
        features={feature: _feature(rows, name, feature, baseline, run) for feature in (*measures, *own)},
        types=kinds(rows, name, had),
        profile=profile(rows, name, measures, had),
    )


def _feature(rows: Sequence[ProblemRow], name: str, feature: str, baseline: Run, run: Run) -> FeatureTable:
    """What goes with one feature: correlations, the interaction and bins."""
    pairs = [(value, float(row.impact[name])) for row in rows if (value := row.feature(feature)) is not None]
    values, impacts = [float(value) for value, _ in pairs], [impact for _, impact in pairs]
    return FeatureTable(
        pearson=_correlation(values, impacts, "pearson"),
        spearman=_correlation(values, impacts, "spearman"),
        interaction=interaction_of(baseline, run, feature),
        bins=bins(rows, name, feature),
    )


def _correlation(values: Sequence[float], impacts: Sequence[float], method: str) -> Described:
    """A correlation, or why there is none."""
    from ctlab.statistics import correlation

    if len(values) < _FEWEST:
        return not_defined(f"fewer than {_FEWEST} problems", len(values))
    if len(set(values)) == 1 or len(set(impacts)) == 1:
        return not_defined("not defined: one side is constant", len(values))
    return described(correlation(values, impacts, method=method))
