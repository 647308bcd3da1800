"""A diagnosis: every cause is looked at, its variants are tried on a sample, and one is accused or none."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.errors import CtlabError
from ctlab.lab.log import Log
from ctlab.lab.progress import Progress
from ctlab.reproduction.accusation import Accusation, Tried, accused, compared
from ctlab.reproduction.asked import Asked
from ctlab.reproduction.case import Case, Cause, Finding, Looked
from ctlab.reproduction.causes import CAUSES
from ctlab.reproduction.likely_answers import scored, worth_scoring
from ctlab.reproduction.second_look import SecondLook, second_look
from ctlab.reproduction.trial import AS_GIVEN, Bench, Trial

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner
    from ctlab.records.generation import Padding

MOST, LEAST = 128, 48
"""Questions of a sample: 128 show a gain of a tenth at the corrected level, fewer than 48 a collapse only."""
_SECONDS = 40.0
"""What all variants may take together, so that a diagnosis with its loading stays under a minute."""
_TIMED = 16
"""Questions by which the model's speed is estimated."""
_VARIANTS = 50
"""About as many variants as there are, for the estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What came of it."""

    n: int
    """Questions of the sample."""
    seed: int
    """Seed of the sample."""
    given: Trial
    """The model as given."""
    looked: tuple[tuple[Cause, Looked], ...]
    """Every cause with what it had to say."""
    tried: tuple[Tried, ...]
    """Every variant with what came of it."""
    accused: tuple[Accusation, ...]
    """The causes that are named."""
    second: SecondLook | None
    """What a second look came to, where the first named nobody and the model falls short."""
    seconds: float
    """What it took, without loading."""

    def of(self, cause: Cause) -> tuple[Tried, ...]:
        """Variants of a cause that were tried, the best first."""
        own = [each for each in self.tried if each.cause.name == cause.name and each.trial is not None]
        return tuple(sorted(own, key=lambda each: each.rank, reverse=True))


def diagnose(
    model: LatentReasoner,
    asked: Sequence[Asked],
    *,
    load: Callable[..., LatentReasoner],
    padding: Padding,
    max_new_tokens: int,
    log: Log,
    gap: float | None = None,
    short: bool = False,
    seed: int = 1,
    most: int = MOST,
) -> Diagnosis:
    """Try every variant of every cause on a sample of questions, and name the cause where one is clear.

    Parameters
    ----------
    model : LatentReasoner
        The model as given; it is not changed.
    asked : sequence of Asked
        Questions with what their answers must be; the sample is drawn from them, in their order.
    load : callable
        Loads the checkpoint once more with other settings, in another type.
    padding, max_new_tokens
        How it answers as given.
    log : Log
        Who is told how far it is.
    gap : float, optional
        What is missing to the published accuracy, a proportion.
    short : bool
        Whether it is certain that something is missing: a second look is taken then where the first names nobody.
    seed, most
        Seed and largest size of the sample.
    """
    began = time.monotonic()
    whole = Bench(model=model, asked=tuple(asked), padding=padding, max_new_tokens=max_new_tokens)
    bench = replace(whole, asked=_sample(whole, seed, most))
    given = bench.answer(AS_GIVEN)
    case = Case(bench=bench, given=given, load=load)
    looked = tuple((cause, cause.look(case)) for cause in CAUSES)
    tried = _all_tried(case, looked, log)
    given, tried = scored(case, tried, worth_scoring(tried))
    findings: list[tuple[Cause, Finding]] = [(cause, each) for cause, look in looked for each in look.findings]
    tokens = sum(len(each.tokens or ()) for each in bench.asked)
    named = accused(given, tried, findings, gap=gap, tokens=tokens)
    again = None
    if short and gap and not named:
        log.say("nobody is accused yet: looking again on other problems")
        again = second_look(replace(case, given=given), tried, asked, gap=gap, seed=seed)
    return Diagnosis(
        n=len(bench.asked),
        seed=seed,
        given=given,
        looked=looked,
        tried=tried,
        accused=named if again is None else again.accused,
        second=again,
        seconds=time.monotonic() - began,
    )


def _sample(bench: Bench, seed: int, most: int) -> tuple[Asked, ...]:
    """Draw as many questions as can be answered fifty times in the time that there is."""
    asked = bench.asked
    places = sorted(Random(seed).sample(range(len(asked)), min(most, len(asked))))
    if len(places) <= LEAST:
        return tuple(asked[place] for place in places)
    first = replace(bench, asked=tuple(asked[place] for place in places[:_TIMED]))
    first.answer(AS_GIVEN)  # the very first pass pays for kernels and caches
    began = time.monotonic()
    first.answer(AS_GIVEN)
    seconds = (time.monotonic() - began) / _TIMED
    fits = int(_SECONDS / (seconds * _VARIANTS)) if seconds > 0 else most
    count = min(len(places), max(LEAST, fits))
    return tuple(asked[place] for place in sorted(Random(seed).sample(places, count)))


def _all_tried(case: Case, looked: Sequence[tuple[Cause, Looked]], log: Log) -> tuple[Tried, ...]:
    wanted = [(cause, variant) for cause, look in looked for variant in look.variants]
    n = len(case.asked)
    size = f"{formatting.counted(len(wanted), 'variant')} × {formatting.counted(n, 'problem')}"
    progress = Progress(len(wanted) * n, size, log, verb="test")
    tried = []
    for cause, variant in wanted:
        try:
            trial = case.bench.answer(variant, case.given.answers)
            tried.append(Tried(cause=cause, variant=variant, trial=trial, p=compared(case.given, trial)))
        except CtlabError as error:  # a variant that this model cannot be: its questions leave no room, for example
            tried.append(Tried(cause=cause, variant=variant, trial=None, why=str(error)))
        progress.advance(n)
    progress.finish()
    return tuple(tried)
