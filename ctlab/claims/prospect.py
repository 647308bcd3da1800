"""Before any generation: what each claim could find with the problems at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ctlab.claims.claim import Claim, Family
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.claims.kinds.promise import Promise, Sample, too_few

ASSUMED_DISCORDANCE = 0.10
"""Share of problems that are assumed to change under a condition, where no pilot says better: docs/calibration.md has
2, 10 and 30 %, and this is the one in the middle."""
ASSUMED_RATE = 0.8
"""Rate of the outcome that is assumed under the baseline, likewise: about what the embedded model gets right (77 %)."""


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
            sample = Sample(
                n=n,
                discordance=_of(claim, discordance, ASSUMED_DISCORDANCE),
                rate=_of(claim, rate, ASSUMED_RATE),
                spread=(spread or {}).get(claim.id),
            )
            rows.append(_prospect(claim, family.claim_alpha, sample))
    return tuple(rows)


def compared_pairs(claim: Claim) -> list[tuple[str, str]]:
    """Return the pairs of conditions whose discordance decides how far a claim reaches."""
    return claim.kind.rules.pairs(claim)


def _of(claim: Claim, given: float | Mapping[str, float], assumed: float) -> float:
    """Return what a pilot says of a claim, or what is said of all claims."""
    return given.get(claim.id, assumed) if isinstance(given, Mapping) else given


def _prospect(claim: Claim, alpha: float, sample: Sample) -> Prospect:
    """Return what one claim could find; nothing is decided by fewer than 50 problems."""
    small, rules = sample.n < SMALLEST_GROUP, claim.kind.rules
    promise = Promise(note=too_few(sample.n)) if small else rules.promise(claim, alpha, sample)
    return Prospect(
        claim_id=claim.id,
        alpha=alpha,
        n=sample.n,
        discordance=sample.discordance if "discordance" in rules.plans_with and not small else None,
        detectable=promise.detectable,
        provable=promise.provable,
        power=promise.power,
        needed=promise.needed,
        unit=promise.unit,
        note=promise.note,
    )
