"""Who is accused: a cause is named only where one change of its kind is clearly better, or where it can be seen.

*Clearly better* than the model as given, on the same questions:

- exact McNemar test, one-sided, at a hundredth divided by the number of variants that were tried (Bonferroni): of
  sound models at most one in a hundred is accused, however many hypotheses there are;
- and by half of what is missing to the published accuracy, at least five points: what is better by less may be true,
  and does not explain the shortfall.

A change that goes round what its cause is about instead of mending it (`Variant.bypass`) accuses only a model that
falls short, that is right less than half as often as with it, and that no change mends.

Where whole answers are expected and there are too few questions for such a test (six of them reach p = 1/64), a cause
is named whose change gives *all* of them: a run of so many tokens is not hit upon by chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ctlab.reproduction.case import Cause, Finding
from ctlab.reproduction.trial import Trial
from ctlab.reproduction.variant import Variant
from ctlab.statistics.paired.mcnemar import mcnemar_p

LEVEL = 0.01
"""Chance that any variant at all of a sound model is taken for better; divided among the variants."""
LEAST_GAIN = 0.05
"""Gain below which nothing is accused: rule of thumb, about what two training runs of one recipe differ by."""
LEAST_EXPECTED, LEAST_TOKENS = 3, 24
"""Fewest answers, and tokens of them, that are taken as reproduced: a model that repeats itself hits a token by
chance in every second case, so that 24 are hit in one of sixteen million."""
_APART = 0.05
"""Level at which two variants that are both clearly better are told apart; no accusation rests on it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A variant with what came of it."""

    cause: Cause
    """The cause that it belongs to."""
    variant: Variant
    """What was changed."""
    trial: Trial | None
    """Its answers; None where the model cannot answer so."""
    p: float = 1.0
    """Exact McNemar test against the model as given, one-sided, uncorrected."""
    why: str = ""
    """Why there is no trial."""

    @property
    def rank(self) -> tuple[int, float]:
        """How good it is: right answers, then the mean log-probability of the right ones."""
        if self.trial is None:
            return -1, 0.0
        mean = self.trial.mean_log_probability
        return self.trial.count, float("-inf") if mean is None else mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """A named cause."""

    cause: Cause
    """What is wrong."""
    finding: Finding | None = None
    """What shows it without a comparison."""
    tried: Tried | None = None
    """The change that is clearly better."""
    alike: tuple[Tried, ...] = ()
    """Changes of the same cause that cannot be told from it, such as one thought more."""

    @property
    def remedy(self) -> str:
        """What to write or do."""
        if self.finding is not None:
            return self.finding.remedy
        assert self.tried is not None
        return self.tried.variant.remedy


def compared(given: Trial, trial: Trial) -> float:
    """Return the one-sided exact p-value that a trial is better than the given one, on the same questions."""
    pairs = list(zip(given.right, trial.right, strict=True))
    return mcnemar_p(pairs.count((True, False)), pairs.count((False, True)), "greater")


def accused(
    given: Trial,
    tried: Sequence[Tried],
    findings: Sequence[tuple[Cause, Finding]],
    *,
    gap: float | None,
    tokens: int = 0,
    least: float = LEAST_GAIN,
) -> tuple[Accusation, ...]:
    """Name the causes: none, one, or several that these questions cannot tell apart.

    ``gap`` is what is missing to the published accuracy, where that is known; ``tokens`` how many tokens of expected
    answers there are, 0 where gold answers decide; ``least`` the gain below which nothing is accused.
    """
    if findings:
        seen: dict[str, Accusation] = {}
        for cause, finding in findings:
            seen.setdefault(cause.name, Accusation(cause=cause, finding=finding))
        return tuple(seen.values())
    better = sorted(_better(given, tried, gap, tokens, least), key=lambda each: each.rank, reverse=True)
    better = _but_readings(_but_bypasses(better))
    if not better:
        return ()
    best = better[0]
    rivals: dict[str, Tried] = {}
    for other in better[1:]:
        if other.cause.name != best.cause.name and not _apart(best, other):
            rivals.setdefault(other.cause.name, other)
    return tuple(_accusation(each, better) for each in (best, *rivals.values()))


def _accusation(best: Tried, better: Sequence[Tried]) -> Accusation:
    """Accuse the best change of a cause, or the usual one among those that cannot be told from it."""
    alike = _alike(best, better)
    chosen = best if best.variant.usual else next((each for each in alike if each.variant.usual), best)
    others = tuple(each for each in (best, *alike) if each is not chosen)
    return Accusation(cause=chosen.cause, tried=chosen, alike=others)


def _but_bypasses(better: list[Tried]) -> list[Tried]:
    """Leave out what goes round a fault where a change mends one: any fault of thoughts is gone round so."""
    mends = [each for each in better if not each.variant.bypass]
    return mends or better


def _but_readings(better: Sequence[Tried]) -> list[Tried]:
    """Leave readings out where a change of the model does as well: that answers read otherwise is its consequence."""
    models = [each for each in better if each.variant.reading is None]
    return [each for each in better if each.variant.reading is None or all(_apart(each, one) for one in models)]


def _alike(one: Tried, better: Sequence[Tried]) -> tuple[Tried, ...]:
    return tuple(
        each for each in better if each.cause.name == one.cause.name and each is not one and not _apart(one, each)
    )


def _better(given: Trial, tried: Sequence[Tried], gap: float | None, tokens: int, least: float) -> Iterator[Tried]:
    n = len(given.right)
    enough = max(least, (gap or 0.0) / 2)
    answered = [each for each in tried if each.trial is not None]
    whole = n >= LEAST_EXPECTED and tokens >= LEAST_TOKENS
    for each in answered:
        assert each.trial is not None
        clear = each.p * len(answered) <= LEVEL and (each.trial.count - given.count) / n >= enough
        all_of_them = whole and each.trial.count == n and given.count < n
        short = (gap or 0.0) >= LEAST_GAIN and 2 * given.count < each.trial.count
        if (clear and (short or not each.variant.bypass)) or all_of_them:
            yield each


def _apart(best: Tried, other: Tried) -> bool:
    """Whether the better of two can be told from the other: by right answers, else by how likely the right ones are."""
    assert best.trial is not None
    assert other.trial is not None
    if best.trial.count == len(best.trial.right) > other.trial.count and best.trial.answers[0].token_ids:
        return True
    if compared(other.trial, best.trial) <= _APART:
        return True
    one, two = best.trial.log_probability, other.trial.log_probability
    if one is None or two is None or best.trial.count < other.trial.count:
        return False
    # A sign test: of how many questions the right answer is more likely; ties tell nothing.
    more, less = (sum(a > b for a, b in zip(first, second, strict=True)) for first, second in ((one, two), (two, one)))
    return mcnemar_p(less, more, "greater") <= _APART
