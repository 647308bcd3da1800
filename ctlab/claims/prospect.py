"""Before any generation: what each claim could find with the problems at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from ctlab import formatting
from ctlab.claims.claim import EVERY_OUTCOME, Claim, Direction, Family, Kind
from ctlab.claims.detectable import reach, too_few
from ctlab.claims.judge import SMALLEST_GROUP
from ctlab.statistics.power.large_sample import detectable_mean
from ctlab.statistics.power.paired_power import POWER, equivalence_power, problems_to_prove, provable_margin

ASSUMED_DISCORDANCE = 0.10
"""Share of problems that are assumed to change under a condition, where no pilot says better."""
ASSUMED_RATE = 0.8
"""Rate of the outcome that is assumed under the baseline, likewise."""
_EQUIVALENT = "if the true difference is 0"
_HARDLY = 0.05
"""Power below which an equivalence is as good as out of reach."""
_MEASURED = (Kind.MEAN, Kind.EVERY_MEAN, Kind.LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What one claim could find."""

    claim_id: str
    """Id of the claim."""
    alpha: float
    """Level of the claim."""
    n: int
    """Number of problems."""
    discordance: float | None
    """Share of problems assumed to change, a proportion; None for a claim about a measurement, which has no pairs."""
    detectable: float | None
    """Smallest true effect found with 80 % power, beyond the claim's margin; None for equivalences, when none is, and
    where `note` says why none can be promised yet."""
    provable: float | None
    """Smallest equivalence margin proven with 80 % power when nothing changes on balance; None for other claims."""
    power: float | None
    """For equivalences: probability of proving the claim's margin when nothing changes on balance."""
    needed: int | None
    """For equivalences: about how many problems prove the claim's margin with 80 % power."""
    unit: str
    """Unit of `detectable` and `provable`: `points` are proportions."""
    note: str
    """What the numbers assume."""


def plan(
    families: Iterable[Family],
    n: int,
    *,
    discordance: float | Mapping[str, float] = ASSUMED_DISCORDANCE,
    rate: float | Mapping[str, float] = ASSUMED_RATE,
    spread: Mapping[str, float] | None = None,
) -> tuple[Prospect, ...]:
    """Return what each claim could find with `n` problems.

    Parameters
    ----------
    families : iterable of Family
        Registered families; α is each family's divided by its number of claims.
    n : int
        Number of problems.
    discordance : float or mapping of str to float
        Share of problems that change, a proportion: one for all claims, or by claim id from a pilot.
    rate : float or mapping of str to float
        Rate of the outcome under the baseline, a proportion: likewise.
    spread : mapping of str to float, optional
        Standard deviation of the measurement over problems, by claim id from a pilot, for claims about a mean.

    Returns
    -------
    tuple of Prospect
        One a claim, in the order of the registry.
    """
    rows = []
    for family in families:
        for claim in family.claims:
            if n < SMALLEST_GROUP:
                rows.append(_of_too_few(claim, family.claim_alpha, n))
                continue
            if claim.kind in _MEASURED:
                rows.append(_of_a_mean(claim, family.claim_alpha, n, (spread or {}).get(claim.id)))
                continue
            share = discordance.get(claim.id, ASSUMED_DISCORDANCE) if isinstance(discordance, Mapping) else discordance
            before = rate.get(claim.id, ASSUMED_RATE) if isinstance(rate, Mapping) else rate
            rows.append(_prospect(claim, family.claim_alpha, n, share, before))
    return tuple(rows)


def compared_pairs(claim: Claim) -> list[tuple[str, str]]:
    """Return the pairs of conditions whose discordance decides how far a claim reaches."""
    names = claim.conditions
    if claim.kind == Kind.MORE_THAN:
        return [(names[1], names[2])] if len(names) > 2 else []
    if claim.kind == Kind.NOT_ALL_EQUAL:
        return list(combinations(names[1:], 2))
    if claim.kind == Kind.TREND:
        return list(pairwise(names))
    if claim.kind == Kind.ADDITIVITY:
        return [(names[0], names[1]), (names[2], names[3])] if len(names) > 3 else []
    return [(names[0], names[1])] if len(names) > 1 else []


def _of_too_few(claim: Claim, alpha: float, n: int) -> Prospect:
    """Return that nothing is decided by so few problems."""
    return Prospect(
        claim_id=claim.id,
        alpha=alpha,
        n=n,
        discordance=None,
        detectable=None,
        provable=None,
        power=None,
        needed=None,
        unit="points",
        note=too_few(n),
    )


def _prospect(claim: Claim, alpha: float, n: int, share: float, rate: float) -> Prospect:
    """Return what one claim could find."""
    if claim.kind == Kind.EQUIVALENCE or claim.direction == Direction.EQUIVALENT:
        power = equivalence_power(claim.margin, share, n, alpha=alpha)
        needed = problems_to_prove(claim.margin, share, alpha=alpha)
        of = "; for the outcome that changes most" if claim.outcome == EVERY_OUTCOME else ""
        return Prospect(
            claim_id=claim.id,
            alpha=alpha,
            n=n,
            discordance=share,
            detectable=None,
            provable=provable_margin(share, n, alpha=alpha),
            power=power,
            needed=needed,
            unit="points",
            note=f"{_at_the_margin(claim.margin, power, needed)}; {_EQUIVALENT}{of}",
        )
    found = reach(claim, alpha, n, share, rate)
    return Prospect(
        claim_id=claim.id,
        alpha=alpha,
        n=n,
        discordance=None if claim.kind == Kind.AUC else share,
        detectable=found.detectable,
        provable=None,
        power=None,
        needed=None,
        unit=found.unit,
        note=found.note,
    )


def _at_the_margin(margin: float, power: float, needed: int | None) -> str:
    """Say whether the margin that an equivalence claims can be proven, and what it takes where it hardly can."""
    claimed = f"claims ±{formatting.points(margin).lstrip('+')}"
    if power >= POWER - 0.005:  # 80 %, as it is printed
        return f"{claimed}, proven with {formatting.percent(power, 0)} power"
    takes = f"80 % takes about {formatting.counted(needed, 'problem')}" if needed else "no number of problems is enough"
    if power < _HARDLY:
        return f"{claimed}, which is hardly ever SUPPORTED here: {takes}"
    return f"{claimed}, proven with only {formatting.percent(power, 0)} power: {takes}"


def _of_a_mean(claim: Claim, alpha: float, n: int, spread: float | None) -> Prospect:
    """Return what a claim about a mean could find; nothing is promised before a pilot has shown the spread."""
    deviations = detectable_mean(n, alpha=alpha, two_sided=claim.direction == Direction.CHANGE)
    known = "about; of each part" if claim.kind == Kind.EVERY_MEAN else "about; beyond the margin"
    return Prospect(
        claim_id=claim.id,
        alpha=alpha,
        n=n,
        discordance=None,
        detectable=None if spread is None else deviations * spread,
        provable=None,
        power=None,
        needed=None,
        unit=claim.scale,
        note=f"about {deviations:.2g} standard deviations of what the test measures, which only judging it computes"
        if spread is None
        else known,
    )
