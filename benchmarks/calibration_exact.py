"""Error rates and coverage of the paired tests by enumeration: every table of lost and gained, no simulation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from statistics import NormalDist

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy
from scipy.stats import binom

from ctlab.claims import Claim, Direction, Family, Kind, Verdict, plan
from ctlab.claims.judge import decide
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.paired.exact_unconditional import worst_tail
from ctlab.statistics.paired.interval import paired_interval
from ctlab.statistics.paired.tango import tango_interval, tango_z

SIZES = (50, 200, 1319)
DISCORDANCES = (0.02, 0.10, 0.30)
LEVELS = (0.05, 0.05 / 6)
FINE = tuple(step / 20 for step in range(21))
COARSE = (0.0, 0.25, 0.5, 0.8, 0.95, 1.0)
"""True differences, as shares of the discordance: at 1 every discordant problem lies on one side."""


@dataclass(frozen=True)
class Design:
    """One table of paired problems to enumerate."""

    n: int
    discordance: float

    def totals(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of discordant problems that have a probability over 1e-12, and those probabilities."""
        low, high = (
            int(end) for end in (binom.ppf(1e-12, self.n, self.discordance), binom.isf(1e-12, self.n, self.discordance))
        )
        totals = np.arange(max(0, low), min(self.n, high) + 1)
        log = gammaln(self.n + 1) - gammaln(totals + 1) - gammaln(self.n - totals + 1)
        return totals, np.exp(log + xlogy(totals, self.discordance) + xlog1py(self.n - totals, -self.discordance))

    def probability(self, difference: float, ranges: Sequence[tuple[int, int]]) -> float:
        """Probability that the number gained lies within its range (first, one past last) for each total."""
        totals, weights = self.totals()
        share = min(1.0, max(0.0, (self.discordance + difference) / (2 * self.discordance)))
        first, past = (np.array([each[k] for each in ranges]) for k in (0, 1))
        inside = binom.cdf(past - 1, totals, share) - binom.cdf(first - 1, totals, share)
        return float(weights @ np.where(past > first, inside, 0.0))

    def reaching(self, predicate: Callable[[int, int], bool]) -> list[int]:
        """Smallest number gained, for each total, from which on `predicate(lost, gained)` holds; one more: never."""
        return [_first(int(total), predicate) for total in self.totals()[0]]


def _first(total: int, predicate: Callable[[int, int], bool]) -> int:
    low, high = -1, total + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if predicate(total - middle, middle) else (middle, high)
    return high


def coverage(design: Design, shares: Sequence[float], interval=paired_interval) -> list[float]:
    """Coverage of the two-sided 95 % interval at each true difference."""
    ends = lru_cache(maxsize=None)(lambda lost, gained: interval(lost, gained, design.n, 0.95))
    found = []
    for share in shares:
        truth = share * design.discordance
        above = design.reaching(lambda lost, gained, truth=truth: ends(lost, gained)[0] > truth + 1e-12)
        not_below = design.reaching(lambda lost, gained, truth=truth: ends(lost, gained)[1] >= truth - 1e-12)
        found.append(design.probability(truth, list(zip(not_below, above, strict=True))))
    return found


@dataclass(frozen=True)
class Errors:
    """Probabilities of wrong verdicts for one design and level."""

    design: Design
    alpha: float
    increase: float
    """SUPPORTED when there is no difference: the exact test."""
    increase_refuted: float
    """REFUTED when there is no difference; the claim is false, but refuted by chance."""
    at_least: float
    """SUPPORTED at the margin, the worst over margins."""
    at_least_by_score: float
    """The same for Tango's score test alone, which is not used."""
    equivalence: float
    """SUPPORTED at the margin, the worst over margins."""


def errors(design: Design, alpha: float, shares: Sequence[float]) -> Errors:
    """Enumerate the wrong verdicts of one design."""
    whole = [int(total) + 1 for total in design.totals()[0]]
    up = _claim(Direction.INCREASE)
    supported = design.reaching(lambda lost, gained: _decided(up, design.n, alpha, lost, gained) == Verdict.SUPPORTED)
    refuted_until = design.reaching(lambda lost, gained: _decided(up, design.n, alpha, lost, gained) != Verdict.REFUTED)
    margins = [share * design.discordance for share in shares if share > 0]
    return Errors(
        design=design,
        alpha=alpha,
        increase=design.probability(0.0, list(zip(supported, whole, strict=True))),
        increase_refuted=design.probability(0.0, [(0, past) for past in refuted_until]),
        at_least=max(_at_least(design, alpha, margin, exact=True) for margin in margins),
        at_least_by_score=max(_at_least(design, alpha, margin, exact=False) for margin in margins),
        equivalence=max(_equivalence(design, alpha, margin) for margin in margins),
    )


def _claim(direction: Direction, margin: float = 0.0) -> Claim:
    kind = Kind.EQUIVALENCE if direction == Direction.EQUIVALENT else Kind.DIFFERENCE
    return Claim(id="c", family="f", statement="s", direction=direction, margin=margin, kind=kind)


def _decided(claim: Claim, n: int, alpha: float, lost: int, gained: int) -> Verdict:
    effect = paired_difference(lost, gained, n, alternative="greater", alpha=alpha)
    return decide(claim, effect, alpha)


def _at_least(design: Design, alpha: float, margin: float, *, exact: bool) -> float:
    """False SUPPORTED of "at least `margin`" where the difference is exactly that."""
    needed = _critical(design.n, margin, alpha) if exact else NormalDist().inv_cdf(1 - alpha)
    interval = paired_interval if exact else tango_interval

    def supported(lost: int, gained: int) -> bool:
        reached = tango_z(lost, gained, design.n, margin) >= needed
        return reached and interval(lost, gained, design.n, 1 - 2 * alpha)[0] > margin

    first = design.reaching(supported)
    return design.probability(margin, [(k, int(total) + 1) for k, total in zip(first, design.totals()[0], strict=True)])


@cache
def _critical(n: int, margin: float, alpha: float) -> float:
    """Smallest score statistic whose exact p-value is at most α: the same decision, without a p-value a table."""
    low, high = 0.0, 12.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (low, middle) if worst_tail(middle, n, margin) <= alpha else (middle, high)
    return high


def _equivalence(design: Design, alpha: float, margin: float) -> float:
    """False SUPPORTED of equivalence where the difference is exactly the margin."""
    claim = _claim(Direction.EQUIVALENT, margin)
    effect = lru_cache(maxsize=None)(partial(equivalence, n=design.n, margin=margin, alpha=alpha))
    above = design.reaching(lambda lost, gained: effect(lost, gained).low > -margin)
    past = design.reaching(lambda lost, gained: effect(lost, gained).high >= margin)
    ranges = []
    for first, last, total in zip(above, past, design.totals()[0], strict=True):
        # p-value and interval agree but for rounding; the verdict of the outermost table decides.
        inside = last > first and decide(claim, effect(int(total) - last + 1, last - 1), alpha) == Verdict.SUPPORTED
        ranges.append((first, last if inside else first))
    return design.probability(margin, ranges)


def kept(claim: Claim, design: Design, alpha: float) -> tuple[float, float] | None:
    """What the plan promises to find (or to prove) with 80 % power, and how often the verdict's own code does.

    None where the plan promises nothing.
    """
    promise = plan([Family(name="f", claims=(claim,), alpha=alpha)], design.n, discordance=design.discordance)[0]
    if claim.direction == Direction.EQUIVALENT:
        return None if promise.provable is None else (promise.provable, _proven(design, alpha, promise.provable))
    if promise.detectable is None:
        return None
    truth = claim.margin + promise.detectable
    wider = Design(design.n, max(design.discordance, truth))
    supported = partial(_is_supported, claim, design.n, alpha)
    whole = [int(total) + 1 for total in wider.totals()[0]]
    power = wider.probability(truth, list(zip(wider.reaching(supported), whole, strict=True)))
    return promise.detectable, power


def _is_supported(claim: Claim, n: int, alpha: float, lost: int, gained: int) -> bool:
    """Whether a table supports a claim, with what it claims on the side of those gained."""
    if claim.direction == Direction.CHANGE and gained < lost:
        return False  # the other side of a change; its power on the wrong side is not what the plan promises
    side = {Direction.INCREASE: "greater", Direction.DECREASE: "less", Direction.CHANGE: "two-sided"}[claim.direction]
    counts = (gained, lost) if claim.direction == Direction.DECREASE else (lost, gained)
    effect = paired_difference(*counts, n, margin=claim.margin, alternative=side, alpha=alpha)
    return decide(claim, effect, alpha) == Verdict.SUPPORTED


def _proven(design: Design, alpha: float, margin: float) -> float:
    """How often equivalence is proven when there is no difference."""
    claim = _claim(Direction.EQUIVALENT, margin)
    ranges = []
    for total in design.totals()[0]:
        inside = [
            gained
            for gained in range(int(total) + 1)
            if abs(2 * gained - total) <= margin * design.n
            and decide(claim, equivalence(int(total) - gained, gained, design.n, margin=margin, alpha=alpha), alpha)
            == Verdict.SUPPORTED
        ]
        ranges.append((inside[0], inside[-1] + 1) if inside else (0, 0))
    return design.probability(0.0, ranges)


def grid(sizes: Sequence[int] = SIZES, discordances: Sequence[float] = DISCORDANCES) -> Iterator[Design]:
    """Every design of the grid."""
    for n in sizes:
        for discordance in discordances:
            yield Design(n, discordance)
