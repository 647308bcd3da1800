"""A second look where a model falls short by little: the best candidates again, on problems they were not chosen by.

A sample that every variant answers shows a gain of a tenth. A wrong scale of adapters may cost four points; for that,
hundreds of problems are needed, and only a few variants can be asked so many. They are chosen on the sample and judged
on others, so that having been chosen gives none of them an advantage and the level is shared by these few alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from ctlab.reproduction.accusation import Accusation, Tried, accused, compared
from ctlab.reproduction.asked import Asked
from ctlab.reproduction.case import Case
from ctlab.reproduction.likely_answers import scored
from ctlab.reproduction.trial import AS_GIVEN, Bench, Trial

CANDIDATES = 3
"""Variants that are looked at again, each of another cause."""
LEAST_GAIN = 0.02
"""Gain below which nothing is accused here: a sound model is not asked, because the shortfall must be certain."""
LEAST = 128
"""Problems below which a second look would see no more than the first."""
_ALWAYS = 512
"""Problems that are asked however long they take, where there are as many: fewer do not show four points."""
_SECONDS = 40.0
"""What more than these may take together."""
_TIMED = 32
"""Problems by which the speed is estimated."""
_WORSE = 0.05
"""Level at which the model as given is taken for better than a variant, which is then no candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What came of it."""

    n: int
    """Problems; none of them is of the first sample."""
    given: Trial
    """The model as given."""
    tried: tuple[Tried, ...]
    """The candidates."""
    accused: tuple[Accusation, ...]
    """The causes that are named."""


def second_look(
    case: Case, tried: Sequence[Tried], asked: Sequence[Asked], *, gap: float, seed: int
) -> SecondLook | None:
    """Look again at the best candidates; None where there is none, or where too few other problems are left.

    ``case`` and ``tried`` are those of the sample, ``asked`` all problems, ``gap`` what is missing to the published
    accuracy.
    """
    used = {each.problem.id for each in case.asked}
    others = [each for each in asked if each.problem.id not in used]
    candidates = _candidates(case, tried) if len(others) >= LEAST else []
    if not candidates:
        return None
    bench = replace(case.bench, asked=tuple(others))
    bench = replace(bench, asked=_as_many_as_fit(bench, len(candidates) + 1, seed))
    given = bench.answer(AS_GIVEN)
    again = replace(case, bench=bench, given=given)
    trials = [(each, bench.answer(each.variant, given.answers)) for each in candidates]
    anew = [replace(each, trial=trial, p=compared(given, trial)) for each, trial in trials]
    given, told = scored(again, anew)
    named = accused(given, told, (), gap=gap, least=LEAST_GAIN)
    return SecondLook(n=len(bench.asked), given=given, tried=told, accused=named)


def _candidates(case: Case, tried: Sequence[Tried]) -> list[Tried]:
    """Choose the best variant of each cause: by how likely it makes the right answers, then by right answers."""
    possible = [each for each in tried if each.trial is not None and not each.variant.bypass]
    possible = [each for each in possible if each.trial is not None and compared(each.trial, case.given) > _WORSE]
    given, told = scored(case, possible)
    chosen: dict[str, Tried] = {}
    for each in (*_likelier(given, told), *_more_right(given, told)):
        chosen.setdefault(each.cause.name, each)
    return list(chosen.values())[:CANDIDATES]


def _likelier(given: Trial, tried: Sequence[Tried]) -> Iterator[Tried]:
    mean = given.mean_log_probability
    means = [(each.trial.mean_log_probability, each) for each in tried if each.trial is not None]
    better = [(value, each) for value, each in means if value is not None and mean is not None and value > mean]
    yield from (each for _, each in sorted(better, key=lambda pair: pair[0], reverse=True)[:CANDIDATES])


def _more_right(given: Trial, tried: Sequence[Tried]) -> Iterator[Tried]:
    better = [each for each in tried if each.rank[0] > given.count]
    yield from sorted(better, key=lambda each: each.rank, reverse=True)


def _as_many_as_fit(bench: Bench, passes: int, seed: int) -> tuple[Asked, ...]:
    """Draw as many problems as so many variants can answer in the time that there is."""
    places = Random(seed).sample(range(len(bench.asked)), len(bench.asked))
    first = replace(bench, asked=tuple(bench.asked[place] for place in places[:_TIMED]))
    began = time.monotonic()
    first.answer(AS_GIVEN)
    seconds = (time.monotonic() - began) / len(first.asked) * passes
    count = len(places) if seconds <= 0 else max(_ALWAYS, int(_SECONDS / seconds))
    return tuple(bench.asked[place] for place in sorted(places[:count]))
