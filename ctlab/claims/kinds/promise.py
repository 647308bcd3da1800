"""What a claim could find before there are data: what is assumed of a sample, and what follows from that.

`benchmarks/calibration_power.py` holds every promise against the verdict's own code, within 3 points of power.
"""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.claims.direction import Direction
from ctlab.statistics.power.margin_power import detectable_beyond
from ctlab.statistics.power.paired_power import (
    POWER,
    detectable_difference,
    equivalence_power,
    problems_to_prove,
    provable_margin,
)

_NEARLY = 0.99
"""Power above which more digits tell a reader nothing."""
_HARDLY = 0.05
"""Power below which an equivalence is as good as out of reach: less than the usual α, that is, than an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is known or assumed of a sample before a claim is judged."""

    n: int
    """Number of problems."""
    discordance: float
    """Share of problems that change under a condition, a proportion."""
    rate: float
    """Rate of the outcome under the baseline, a proportion."""
    spread: float | None = None
    """Standard deviation of the measurement over problems; None before a pilot has shown it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a claim finds with 80 % power."""

    detectable: float | None = None
    """Smallest true effect found, beyond the claim's margin; None for equivalences, and where none is or can be
    promised."""
    provable: float | None = None
    """For equivalences: smallest margin proven when nothing changes on balance; None when none is."""
    power: float | None = None
    """For equivalences: probability of proving the claim's own margin then."""
    needed: int | None = None
    """For equivalences: about how many problems prove the claim's own margin."""
    unit: str = "points"
    """Unit of `detectable` and `provable`; `points` are proportions."""
    note: str = ""
    """What the numbers assume, or why there are none."""


def too_few(size: int) -> str:
    """Say that a group, or the whole sample, is too small to decide anything; empty when it is not."""
    if size >= SMALLEST_GROUP:
        return ""
    return f"nothing: {formatting.counted(size, 'problem')} in a group, and fewer than {SMALLEST_GROUP} decide nothing"


def paired_promise(direction: Direction, margin: float, alpha: float, sample: Sample, *, steps: int = 1) -> Promise:
    """Return what tests of paired rates find on the claimed side, beyond a margin if there is one, or prove within it.

    With several `steps` all of them must reject.
    """
    if direction == Direction.EQUIVALENT:
        return equivalence_promise(margin, alpha, sample)
    # All steps must be found, which they are independently of each other but for what two of them share.
    power, note = POWER ** (1.0 / steps), f"at each of {steps} steps" if steps > 1 else ""
    if margin > 0.0:
        beyond = f"beyond {formatting.points(margin).lstrip('+')}"
        size = detectable_beyond(margin, sample.discordance, sample.n, alpha=alpha, power=power)
        return Promise(detectable=size, note=f"{beyond}, {note}" if note else beyond)
    two_sided = direction == Direction.CHANGE
    size = detectable_difference(sample.discordance, sample.n, alpha=alpha, two_sided=two_sided, power=power)
    return Promise(detectable=size, note=note)


def equivalence_promise(margin: float, alpha: float, sample: Sample, *, of: str = "") -> Promise:
    """Return which margin two one-sided tests prove, and how likely they prove the claim's; `of` ends the note."""
    power = equivalence_power(margin, sample.discordance, sample.n, alpha=alpha)
    needed = problems_to_prove(margin, sample.discordance, alpha=alpha)
    return Promise(
        provable=provable_margin(sample.discordance, sample.n, alpha=alpha),
        power=power,
        needed=needed,
        note=f"{_at_the_margin(margin, power, needed)}{of}",
    )


def _at_the_margin(margin: float, power: float, needed: int | None) -> str:
    """Say whether the margin that an equivalence claims can be proven, and what it takes where it hardly can."""
    claimed = f"if nothing changes, ±{formatting.points(margin).lstrip('+')} is SUPPORTED in"
    often = "over 99 %" if power > _NEARLY else formatting.percent(power, 0)
    if power >= POWER - 0.005:  # 80 %, as it is printed
        return f"{claimed} {often} of samples of this size"
    rarely = f"under {formatting.percent(_HARDLY, 0)}" if power < _HARDLY else f"only {often}"
    enough = f"in {formatting.percent(POWER, 0)} of samples of about {formatting.count(needed)}" if needed else ""
    return f"{claimed} {rarely} of samples of this size, {enough or 'and no size is enough'}"
