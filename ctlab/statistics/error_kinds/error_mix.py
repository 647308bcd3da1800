"""Error mix: a shift in the kinds of errors, apart from their number."""

from typing import Any

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha, check_margin
from ctlab.statistics.error_kinds.composition import Composition, compare_joint, joint_counts
from ctlab.statistics.error_kinds.mix_power import BOTH, Part, problems_for_power, together_power
from ctlab.statistics.error_kinds.stuart_maxwell import StuartMaxwell, stuart_maxwell
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs, having
from ctlab.statistics.requested import check_requested

CORRECT = "CORRECT"
CHI2 = "labels of problems wrong under both, by χ²"
PERMUTATIONS = "labels of problems wrong under both, by permutations"
COMPOSITION = "composition of all errors"
"""Names of the tests that must all reject."""


@checked_arguments
def error_mix(
    baseline: AnsweredRun, treated: AnsweredRun, claim: Question, *, seed: int = 0, power: bool = True
) -> Effect:
    """Return whether the kinds of errors shift between two runs.

    Parameters
    ----------
    baseline, treated : Run
        Two runs of the same problems.
    claim : Question
        `margin` is 0 for "they shift", or the smallest total variation distance of interest: a proportion.
    seed : int
        Seed of permutations and bootstrap.
    power : bool
        Whether to simulate how often all tests would reject together, where they do not: a second or three.

    Returns
    -------
    Effect
        `estimate` is the total variation distance between the compositions of all errors; `p_value` the largest of
        three (see Notes); `groups` the problems wrong under both; `details` the table of labels, shares and p-values,
        which test decided (`decided_by`) and, where they do not all reject, how often they would (`together`).
        `undecided` when no problem is wrong under both, and without an estimate when a run has no error at all.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`.

    Notes
    -----
    Two statements, both needed (intersection-union): among problems wrong under both conditions the labels shift
    (Stuart-Maxwell, by χ² and by permutations, the larger p counts), and the composition of all errors shifts
    (bootstrap over problems). The first compares the same problems and cannot be moved by how many new errors there
    are; the second describes all errors.
    """
    check_requested(claim, "error_mix", runs=(baseline, treated))
    check_alpha(claim.alpha)
    check_margin(claim.margin)
    n = check_runs(baseline, treated)
    names, joint = joint_counts(error_labels_of(baseline), error_labels_of(treated))
    composition = compare_joint(names, joint, alpha=claim.alpha, seed=seed)
    both = [place for place, name in enumerate(names) if joint[place, :-1].any() or joint[:-1, place].any()]
    table = [[int(joint[row, column]) for column in both] for row in both]
    found = stuart_maxwell(table, seed=seed) if both else _nothing()
    tests = {CHI2: found.p_value, PERMUTATIONS: found.permutation_p, COMPOSITION: composition.p_value}
    p_value = max(tests.values())
    undecided = _undecided(composition.errors, bool(both), baseline, treated)
    details = {
        "tests": tests,
        "decided_by": max(tests, key=lambda name: tests[name]),
        "stuart_maxwell": {"chi2": found.statistic, "df": found.df, "p": found.p_value, "changed": found.changed},
        "permutation_p": found.permutation_p,
        "composition_p": composition.p_value,
        "interval_95": None if undecided else list(composition.interval_95),
        "errors": list(composition.errors),
        "labels": [names[place] for place in both],
        "table": table,
        "shares": [] if undecided else shares(composition),
    }
    if power and not undecided and p_value > claim.alpha:
        details["together"] = together(joint, claim, composition.variation, p_value, BOTH, seed)
    effect = Effect(
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
        groups={"wrong under both": found.n},
        details=details,
    )
    return effect if all(composition.errors) else effect.no_estimate(undecided)


def _undecided(errors: tuple[int, int], both: bool, baseline: AnsweredRun, treated: AnsweredRun) -> str:
    """Say why no mix can be compared, empty when one can."""
    without = [run.condition.name for run, count in zip((baseline, treated), errors, strict=True) if not count]
    if without:
        return f"no problem is wrong under {' or '.join(without)}, so there is no mix of errors to compare"
    return "" if both else "no problem is wrong under both conditions"


def together(
    joint: Any, claim: Question, variation: float, p_value: float, parts: tuple[Part, ...], seed: int
) -> dict[str, Any]:
    """Return the power of all tests together, and about how many problems they need."""
    if p_value == 1.0 or variation <= claim.margin:  # nothing moved, or not by the margin: more of the same is no help
        return {"power": 0.0, "problems_needed": None}
    power = together_power(joint, claim.alpha, claim.margin, parts=parts, seed=seed)
    needed = problems_for_power(joint, claim.alpha, claim.margin, power, parts=parts, seed=seed)
    return {"power": power, "problems_needed": needed}


def shares(composition: Composition) -> list[dict[str, Any]]:
    """Return each label's share before and after, with the interval of the difference."""
    rows = zip(composition.labels, composition.before, composition.after, composition.ends, strict=True)
    return [
        {"label": label, "before": one, "after": other, "low": low, "high": high}
        for label, one, other, (low, high) in rows
    ]


def error_labels_of(run: AnsweredRun) -> list[str | None]:
    """Return each problem's error label, None where the answer is correct."""
    labels: list[str | None] = [None] * len(run.ids)
    for outcome in run.outcomes:
        if outcome != CORRECT:
            for row, has in enumerate(having(run, outcome)):
                if has:
                    labels[row] = str(outcome)
    return labels


def _nothing() -> StuartMaxwell:
    """Return the result of comparing no problems."""
    return StuartMaxwell(statistic=0.0, df=0, p_value=1.0, permutation_p=1.0, n=0, changed=0)
