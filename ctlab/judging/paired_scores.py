"""From scores of the same problems to an effect, by the statistics that claims use.

One 0 or 1 a problem is a pair of McNemar's table. Several repeats, or shares of a point, are one mean a problem:
repeats tell more of a problem and nothing of other problems, so they never count as problems.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ctlab.claims.direction import Direction
from ctlab.judging.question import Question
from ctlab.judging.scoring import Scores
from ctlab.records.effect import Effect
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.paired.difference import PAIRED_NULL, equivalence, paired_difference

if TYPE_CHECKING:
    import numpy as np

BOUNDS = (-1.0, 1.0)
"""What a difference of two rates of one problem can be."""
FEW = 24
"""Problems that differ below which the mean difference is tested by what is known of its bounds alone: there a t test
errs in up to 8.3 % of samples where it says 5 % (docs/judge.md). McNemar's table is corrected up to as many."""


@dataclass(frozen=True, slots=True)
class PairedScores:
    """One number a problem under both files, a proportion."""

    before: tuple[float, ...]
    """Mean score of each problem in the first file."""
    after: tuple[float, ...]
    """Mean score in the second."""
    single: bool
    """Whether each is a single 0 or 1."""

    @classmethod
    def of(cls, before: Sequence[Scores], after: Sequence[Scores]) -> "PairedScores":
        """Average the repeats of each problem."""
        single = all(len(scores) == 1 and scores[0] in (0.0, 1.0) for side in (before, after) for scores in side)
        means = [tuple(sum(scores) / len(scores) for scores in side) for side in (before, after)]
        return cls(means[0], means[1], single)

    def __len__(self) -> int:
        return len(self.before)

    @property
    def lost(self) -> int:
        """Problems that are better in the first file."""
        return sum(one > other for one, other in zip(self.before, self.after, strict=True))

    @property
    def gained(self) -> int:
        """Problems that are better in the second file."""
        return sum(one < other for one, other in zip(self.before, self.after, strict=True))

    @property
    def differences(self) -> list[float]:
        """Second minus first, one a problem."""
        return [other - one for one, other in zip(self.before, self.after, strict=True)]

    def chosen(self, places: Sequence[int]) -> "PairedScores":
        """Return some of the problems."""
        return PairedScores(
            tuple(self.before[place] for place in places), tuple(self.after[place] for place in places), self.single
        )


def effect_of(question: Question, scores: PairedScores, alpha: float) -> Effect:
    """Return the difference of both rates, tested for what is asked.

    Parameters
    ----------
    question : Question
        Side and boundary.
    scores : PairedScores
        At least one problem.
    alpha : float
        Level of the test.

    Returns
    -------
    Effect
        Single scores: exact McNemar test and Tango's interval, Tango's score tests at a margin. Means of repeats:
        the t test of the mean difference over problems (`measured_mean`), and where few problems differ Gaffke's test
        of a mean between −1 and 1. `lost` and `gained` are None there, because problems are better or worse by parts.
    """
    return _of_single(question, scores, alpha) if scores.single else _of_means(question, scores.differences, alpha)


def _of_single(question: Question, scores: PairedScores, alpha: float) -> Effect:
    lost, gained, n = scores.lost, scores.gained, len(scores)
    if question.alternative == "equivalence":
        return equivalence(lost, gained, n, margin=question.margin, alpha=alpha)
    if question.tolerant:
        # One of the two tests of an equivalence, with the interval that says the same (docs/calibration.md).
        both = equivalence(lost, gained, n, margin=question.margin, alpha=alpha)
        side = "p_above_lower_margin" if question.alternative == "greater" else "p_below_upper_margin"
        sign = "≤" if question.alternative == "greater" else "≥"
        return replace(
            both,
            p_value=both.details[side],
            alternative=question.alternative,
            boundary=question.boundary,
            method=both.method.replace("two one-sided Tango score tests", "one-sided Tango score test"),
            null=f"{PAIRED_NULL} {sign} {question.boundary:g}",
            details={},
        )
    return paired_difference(lost, gained, n, margin=question.margin, alternative=question.alternative, alpha=alpha)


def _of_means(question: Question, differences: Sequence[float], alpha: float) -> Effect:
    if len(differences) == 1:
        return _of_one(question, differences[0], alpha)
    import numpy as np

    # Tenths and thirds do not add up in binary: what is alike must be equal.
    values = np.round(np.asarray(differences, dtype=float), 12)
    if question.alternative != "equivalence" and not question.tolerant:
        return _mean(values, question.direction, alpha, margin=question.margin)
    shifted = {
        "greater": _mean(values, Direction.INCREASE, alpha, shift=question.margin),
        "less": _mean(values, Direction.DECREASE, alpha, shift=-question.margin),
    }
    chosen = [shifted[question.alternative]] if question.tolerant else list(shifted.values())
    plain = _mean(values, Direction.INCREASE, alpha)
    return replace(
        plain,
        p_value=max(effect.p_value for effect in chosen),
        alternative=question.alternative,
        margin=question.margin,
        boundary=question.boundary,
        null=_null(question),
        details={"interval_95": plain.details["interval_95"]},
    )


def _of_one(question: Question, difference: float, alpha: float) -> Effect:
    """Return what one problem says of others: that the mean lies between its bounds, which every test admits."""
    return Effect(
        estimate=difference,
        low=BOUNDS[0],
        high=BOUNDS[1],
        level=1.0 - alpha if question.alternative == "two-sided" else 1.0 - 2.0 * alpha,
        p_value=1.0,
        n=1,
        method="one mean a problem; one problem has no spread, and the interval is all that is possible",
        alternative=question.alternative,
        margin=question.margin,
        boundary=question.boundary,
        null=_null(question),
    )


def _mean(
    values: "np.ndarray", direction: Direction, alpha: float, *, margin: float = 0.0, shift: float = 0.0
) -> Effect:
    """Test a mean difference; `shift` moves the null hypothesis to −shift, with the bounds."""
    from ctlab.statistics.means.means import measured_mean

    bounds = (BOUNDS[0] + shift, BOUNDS[1] + shift) if (values != 0.0).sum() < FEW else None
    asked = AtLevel(direction=direction, margin=margin, alpha=alpha)
    effect = measured_mean(values + shift, asked, bounds=bounds)
    # What is left of a mean of 0 after many additions would need 10²⁰ problems to be settled.
    return replace(effect, estimate=round(effect.estimate, 12), method=f"one mean a problem; {effect.method}")


def _null(question: Question) -> str:
    if question.alternative == "equivalence":
        return f"mean at least {question.margin:g} in size"
    if question.alternative == "two-sided":
        return "mean = 0"
    return f"mean {'≤' if question.alternative == 'greater' else '≥'} {question.boundary:g}"
