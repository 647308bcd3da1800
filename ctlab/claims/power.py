"""What a sample could have found, and how many problems would settle what it could not."""

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist

from ctlab.kept_values import kept
from ctlab.records.effect import Effect
from ctlab.statistics.cells.some_cell import SHARED
from ctlab.statistics.power.paired_power import (
    POWER,
    detectable_difference,
    problems_needed,
    problems_to_find,
    provable_margin,
)

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """How far a sample reaches."""

    detectable: float | None
    """Smallest effect beyond the boundary that is found with 80 % power, in the effect's unit; None when none is."""
    provable: float | None
    """Smallest equivalence margin that is proven with 80 % power when there is no difference; None for other claims."""
    needed: int | None
    """About how many problems would settle the claim if the rates stay as they are; None when no number would."""
    against: bool = False
    """Whether they would settle it against the claim: what was seen lies where the claim is false."""
    together: float | None = None
    """For a claim of several tests that must all reject: probability that they do in a sample like this one, were
    everything as it was seen. Such a claim has no single smallest effect."""


def prospects(effect: Effect, alpha: float) -> Prospects:
    """Return what a sample like the effect's could have found at level `alpha`; kept where somebody keeps values."""
    given = {"effect": effect, "alpha": alpha}
    return kept(prospects, given, lambda: _prospects(effect, alpha), asdict, lambda form: Prospects(**form))


def _prospects(effect: Effect, alpha: float) -> Prospects:
    """Return what a sample like the effect's could have found at level `alpha`.

    Paired differences use the exact test and the discordance that was seen; everything else the standard error that
    its interval implies; claims of several tests the power of all of them together, which their statistic simulated.
    """
    if "tests" in effect.details:
        found = effect.details.get("together") or {}
        return Prospects(
            detectable=None, provable=None, needed=found.get("problems_needed"), together=found.get("power")
        )
    spread = _variance(effect)
    against = goes_against(effect)
    # One part refutes all, at α / K; to be supported every part must be found.
    level = alpha / max(len(effect.details.get("parts") or ()), 1) if against else alpha / _cells(effect)
    if effect.alternative == "equivalence":
        provable = provable_margin(_discordance(effect), effect.n, alpha=alpha / _cells(effect))
        distance = abs(abs(effect.estimate) - effect.boundary)
        needed = problems_needed(distance, spread, alpha=level)
        return Prospects(detectable=None, provable=provable, needed=needed, against=against)
    two_sided = effect.alternative == "two-sided"
    tail = alpha / 2.0 if two_sided else alpha / _cells(effect)
    if effect.lost is not None and effect.boundary == 0.0:
        share, power = _discordance(effect), _power_of_each(effect)
        detectable = detectable_difference(share, effect.n, alpha=alpha, two_sided=two_sided, power=power)
        needed = problems_to_find(
            abs(effect.estimate), share, alpha=level, two_sided=two_sided, power=POWER if against else power
        )
    else:
        needed = problems_needed(abs(effect.estimate - effect.boundary), spread, alpha=level if against else tail)
        detectable = (_NORMAL.inv_cdf(1.0 - tail) + _NORMAL.inv_cdf(POWER)) * math.sqrt(spread / effect.n)
    return Prospects(detectable=detectable, provable=None, needed=needed, against=against)


def goes_against(effect: Effect) -> bool:
    """Return whether what was seen lies where the claim is false, whatever its interval says; two-sided never does."""
    if effect.alternative == "equivalence":
        return abs(effect.estimate) > effect.boundary
    if effect.alternative == "greater":
        return effect.estimate < effect.boundary
    return effect.alternative == "less" and effect.estimate > effect.boundary


def _cells(effect: Effect) -> int:
    """Return how many cells share the level of a claim that one of them supports; 1 for every other claim."""
    return int(effect.details.get(SHARED, 1))


def _power_of_each(effect: Effect) -> float:
    """Return the power that each part needs, so that all of them are found with 80 %: the steps of a trend."""
    return float(POWER ** (1.0 / max(len(effect.details.get("parts") or ()), 1)))


def _discordance(effect: Effect) -> float:
    """Return the share of problems that changed; half a problem when none did, which is no proof that none can."""
    return max((effect.lost or 0) + (effect.gained or 0), 0.5) / effect.n


def _variance(effect: Effect) -> float:
    """Return the variance of one problem's contribution, in squared units of the effect."""
    if effect.lost is not None:
        return max(_discordance(effect) - effect.estimate**2, 0.5 / effect.n)
    half_width = (effect.high - effect.low) / 2.0
    return effect.n * (half_width / _NORMAL.inv_cdf((1.0 + effect.level) / 2.0)) ** 2
