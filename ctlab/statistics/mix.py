"""Error mix: a shift in the kinds of errors, apart from their number."""

from ctlab.statistics.composition import compare_compositions
from ctlab.statistics.effect import Effect
from ctlab.statistics.homogeneity import Homogeneity, stuart_maxwell
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs, having

CORRECT = "CORRECT"


def error_mix(baseline: AnsweredRun, treated: AnsweredRun, claim: Question, *, seed: int = 0) -> Effect:
    """Return whether the kinds of errors shift between two runs.

    Parameters
    ----------
    baseline, treated : Run
        Two runs of the same problems.
    claim : Question
        `margin` is 0 for "they shift", or the smallest total variation distance of interest: a proportion.
    seed : int
        Seed of permutations and bootstrap.

    Returns
    -------
    Effect
        `estimate` is the total variation distance between the compositions of all errors; `p_value` the largest of
        three (see Notes); `groups` the problems wrong under both; `details` the table of labels, shares and p-values.

    Raises
    ------
    PairingError, StatisticsError
        As `rate_difference`; when a run has no error at all.

    Notes
    -----
    Two statements, both needed (intersection-union): among problems wrong under both conditions the labels shift
    (Stuart-Maxwell, by χ² and by permutations, the larger p counts), and the composition of all errors shifts
    (bootstrap over problems). The first compares the same problems and cannot be moved by how many new errors there
    are; the second describes all errors.
    """
    n = check_runs(baseline, treated)
    before, after = _labels(baseline), _labels(treated)
    composition = compare_compositions(before, after, alpha=claim.alpha, seed=seed)
    both = [(one, other) for one, other in zip(before, after, strict=True) if one is not None and other is not None]
    names = sorted({label for pair in both for label in pair})
    table = [[both.count((row, column)) for column in names] for row in names]
    found = stuart_maxwell(table, seed=seed) if both else _nothing()
    p_value = max(found.p_value, found.permutation_p, composition.p_value)
    undecided = "" if both else "no problem is wrong under both conditions"
    return Effect(
        estimate=composition.variation,
        low=composition.low,
        high=composition.high,
        level=1.0 - 2.0 * claim.alpha,
        p_value=p_value,
        n=n,
        method="Stuart-Maxwell test with permutation check; composition of errors by bootstrap over problems",
        alternative="greater" if claim.margin else "two-sided",
        margin=claim.margin,
        boundary=claim.margin,
        null="the kinds of errors do not shift",
        unit="variation",
        undecided=undecided,
        groups={"wrong under both": len(both)},
        details={
            "stuart_maxwell": {"chi2": found.statistic, "df": found.df, "p": found.p_value, "changed": found.changed},
            "permutation_p": found.permutation_p,
            "composition_p": composition.p_value,
            "interval_95": list(composition.interval_95),
            "errors": list(composition.errors),
            "labels": names,
            "table": table,
            "shares": [
                {"label": label, "before": one, "after": other, "low": low, "high": high}
                for label, one, other, (low, high) in zip(
                    composition.labels, composition.before, composition.after, composition.ends, strict=True
                )
            ],
        },
    )


def _labels(run: AnsweredRun) -> list[str | None]:
    """Return each problem's error label, None where the answer is correct."""
    from ctlab.outcomes import Outcome

    labels: list[str | None] = [None] * len(run.ids)
    for outcome in Outcome:
        if outcome != CORRECT:
            for row, has in enumerate(having(run, outcome)):
                if has:
                    labels[row] = str(outcome)
    return labels


def _nothing() -> Homogeneity:
    """Return the result of comparing no problems."""
    return Homogeneity(statistic=0.0, df=0, p_value=1.0, permutation_p=1.0, n=0, changed=0)
