"""Before any generation: what each claim could find with the problems at hand."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from ctlab import wording
from ctlab.claims.claim import Claim, Direction, Family, Kind
from ctlab.statistics.power import (
    POWER,
    detectable_difference,
    equivalence_power,
    problems_to_prove,
    provable_margin,
)

ASSUMED_DISCORDANCE = 0.10
"""Share of problems that are assumed to change under a condition, where no pilot says better."""
ASSUMED_WRONG = 0.25
"""Share of problems that are assumed to be wrong under both conditions."""
_NORMAL = NormalDist()
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
    for a measurement whose spread nobody has seen yet."""
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
            if claim.kind in _MEASURED:
                rows.append(_of_a_mean(claim, family.claim_alpha, n, (spread or {}).get(claim.id)))
                continue
            share = discordance.get(claim.id, ASSUMED_DISCORDANCE) if isinstance(discordance, Mapping) else discordance
            rows.append(_prospect(claim, family.claim_alpha, n, share))
    return tuple(rows)


def _prospect(claim: Claim, alpha: float, n: int, share: float) -> Prospect:
    """Return what one claim could find."""
    if claim.kind == Kind.EQUIVALENCE or claim.direction == Direction.EQUIVALENT:
        return Prospect(
            claim_id=claim.id,
            alpha=alpha,
            n=n,
            discordance=share,
            detectable=None,
            provable=provable_margin(share, n, alpha=alpha),
            power=equivalence_power(claim.margin, share, n, alpha=alpha),
            needed=problems_to_prove(claim.margin, share, alpha=alpha),
            unit="points",
            note="if the true difference is 0; for one outcome",
        )
    detectable, unit, note = _detectable(claim, alpha, n, share)
    return Prospect(
        claim_id=claim.id,
        alpha=alpha,
        n=n,
        discordance=share,
        detectable=detectable,
        provable=None,
        power=None,
        needed=None,
        unit=unit,
        note=note,
    )


def _of_a_mean(claim: Claim, alpha: float, n: int, spread: float | None) -> Prospect:
    """Return what a claim about a mean could find; nothing is promised before a pilot has shown the spread."""
    tail = alpha / 2.0 if claim.direction == Direction.CHANGE else alpha
    reach = (_NORMAL.inv_cdf(1.0 - tail) + _NORMAL.inv_cdf(POWER)) / math.sqrt(n)
    known = "about; of each part" if claim.kind == Kind.EVERY_MEAN else "about; beyond the margin"
    return Prospect(
        claim_id=claim.id,
        alpha=alpha,
        n=n,
        discordance=None,
        detectable=None if spread is None else reach * spread,
        provable=None,
        power=None,
        needed=None,
        unit=claim.scale,
        note=f"about {reach:.2g} standard deviations; how large one is, a first run shows" if spread is None else known,
    )


def _detectable(claim: Claim, alpha: float, n: int, share: float) -> tuple[float | None, str, str]:
    """Return the smallest effect found with 80 % power, its unit, and what the number assumes."""
    two_sided = claim.direction == Direction.CHANGE
    tail = alpha / 2.0 if two_sided else alpha
    reach = _NORMAL.inv_cdf(1.0 - tail) + _NORMAL.inv_cdf(POWER)
    if claim.kind == Kind.INTERACTION:
        return reach * 2.0 * math.sqrt(share / n), "points", "about; difference in loss between halves of the problems"
    if claim.kind == Kind.ADDITIVITY:
        return reach * math.sqrt(2.0 * share / n), "points", "about; a contrast varies by twice the discordance"
    if claim.kind == Kind.ERROR_MIX:
        share_shifted = reach * math.sqrt(share / (ASSUMED_WRONG * n))
        return (
            share_shifted,
            "points",
            f"about; shift between two labels, {wording.percent(ASSUMED_WRONG, 0)} wrong under both",
        )
    if claim.kind == Kind.AUC:
        return reach / math.sqrt(12.0 * n * 3.0 / 16.0), "probability", "about; a quarter of the problems in one group"
    if claim.kind == Kind.NOT_ALL_EQUAL:
        count = max(len(claim.conditions) - 1, 2)
        pairs = count * (count - 1) // 2
        found = detectable_difference(share, n, alpha=alpha / pairs, two_sided=True)
        return found, "points", f"one of {pairs} pairs, Bonferroni"
    if claim.margin > 0.0:
        beyond = wording.points(claim.margin).lstrip("+")
        return reach * math.sqrt(max(share, claim.margin) / n), "points", f"about; beyond {beyond}"
    note = "at every step" if claim.kind == Kind.TREND else ""
    return detectable_difference(share, n, alpha=alpha, two_sided=two_sided), "points", note
