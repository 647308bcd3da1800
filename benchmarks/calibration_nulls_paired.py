"""Nulls of paired tests: copies of one template, problems with rates of their own, floors, ceilings, rare labels."""

from functools import cache, partial
from typing import Any

import numpy as np

from benchmarks.calibration_nulls import Drawn, Null
from benchmarks.calibration_question import LABELS, Answers, answers, asking
from ctlab.claims import Direction, Kind
from ctlab.records import Effect
from ctlab.statistics import (
    additivity,
    clustered_difference,
    cochran_q,
    equivalence,
    error_mix,
    ordered_trend,
    paired_difference,
)

MARGIN = 0.05


def changes(generator: np.random.Generator, n: int, shift: float, copies: int) -> tuple[np.ndarray, np.ndarray]:
    """Which problems are lost and gained, `shift` more gained on balance; each template is there `copies` times.

    Problems have rates of their own: a third never changes, a third loses more, a third gains more.
    """
    templates = -(-n // copies)
    third = np.arange(templates) % 3
    lost = np.array([0.0, 0.25, 0.05])[third] - shift / 2.0
    gained = np.array([0.0, 0.05, 0.25])[third] + shift / 2.0
    luck = generator.random(templates)
    lost, gained = np.maximum(lost, 0.0), gained + np.minimum(lost, 0.0) * -1.0
    which = np.where(luck < lost, -1, np.where(luck < lost + gained, 1, 0))
    each = np.repeat(which, copies)[:n]
    return each < 0, each > 0


@cache
def _paired(lost: int, gained: int, n: int, margin: float) -> Effect:
    return paired_difference(lost, gained, n, margin=margin, alternative="greater", alpha=0.05)


@cache
def _equivalent(lost: int, gained: int, n: int) -> Effect:
    return equivalence(lost, gained, n, margin=MARGIN, alpha=0.05)


def difference(copies: int, margin: float, kind: Kind, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """An increase, or at least a margin, at the end of its null."""
    lost, gained = changes(generator, n, margin + beyond, copies)
    return asking(kind, Direction.INCREASE, margin), _paired(int(lost.sum()), int(gained.sum()), n, margin)


def alike(copies: int, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """An equivalence whose difference is its margin."""
    lost, gained = changes(generator, n, MARGIN - beyond, copies)
    question = asking(Kind.EQUIVALENCE, Direction.EQUIVALENT, MARGIN)
    return question, _equivalent(int(lost.sum()), int(gained.sum()), n)


def by_clusters(copies: int, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """The same templates, known to the test."""
    lost, gained = changes(generator, n, beyond, copies)
    effect = clustered_difference(
        lost.tolist(), gained.tolist(), (np.arange(n) // copies).tolist(), alternative="greater"
    )
    return asking(Kind.DIFFERENCE, Direction.INCREASE), effect


def own_rates(generator: np.random.Generator, rates: np.ndarray, n: int, copies: int) -> list[Answers]:
    """Runs with these rates; problems are easy or hard (a rate of their own), templates there `copies` times."""
    templates = -(-n // copies)
    ease = generator.beta(0.5, 0.5, (templates, 1)) - 0.5
    chances = np.clip(rates + 0.6 * ease, 0.0, 1.0)
    correct = np.repeat(generator.random((templates, len(rates))) < chances, copies, axis=0)[:n]
    return [answers(str(k), correct[:, k]) for k in range(len(rates))]


def trend(copies: int, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """Three steps, of which the one in the middle pauses."""
    rates = np.array([0.7, 0.55, 0.55 - beyond, 0.4 - beyond])
    question = asking(Kind.TREND, Direction.DECREASE)
    return question, ordered_trend(own_rates(generator, rates, n, copies), question)


def positions(copies: int, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """Six conditions alike."""
    rates = np.full(6, 0.5) + np.array([beyond, 0.0, 0.0, 0.0, 0.0, 0.0])
    question = asking(Kind.NOT_ALL_EQUAL, Direction.CHANGE)
    return question, cochran_q(own_rates(generator, rates, n, copies), question)


def together(generator: np.random.Generator, n: int, rates: list[float]) -> list[Answers]:
    """Runs with exactly these rates, correlated by luck that seven of ten problems share."""
    own, shared = generator.random((n, len(rates))), generator.random((n, 1))
    correct = np.where(generator.random((n, 1)) < 0.7, shared, own) < np.array(rates)
    return [answers(str(k), correct[:, k]) for k in range(len(rates))]


def additive(start: float, step: float, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """Two losses that add up in points."""
    rates = [start, start - step, start - step, start - 2.0 * step + beyond]
    question = asking(Kind.ADDITIVITY, Direction.INCREASE)
    return question, additivity(*together(generator, n, rates), question)


def rare(wrong: float, copies: int, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """As many errors of the same kinds, three of six labels with a hundredth each; a half changes its label."""
    shares = np.array([0.5, 0.4, 0.07, 0.01, 0.01, 0.01])
    moved = np.array([0.5 - beyond, 0.4, 0.07 + beyond, 0.01, 0.01, 0.01])
    templates = -(-n // copies)
    right = generator.random(templates) >= wrong
    first = generator.choice(len(LABELS), templates, p=shares)
    second = np.where(generator.random(templates) < 0.5, first, generator.choice(len(LABELS), templates, p=shares))
    if beyond:
        second = generator.choice(len(LABELS), templates, p=moved)
    runs = [
        Answers(str(k), np.repeat(np.where(right, "CORRECT", np.array(LABELS)[label]), copies)[:n])
        for k, label in enumerate((first, second))
    ]
    question = asking(Kind.ERROR_MIX, Direction.CHANGE)
    return question, error_mix(*runs, question, power=False)


def _nulls() -> list[Null]:
    found: list[Null] = []
    for n in (200, 1319):
        small = 0.1 if n == 200 else 0.05
        for copies, said, holds in ((1, "rates of their own", True), (2, "every problem twice", False)):
            rule: dict[str, Any] = {"holds": holds}
            found += [
                Null("difference", said, n, partial(difference, copies, 0.0, Kind.DIFFERENCE), small, **rule),
                Null(
                    "at least 5 points",
                    said,
                    n,
                    partial(difference, copies, MARGIN, Kind.DIFFERENCE),
                    small,
                    **rule,
                ),
                Null("more than", said, n, partial(difference, copies, 0.0, Kind.MORE_THAN), small, **rule),
                Null("equivalence, ±5 points", said, n, partial(alike, copies), MARGIN, **rule),
                Null("ordered trend", said, n, partial(trend, copies), 0.15, **rule),
            ]
            if n == 1319:  # fifteen pairs in every run
                found.append(Null("not all equal", said, n, partial(positions, copies), 0.12, runs=2000, **rule))
        for copies in (2, 5):
            said = f"every problem {copies} times, clusters known"
            found.append(Null("clustered difference", said, n, partial(by_clusters, copies), small))
        for where, start, step in (("floor", 0.08, 0.03), ("ceiling", 0.99, 0.03)):
            found.append(Null("additivity", where, n, partial(additive, start, step), 0.05, runs=2000))
        found.append(Null("error mix", "rare labels", n, partial(rare, 0.3, 1), 0.3, runs=2000))
    return found


PAIRED = _nulls()
