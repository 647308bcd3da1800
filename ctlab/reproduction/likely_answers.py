"""How likely right answers are under each variant: what tells two apart that are right equally often."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ctlab.reproduction.accusation import Tried
from ctlab.reproduction.case import Case
from ctlab.reproduction.right_answers import right_answers
from ctlab.reproduction.trial import AS_GIVEN, Trial
from ctlab.reproduction.variant import Parts

_LOOKS_BETTER = 0.05
"""Uncorrected p below which a variant's answers are looked at more closely; nothing is accused by it."""


def scored(
    case: Case, tried: Sequence[Tried], worth: Callable[[Tried], bool] = lambda tried: True
) -> tuple[Trial, tuple[Tried, ...]]:
    """Add to the trials how likely the right answers are, where it is known how one is written.

    ``worth`` chooses the variants that get it. What is read, padded or cut otherwise gets none: it is made by the same
    pass as the answers as given; nor does what writes its answers in another form.
    """
    from ctlab.reproduction.forced_pass import log_probabilities, why_not

    if why_not(case.model):
        return case.given, tuple(tried)

    trials = [case.given, *(each.trial for each in tried if each.trial is not None and not each.variant.bypass)]
    targets = right_answers(case.model, case.asked, trials)
    if targets is None:
        return case.given, tuple(tried)
    questions = [asked.problem.question for asked in case.asked]

    def with_scores(trial: Trial, parts: Parts) -> Trial:
        found: dict[int, float] = {}
        for model, places in parts(case.model, case.asked):
            rows = log_probabilities(model, [questions[i] for i in places], [targets[i] for i in places])
            found |= {place: sum(row) / len(row) for place, row in zip(places, rows, strict=True)}
        return replace(trial, log_probability=tuple(found[place] for place in range(len(questions))))

    return with_scores(case.given, AS_GIVEN.parts), tuple(
        replace(each, trial=with_scores(each.trial, each.variant.parts))
        if each.trial is not None and scorable(each) and worth(each)
        else each
        for each in tried
    )


def scorable(tried: Tried) -> bool:
    """Whether a pass of its own says how likely the right answers are under a variant."""
    return tried.trial is not None and tried.variant.parts is not AS_GIVEN.parts and not tried.variant.bypass


def worth_scoring(tried: Sequence[Tried]) -> Callable[[Tried], bool]:
    """Choose variants that another pass may tell apart: the best of each cause, and all that look better at all."""
    best: dict[str, int] = {}
    for each in tried:
        if scorable(each):
            assert each.trial is not None
            best[each.cause.name] = max(best.get(each.cause.name, 0), each.trial.count)
    return lambda each: each.p <= _LOOKS_BETTER or each.rank[0] == best.get(each.cause.name)
