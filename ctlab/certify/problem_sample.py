"""Which problems an intervention is certified on, before any result counts."""

from collections.abc import Iterator, Sequence

from ctlab.engine.plan import Plan
from ctlab.interventions import Condition
from ctlab.problems import Problem

SAMPLE = 4
"""Problems that a certificate looks at: shortest and longest, for padding, and two between them."""


def samples(whole: Plan, conditions: Sequence[Condition]) -> Iterator[tuple[Sequence[Problem], Sequence[Condition]]]:
    """Problems to certify on, with the conditions that are certified on them.

    Where thoughts are taken of donors it is problems that have one, and the shortest one that has none and must be left
    as it is: of a late step most problems have none.
    """
    order = sorted(range(len(whole.problems)), key=lambda index: len(whole.prompts[index]))
    samples: dict[tuple[int, ...], list[Condition]] = {}
    for condition in conditions:
        donors = whole.donors(condition)
        disturbed = [index for index in order if whole.problems[index].id in donors] or order
        picked = {disturbed[round(part * (len(disturbed) - 1) / (SAMPLE - 1))] for part in range(SAMPLE)}
        if donors:
            picked.update([index for index in order if whole.problems[index].id not in donors][:1])
        samples.setdefault(tuple(sorted(picked)), []).append(condition)
    for indices, asked in samples.items():
        yield [whole.problems[index] for index in indices], asked
