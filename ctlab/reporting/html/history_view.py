"""One claim over the runs of its subject as a small line: geometry and the same in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.reporting.history.run_row import history_run
from ctlab.reporting.model.history_row import HistoryRun, JudgedClaim
from ctlab.reporting.model.run_report import Report

WIDTH, HEIGHT = 240.0, 60.0
"""Size of the drawing in pixels: narrow enough for a telephone, three lines of text high."""
_EDGE = 6.0
"""Room for half a point at each end."""
_LISTED = 6
"""Estimates that are listed one by one; of more runs the least and the largest are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPoint:
    """A run on the line; positions in pixels of the drawing."""

    x: float
    """From the left, oldest first."""
    y: float
    """The estimate."""
    low: float
    """Lower end of the interval that decided."""
    high: float
    """Upper end."""
    alike: bool
    """Whether its verdict is that of the last run (drawn filled)."""
    words: str
    """The same as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A claim over runs."""

    points: tuple[RunPoint, ...]
    """Its runs, the last of which is the report's own."""
    zero: float | None
    """Where 0 lies, where it is in the drawing."""
    words: str
    """What the line shows."""

    @property
    def path(self) -> str:
        """The estimates as points of a polyline."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def run_lines(report: Report) -> dict[str, RunLine]:
    """Return a line for each claim that this run and an earlier one of its subject judged and measured, by id."""
    now = history_run(report)
    lines = {}
    for claim, judged in now.claims.items():
        runs = [(run, run.claims[claim]) for run in (*report.history, now) if claim in run.claims]
        # A restated claim is another one, and what was measured in another unit has no place on the axis.
        runs = [
            (run, one)
            for run, one in runs
            if (one.claimed, one.unit) == (judged.claimed, judged.unit)
            and None not in (one.estimate, one.low, one.high)
        ]
        if len(runs) > 1 and runs[-1][0] is now:
            lines[claim] = _line(runs)
    return lines


def _is_of(claim: JudgedClaim, other: JudgedClaim) -> bool:
    """Whether another run measured the same claim in the same unit."""
    measured = None not in (other.estimate, other.low, other.high)
    return measured and (other.claimed, other.unit) == (claim.claimed, claim.unit)


def _line(runs: Sequence[tuple[HistoryRun, JudgedClaim]]) -> RunLine:
    numbers = [number for _, one in runs for number in (one.estimate, one.low, one.high) if number is not None]
    least, most = min(numbers), max(numbers)
    span = most - least or 1.0

    def height(value: float | None) -> float:
        share = 0.5 if most == least else ((value or 0.0) - least) / span
        return round(HEIGHT - _EDGE - share * (HEIGHT - 2 * _EDGE), 2)

    last = runs[-1][1]
    points = [
        RunPoint(
            x=round(_EDGE + place * (WIDTH - 2 * _EDGE) / (len(runs) - 1), 2),
            y=height(one.estimate),
            low=height(one.low),
            high=height(one.high),
            alike=one.verdict == last.verdict,
            words=_point_words(run, one),
        )
        for place, (run, one) in enumerate(runs)
    ]
    zero = height(0.0) if least < 0.0 < most else None
    return RunLine(points=tuple(points), zero=zero, words=_words([one for _, one in runs]))


def _point_words(run: HistoryRun, one: JudgedClaim) -> str:
    """One run in a line: when, which commit, what was measured and decided."""
    if one.estimate is None or one.low is None or one.high is None:
        raise TypeError("a run without an estimate is no point")
    when = f"{run.started[:10]}{f' at {run.commit[:10]}' if run.commit else ''}"
    ends = formatting.interval(one.low, one.high, one.unit)
    return f"{when}: {formatting.quantity(one.estimate, one.unit)} [{ends}], {one.verdict}"


def _words(judged: Sequence[JudgedClaim]) -> str:
    """The whole line: estimates oldest first, or their range, and the verdicts."""
    estimates = [one.estimate for one in judged if one.estimate is not None]
    unit, number = judged[-1].unit, formatting.count(len(judged))
    if len(set(estimates)) == 1:
        said = f"Over {number} runs: {formatting.quantity(estimates[0], unit)} in each"
    elif len(estimates) <= _LISTED:
        shown = ", ".join(formatting.quantity(value, unit, with_unit=False) for value in estimates[:-1])
        said = f"Over {number} runs, oldest first: {shown}, {formatting.quantity(estimates[-1], unit)}"
    else:
        ends = formatting.interval(min(estimates), max(estimates), unit)
        said = f"Over {number} runs from {ends}, in this one {formatting.quantity(estimates[-1], unit)}"
    verdicts = Counter(str(one.verdict) for one in judged)
    if len(verdicts) == 1:
        return f"{said}; {judged[-1].verdict} in each"
    return f"{said}; {formatting.listed([f'{verdict} in {count}' for verdict, count in verdicts.items()])}"
