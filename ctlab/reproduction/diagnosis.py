"""A diagnosis: every cause is looked at, its variants are tried on a sample, and one is accused or none."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import CtlabError
from ctlab.lab.log import Log
from ctlab.lab.progress import Progress
from ctlab.reproduction.accusation import Accusation, Tried, accused, compared
from ctlab.reproduction.asked import Asked
from ctlab.reproduction.case import Case, Cause, Finding, Looked
from ctlab.reproduction.causes import CAUSES
from ctlab.reproduction.right_answers import right_answers
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
_LOOKS_BETTER = 0.05
"""Uncorrected p below which a variant's answers are looked at more closely; nothing is accused by it."""
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
    given, tried = _with_log_probabilities(case, tried)
    findings: list[tuple[Cause, Finding]] = [(cause, each) for cause, look in looked for each in look.findings]
    tokens = sum(len(each.tokens or ()) for each in bench.asked)
    named = accused(given, tried, findings, gap=gap, tokens=tokens)
    return Diagnosis(
        n=len(bench.asked),
        seed=seed,
        given=given,
        looked=looked,
        tried=tried,
        accused=named,
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


def _with_log_probabilities(case: Case, tried: Sequence[Tried]) -> tuple[Trial, tuple[Tried, ...]]:
    """Add how likely the right answers are, where it is known how one is written."""
    from ctlab.reproduction.forced_pass import log_probabilities

    trials = [case.given, *(each.trial for each in tried if each.trial is not None)]
    targets = right_answers(case.model, case.asked, trials)
    if targets is None:
        return case.given, tuple(tried)
    questions = [asked.problem.question for asked in case.asked]

    def scored(trial: Trial, parts: Any) -> Trial:
        found: dict[int, float] = {}
        for model, places in parts(case.model, case.asked):
            rows = log_probabilities(model, [questions[i] for i in places], [targets[i] for i in places])
            found |= {place: sum(row) / len(row) for place, row in zip(places, rows, strict=True)}
        return replace(trial, log_probability=tuple(found[place] for place in range(len(questions))))

    worth = {id(each) for each in _worth_scoring(tried)}
    given = scored(case.given, AS_GIVEN.parts)
    return given, tuple(
        replace(each, trial=scored(each.trial, each.variant.parts)) if each.trial and id(each) in worth else each
        for each in tried
    )


def _worth_scoring(tried: Sequence[Tried]) -> list[Tried]:
    """Choose variants that another pass may tell apart: the best of each cause, and all that look better at all.

    What is read, padded or cut otherwise is made by the same pass as the answers as given.
    """
    scorable = [each for each in tried if each.trial is not None and each.variant.parts is not AS_GIVEN.parts]
    best: dict[str, int] = {}
    for each in scorable:
        assert each.trial is not None
        best[each.cause.name] = max(best.get(each.cause.name, 0), each.trial.count)
    return [each for each in scorable if each.p <= _LOOKS_BETTER or each.rank[0] == best[each.cause.name]]
