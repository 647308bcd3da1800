"""Rank correlations under nulls where one measurement tells something of the other, and nothing of which is larger."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from benchmarks.calibration_question import ALPHA, STRICT, asking
from ctlab.claims import Direction, Kind
from ctlab.claims.judge import decide
from ctlab.claims.kinds.promise import Sample
from ctlab.records import Verdict
from ctlab.statistics import rank_correlation

SIZES = (50, 200, 1319)
Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]
"""Two measurements of n problems."""


def normal(generator: np.random.Generator, n: int, rho: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Bivariate normal with a rank correlation of rho (Pearson 1907: rho = 6 / π · arcsin(r / 2))."""
    r, x = 2.0 * math.sin(math.pi * rho / 6.0), generator.normal(size=n)
    return x, r * x + math.sqrt(1.0 - r * r) * generator.normal(size=n)


def cauchy(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Both far out together, on any side: bivariate t on 1 degree of freedom (DiCiccio and Romano's first example)."""
    scale = np.sqrt(1.0 / generator.chisquare(1, n))
    return scale * generator.normal(size=n), scale * generator.normal(size=n)


def fan(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Spread that grows with the feature."""
    x = generator.normal(size=n)
    return x, np.exp(1.5 * x) * generator.normal(size=n)


def bow(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Spread that grows to both ends, heavy tails."""
    x = generator.normal(size=n)
    return x, x**2 * generator.standard_t(2, n)


def valley(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Falls, then rises."""
    x = generator.normal(size=n)
    return x, np.abs(x) + 0.2 * generator.normal(size=n)


def circle(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Spread that shrinks to both ends."""
    angle = 2.0 * math.pi * generator.random(n)
    return np.cos(angle), np.sin(angle)


def tied(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Four values against few, spread that grows."""
    x = generator.integers(0, 4, n).astype(float)
    return x, np.round(x * generator.normal(size=n))


def operations(generator: np.random.Generator, n: int) -> np.ndarray:
    """Two to nine operations, most of them few."""
    return np.minimum(1.0 + generator.geometric(0.45, n), 9.0)


def rare_outcome(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """An outcome that one problem in ten has, against a skewed feature (lognormal, 1.5)."""
    return generator.lognormal(0.0, 1.5, n), (generator.random(n) < 0.1).astype(float)


def impact(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Lost as often as gained, both more often the more operations."""
    x, draw = operations(generator, n), generator.random(n)
    share = 0.02 + 0.04 * x
    return x, (draw < share).astype(float) - (draw > 1.0 - share)


def mostly_zero(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A measurement that is 0 for 85 %, against operations."""
    return operations(generator, n), (generator.random(n) < 0.15) * generator.exponential(size=n)


def rare_feature(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A yes or no of one problem in ten, which has five times the spread."""
    x = (generator.random(n) < 0.1).astype(float)
    return x, (1.0 + 4.0 * x) * generator.standard_t(3, n)


def yes_or_no(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A yes or no of 15 % against another."""
    return (generator.random(n) < 0.15).astype(float), (generator.random(n) < 0.15).astype(float)


@dataclass(frozen=True)
class Null:
    """A population whose rank correlation is the margin."""

    name: str
    draw: Draw
    margin: float = 0.0


NULLS = (
    Null("independent, normal", normal),
    Null("both far out together (bivariate t, 1)", cauchy),
    Null("spread grows with the feature", fan),
    Null("spread grows to both ends, heavy tails", bow),
    Null("falls, then rises", valley),
    Null("a circle", circle),
    Null("ties on both sides, spread grows", tied),
    Null("10 % have the outcome, skewed feature", rare_outcome),
    Null("impact: lost and gained, more of both with operations", impact),
    Null("85 % zeros against operations", mostly_zero),
    Null("yes or no of 10 %, with five times the spread", rare_feature),
    Null("yes or no of 15 % against another", yes_or_no),
    Null("margin .3, normal", lambda generator, n: normal(generator, n, 0.3), 0.3),
    Null("margin .7, normal", lambda generator, n: normal(generator, n, 0.7), 0.7),
)


@dataclass(frozen=True)
class Found:
    """Shares of runs that are wrong, and how many are undecided; a pair is upwards and downwards."""

    verdicts: tuple[float, float]
    """SUPPORTED and REFUTED at .05."""
    strict: tuple[float, float]
    """p up to .05 / 6."""
    undecided: float
    usual: tuple[float, float]
    """p up to .05 by the usual test, the t of a correlation of ranks."""


def measure(null: Null, n: int, runs: int, seed: int = 0) -> Found:
    """Measure a null; what an increase is wrongly refuted by is what a decrease is wrongly supported by."""
    question, seen = asking(Kind.CORRELATION, Direction.INCREASE, null.margin), np.zeros(7)
    for run in range(runs):
        x, y = null.draw(np.random.default_rng([seed, run]), n)
        effect = rank_correlation(x, y, question)
        verdict, known = decide(question.judged, effect, ALPHA), not effect.undecided
        strict = [known and p <= STRICT for p in (effect.p_value, 1.0 - effect.p_value)]
        above = _usual(effect.estimate, n) if known and not null.margin else 0.5
        usual = [p <= ALPHA for p in (above, 1.0 - above)]
        seen += [verdict == Verdict.SUPPORTED, verdict == Verdict.REFUTED, *strict, not known, *usual]
    shares = (seen / runs).tolist()
    return Found((shares[0], shares[1]), (shares[2], shares[3]), shares[4], (shares[5], shares[6]))


def power(n: int, alpha: float, runs: int, seed: int = 1) -> tuple[float, float]:
    """Return the correlation that the plan promises to find, and how often it is found."""
    question, found = asking(Kind.CORRELATION, Direction.INCREASE), 0
    promised = question.judged.kind.rules.promise(question.judged, alpha, Sample(n=n, discordance=0.1, rate=0.8))
    for run in range(runs):
        x, y = normal(np.random.default_rng([seed, run]), n, promised.detectable)
        found += rank_correlation(x, y, question).p_value <= alpha
    return promised.detectable, found / runs


def correlation_rows(runs: int, allowed: Callable[[float], float]) -> Iterator[list[str]]:
    """Return rows of the table; bold where more is wrong than is `allowed` at a level."""

    def said(shares: tuple[float, float], alpha: float) -> str:
        return " / ".join(f"**{each:.4f}**" if each > allowed(alpha) else f"{each:.4f}" for each in shares)

    for null in NULLS:
        for n in SIZES:
            found = measure(null, n, runs)
            usual = "–" if null.margin else " / ".join(f"{each:.4f}" for each in found.usual)
            errors = said(found.verdicts, ALPHA), said(found.strict, STRICT)
            yield [null.name, f"{n:,}", *errors, f"{100 * found.undecided:.0f} %", usual]


def promised_rows(runs: int) -> Iterator[list[str]]:
    """Return rows of what the plan promises to find with 80 % power, and how often it is found."""
    for n, alpha in ((50, ALPHA), (200, ALPHA), (1319, STRICT)):
        promised, share = power(n, alpha, runs)
        yield [f"{n:,}", f"{alpha:.4f}", f"{promised:.4f}", f"{100 * share:.1f} %"]


def _usual(rho: float, n: int) -> float:
    """Return p of an increase by the t of a correlation."""
    return float(stdtr(n - 2, -rho * math.sqrt((n - 2) / max(1e-12, 1.0 - rho * rho))))
