"""The smallest true effect that a kind of claim finds with 80 % power, before there are data.

Where none can be promised, the reason. `benchmarks/calibration_power.py` holds every promise against the verdict's own
code, within 3 points of power.
"""

import math
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.claim import Claim, Direction, Kind
from ctlab.claims.judge import SMALLEST_GROUP
from ctlab.statistics.power.large_sample import detectable_between_halves, detectable_range, standard_errors
from ctlab.statistics.power.margin_power import detectable_beyond
from ctlab.statistics.power.paired_power import POWER, detectable_difference

_GROUPS = {Kind.INTERACTION: 2, Kind.AUC: 4}
"""Into how many parts a kind splits the problems, as its note says; one of the parts is then a group by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a claim finds."""

    detectable: float | None
    """Smallest true effect found with 80 % power, beyond the claim's margin; None where none is or can be promised."""
    unit: str = "points"
    """Its unit; `points` are proportions."""
    note: str = ""
    """What the number assumes, or why there is none."""


def reach(claim: Claim, alpha: float, n: int, share: float, rate: float) -> Reach:
    """Return what a claim about rates finds.

    Parameters
    ----------
    claim : Claim
        The claim.
    alpha : float
        Its level.
    n : int
        Number of problems.
    share : float
        Share of problems that change under a condition, a proportion.
    rate : float
        Rate of the outcome under the baseline, a proportion; only interactions, which compare odds, depend on it.
    """
    two_sided = claim.direction == Direction.CHANGE
    smallest = n // _GROUPS.get(claim.kind, 1)
    if smallest < SMALLEST_GROUP:
        return Reach(detectable=None, note=too_few(smallest))
    if claim.kind == Kind.ERROR_MIX:
        return Reach(detectable=None, note="no promise: three tests must reject, which depends on the labels")
    if claim.kind == Kind.RATIO:
        return Reach(detectable=None, unit="ratio", note="no promise: it depends on both losses")
    if claim.kind == Kind.INTERACTION:
        note = (
            f"about; difference in loss between halves of the problems, {formatting.percent(rate, 0)} right before; "
            "judged in log-odds"
        )
        return Reach(detectable=detectable_between_halves(rate, share, n, alpha=alpha, two_sided=two_sided), note=note)
    if claim.kind == Kind.ADDITIVITY:
        size = standard_errors(alpha, two_sided=two_sided) * math.sqrt(2.0 * share / n)
        return Reach(detectable=size, note="about; a contrast varies by twice the discordance")
    if claim.kind == Kind.AUC:
        size = standard_errors(alpha, two_sided=two_sided) / math.sqrt(12.0 * n * 3.0 / 16.0)
        return Reach(
            detectable=size, unit="probability", note="about; all problems compared, a quarter of them in one group"
        )
    if claim.kind == Kind.NOT_ALL_EQUAL:
        count = max(len(claim.conditions) - 1, 2)
        return Reach(
            detectable=detectable_range(count, share, n, alpha=alpha), note="about; between two, the others half-way"
        )
    steps = max(len(claim.conditions) - 1, 1) if claim.kind == Kind.TREND else 1
    # All steps must be found, which they are independently of each other but for what two of them share.
    power, note = POWER ** (1.0 / steps), f"at each of {steps} steps" if steps > 1 else ""
    if claim.margin > 0.0:
        beyond = f"beyond {formatting.points(claim.margin).lstrip('+')}"
        size_beyond = detectable_beyond(claim.margin, share, n, alpha=alpha, power=power)
        return Reach(detectable=size_beyond, note=f"{beyond}, {note}" if note else beyond)
    return Reach(detectable=detectable_difference(share, n, alpha=alpha, two_sided=two_sided, power=power), note=note)


def too_few(size: int) -> str:
    """Say that a group, or the whole sample, is too small to decide anything."""
    return f"nothing: {formatting.counted(size, 'problem')} in a group, and fewer than {SMALLEST_GROUP} decide nothing"
