"""The parts of an error mix as claims of their own: the composition of all errors, the labels of the same ones."""

from typing import Any

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha, check_margin
from ctlab.statistics.error_kinds.composition import Composition, compare_joint, joint_counts
from ctlab.statistics.error_kinds.error_mix import (
    CHI2,
    COMPOSITION,
    PERMUTATIONS,
    error_labels_of,
    shares,
    together,
)
from ctlab.statistics.error_kinds.mix_power import Part, composition_shifts, labels_shift
from ctlab.statistics.error_kinds.stuart_maxwell import stuart_maxwell
from ctlab.statistics.pairing import AnsweredRun, Question, check_runs
from ctlab.statistics.requested import check_requested

IN_FORM = "wrong in the usual form under both"
"""Problems whose labels are compared."""


@checked_arguments
def error_composition(
    baseline: AnsweredRun, treated: AnsweredRun, claim: Question, *, seed: int = 0, power: bool = True
) -> Effect:
    """Return whether the composition of all errors, broken forms among them, differs between two runs.

    Parameters
    ----------
    baseline, treated : Run
        Two runs of the same problems.
    claim : Question
        `margin` is 0 for "it shifts", or the smallest total variation distance of interest: a proportion.
    seed : int
        Seed of the bootstrap.
    power : bool
        Whether to simulate how often the test would reject, where it does not.

    Returns
    -------
    Effect
        `estimate` is the total variation distance between both compositions. Without an estimate when a run has no
        error at all.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`.

    Notes
    -----
    `compare_compositions`: a bootstrap over problems. Each condition has its own errors, so that this describes which
    errors there are, and not what becomes of the same ones: errors that are new may be of other problems.
    """
    check_requested(claim, "error_composition", runs=(baseline, treated))
    n = _checked(baseline, treated, claim)
    names, joint = joint_counts(error_labels_of(baseline), error_labels_of(treated))
    composition = compare_joint(names, joint, alpha=claim.alpha, seed=seed)
    errors = dict(zip((baseline.condition.name, treated.condition.name), composition.errors, strict=True))
    without = " or ".join(name for name, count in errors.items() if not count)
    undecided = f"no problem is wrong under {without}, so there are no errors to compare" if without else ""
    effect = _effect(
        claim,
        n,
        composition,
        {COMPOSITION: composition.p_value},
        method="composition of errors by bootstrap over problems",
        null="the composition of errors does not shift",
        undecided=undecided,
        groups={f"wrong under {name}": count for name, count in errors.items()},
    )
    if without:
        return effect.no_estimate(undecided)
    return _with_power(effect, joint, claim, (composition_shifts,), seed) if power else effect


@checked_arguments
def error_labels(
    baseline: AnsweredRun, treated: AnsweredRun, claim: Question, *, seed: int = 0, power: bool = True
) -> Effect:
    """Return whether the labels shift of problems that are answered wrongly, in the usual form, in both runs.

    Parameters
    ----------
    baseline, treated, claim, seed, power
        As `error_composition`; the margin is one on the labels of these problems.

    Returns
    -------
    Effect
        `estimate` is the total variation distance between the labels of these problems; `p_value` the larger of two:
        Stuart-Maxwell's by χ² and by permutations. Without an estimate when there is no such problem.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`.

    Notes
    -----
    The same problems are compared, so that the number of new errors cannot move the result; and only what was read
    labels, so that answers which fall apart (no answer, nonsense, another form) are not taken for another mistake.
    """
    from ctlab.outcomes.outcome import BY_ANSWER

    check_requested(claim, "error_labels", runs=(baseline, treated))
    n = _checked(baseline, treated, claim)
    pairs = zip(error_labels_of(baseline), error_labels_of(treated), strict=True)
    both = [(one, other) for one, other in pairs if one in BY_ANSWER and other in BY_ANSWER]
    names, joint = joint_counts([one for one, _ in both], [other for _, other in both])
    composition = compare_joint(names, joint, alpha=claim.alpha, seed=seed)
    found = stuart_maxwell(joint[:-1, :-1].astype(int).tolist(), seed=seed) if both else None
    undecided = "" if both else "no problem is answered wrongly in the usual form under both conditions"
    effect = _effect(
        claim,
        n,
        composition,
        {} if found is None else {CHI2: found.p_value, PERMUTATIONS: found.permutation_p},
        method="Stuart-Maxwell test with permutation check; variation by bootstrap over problems",
        null="the labels of problems wrong under both do not shift",
        undecided=undecided,
        groups={IN_FORM: len(both)},
    )
    if found is None:
        return effect.no_estimate(undecided)
    effect = effect.with_details(labels=list(names), table=joint[:-1, :-1].astype(int).tolist())
    return _with_power(effect, joint, claim, (labels_shift,), seed) if power else effect


def _checked(baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> int:
    """Return the number of problems of two runs, at a level and a margin that are some."""
    check_alpha(claim.alpha)
    check_margin(claim.margin)
    return check_runs(baseline, treated)


def _effect(claim: Question, n: int, composition: Composition, tests: dict[str, float], **fields: Any) -> Effect:
    """Return a distance between two compositions with its tests, of which the largest p counts."""
    return Effect(
        estimate=composition.variation,
        low=composition.low,
        high=composition.high,
        level=1.0 - 2.0 * claim.alpha,
        p_value=max(tests.values(), default=1.0),
        n=n,
        alternative="greater" if claim.margin else "two-sided",
        margin=claim.margin,
        boundary=claim.margin,
        unit="variation",
        details={
            "tests": tests,
            "decided_by": max(tests, key=lambda name: tests[name], default=""),
            "interval_95": None if fields["undecided"] else list(composition.interval_95),
            "errors": list(composition.errors),
            "shares": [] if fields["undecided"] else shares(composition),
        },
        **fields,
    )


def _with_power(effect: Effect, joint: Any, claim: Question, parts: tuple[Part, ...], seed: int) -> Effect:
    """Return an effect that did not reject with how often such a sample would."""
    if effect.p_value <= claim.alpha:
        return effect
    return effect.with_details(together=together(joint, claim, effect.estimate, effect.p_value, parts, seed))
