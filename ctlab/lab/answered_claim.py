"""A claim answered without a test around it: its kind says which statistic, its conditions which runs."""

from collections.abc import Callable, Mapping, Sequence

from ctlab import statistics
from ctlab.claims import EVERY_OUTCOME, Claim, Kind
from ctlab.errors import ClaimError
from ctlab.lab.pending_claim import PendingClaim
from ctlab.outcomes import Run
from ctlab.records import Effect
from ctlab.statistics.cells.cell import thought_of

Answer = Callable[[Claim, Sequence[Run], PendingClaim], Effect]
"""Takes the claim, the runs of its conditions in the order in which its statistic takes them, and what statistics are
told of the claim."""


def measured_effect(pending: PendingClaim, run: Callable[[str], Run]) -> Effect:
    """Answer a claim by the statistic of its kind; ClaimError for one about measurements, which says nothing of them.

    ``run`` returns the run of a condition by its name.
    """
    claim = pending.claim
    answer = ANSWERS.get(claim.kind)
    if answer is None:
        names = " or ".join(claim.kind.rules.statistics)
        raise ClaimError(
            f"claim {claim.id!r} is of the kind {str(claim.kind)!r}, which does not say what is measured; "
            f"hand it over: lab.judge(claim, lambda claim: {names or 'statistic'}(…, claim)), with numbers of "
            f'lab.measure("{claim.conditions[-1]}")'
        )
    return answer(claim, [run(name) for name in claim.kind.rules.taken(claim)], pending)


def _difference(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    before, after = _two(claim, runs)
    return statistics.rate_difference(claim.outcome, before, after, pending)


def _equivalence(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    before, after = _two(claim, runs)
    if claim.outcome == EVERY_OUTCOME:
        return statistics.every_outcome_equivalent(before, after, pending)
    return statistics.rate_equivalence(claim.outcome, before, after, pending)


def _more_than(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    first, second = _two(claim, runs)
    return statistics.stronger(first, second, pending, outcome=claim.outcome)


def _interaction(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    before, after = _two(claim, runs)
    return statistics.interaction(claim.feature, before, after, pending, outcome=claim.outcome)


def _correlation(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    before, after = _two(claim, runs)
    return statistics.impact_correlation(claim.feature, before, after, pending, outcome=claim.outcome)


def _ratio(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    baseline, first, second = _many(claim, runs, 3)
    return statistics.ratio(baseline, first, second, pending, outcome=claim.outcome)


def _additivity(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    baseline, first, second, both = _many(claim, runs, 4)
    return statistics.additivity(baseline, first, second, both, pending, outcome=claim.outcome)


def _needed_where(claim: Claim, runs: Sequence[Run], pending: PendingClaim) -> Effect:
    baseline, *treated = runs
    thoughts = [thought_of(run.condition) for run in treated]
    # A thought that is hidden twice is hidden from different readers, which tell its cells apart.
    read = statistics.needed_where if len(set(thoughts)) == len(thoughts) else statistics.read_where
    return read(baseline, treated, pending, feature=claim.feature, outcome=claim.outcome)


ANSWERS: Mapping[Kind, Answer] = {
    Kind.DIFFERENCE: _difference,
    Kind.EQUIVALENCE: _equivalence,
    Kind.MORE_THAN: _more_than,
    Kind.ERROR_MIX: lambda claim, runs, pending: statistics.error_mix(*_two(claim, runs), pending),
    Kind.ERROR_COMPOSITION: lambda claim, runs, pending: statistics.error_composition(*_two(claim, runs), pending),
    Kind.ERROR_LABELS: lambda claim, runs, pending: statistics.error_labels(*_two(claim, runs), pending),
    Kind.INTERACTION: _interaction,
    Kind.CORRELATION: _correlation,
    Kind.RATIO: _ratio,
    Kind.ADDITIVITY: _additivity,
    Kind.TREND: lambda claim, runs, pending: statistics.ordered_trend(runs, pending, outcome=claim.outcome),
    Kind.NOT_ALL_EQUAL: lambda claim, runs, pending: statistics.cochran_q(runs, pending, outcome=claim.outcome),
    Kind.NEEDED_WHERE: _needed_where,
    Kind.IDLE: lambda claim, runs, pending: statistics.idle_thoughts(runs[0], runs[1:], pending, outcome=claim.outcome),
}
"""How each kind whose statistic takes runs is answered."""


def _two(claim: Claim, runs: Sequence[Run]) -> tuple[Run, Run]:
    first, second = _many(claim, runs, 2)
    return first, second


def _many(claim: Claim, runs: Sequence[Run], count: int) -> Sequence[Run]:
    if len(runs) != count:
        raise ClaimError(
            f"claim {claim.id!r}, of the kind {str(claim.kind)!r}, compares {count} runs, and its conditions "
            f"{', '.join(claim.conditions)} give {len(runs)}; name those that it is about"
        )
    return runs
