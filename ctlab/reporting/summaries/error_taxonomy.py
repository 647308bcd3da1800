"""The error taxonomy as tables: every classified prediction; counts, rates, chance rates and shifts by condition."""

from collections.abc import Mapping, Sequence

from ctlab.errors import PairingError
from ctlab.outcomes import CLASSIFIER_VERSION, EXTRACTOR_VERSION, ChanceRate, Outcome, Run
from ctlab.reporting.model.outcome_table import ConditionOutcomes, ErrorTaxonomy, OutcomeCell, Shift
from ctlab.reporting.model.record import BASELINE, Form
from ctlab.reporting.summaries.prediction_rows import PredictionRows


def error_taxonomy(
    runs: Mapping[str, Run],
    *,
    chance: Mapping[str, Mapping[Outcome, ChanceRate]] | None = None,
    own: Mapping[str, Mapping[str, Sequence[bool]]] | None = None,
) -> tuple[PredictionRows, Form]:
    """Return the rows of error_taxonomy_full.json and the content of error_taxonomy_summary.json.

    Chance rates are computed unless they are given by condition name, from a store, say; ``own`` says by the name of
    each outcome of the suite's own, and by condition, which answers have it. Shifts are paired with baseline and
    described with unadjusted 95 % intervals; they are no tests of claims.
    """
    own = own or {}
    if not runs:
        raise PairingError("There are no runs to tabulate; give at least one condition's run.")
    baseline = runs.get(BASELINE)
    conditions = {}
    for name, run in runs.items():
        rates = _chance_rates(run) if chance is None or name not in chance else chance[name]
        conditions[name] = _summary(run, rates)
        if own:
            cells = {outcome: _cell(sum(has[name]), len(run.problems), None) for outcome, has in own.items()}
            conditions[name] = conditions[name].model_copy(update={"own": cells})
        if baseline is not None and name != BASELINE:
            shifts = _shifts(baseline, run) | {
                outcome: _shift(has[BASELINE], has[name]) for outcome, has in own.items()
            }
            conditions[name] = conditions[name].model_copy(update={"shifts": shifts})
    summary = ErrorTaxonomy(
        schema_=1,
        classifier=CLASSIFIER_VERSION,
        extractor=EXTRACTOR_VERSION,
        baseline=BASELINE if baseline is not None else None,
        conditions=conditions,
    )
    return PredictionRows(runs, own), summary.to_json()


def _summary(run: Run, rates: Mapping[Outcome, ChanceRate]) -> ConditionOutcomes:
    """Counts and rates of one run."""
    n = len(run.problems)
    counts = {outcome: int(run.labels.has(outcome).sum()) for outcome in run.outcomes}
    # A number that was read without a marker, though one may stand elsewhere; of other answers, no marker at all.
    unmarked = run.labels.flagged if run.problems[0].kind == "number" else run.labels.without_marker
    return ConditionOutcomes(
        n=n,
        n_wrong=n - counts[Outcome.CORRECT],
        n_wrong_numbers=max((rate.n for outcome, rate in rates.items() if outcome is not Outcome.CORRECT), default=0),
        n_without_marker=int(unmarked.sum()),
        outcomes={outcome.value: _cell(counts[outcome], n, rates.get(outcome)) for outcome in run.outcomes},
    )


def _cell(count: int, n: int, rate: ChanceRate | None) -> OutcomeCell:
    """One outcome: ``rate`` is its share of all problems, ``share`` that of the answers that what was read labels."""
    cell = OutcomeCell(count=count, rate=count / n)
    if rate is None:
        return cell.filled()
    return cell.filled(
        of=rate.n, share=rate.rate, chance=rate.chance, corrected=rate.corrected, low=rate.low, high=rate.high
    )


def _chance_rates(run: Run) -> Mapping[Outcome, ChanceRate]:
    from ctlab.outcomes import chance_rates

    return chance_rates(run)


def _shifts(baseline: Run, run: Run) -> dict[str, Shift]:
    """Each outcome's paired difference from baseline."""
    if baseline.ids != run.ids:
        raise PairingError(
            f"{run.condition.name} and {BASELINE} do not hold the same problems in the same order; "
            "tabulate runs of one problem set."
        )
    return {outcome.value: _shift(baseline.has(outcome), run.has(outcome)) for outcome in run.outcomes}


def _shift(before: Sequence[bool], after: Sequence[bool]) -> Shift:
    """Return one outcome's paired difference."""
    from ctlab.statistics import paired_difference

    pairs = list(zip(before, after, strict=True))
    lost, gained = pairs.count((True, False)), pairs.count((False, True))
    effect = paired_difference(lost, gained, len(pairs), alpha=0.05)
    return Shift(
        lost=lost, gained=gained, estimate=effect.estimate, low=effect.low, high=effect.high, level=effect.level
    )
