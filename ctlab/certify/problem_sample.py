"""Which problems an intervention is certified on, before any result counts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ctlab.engine.answers import generate_batches
from ctlab.engine.plan import Plan
from ctlab.interventions import BASELINE, Condition
from ctlab.problems import Problem

SAMPLE = 4
"""Problems that a certificate looks at: shortest and longest, for padding, and two between them."""
_LOOKED = 64  # problems that are thought about to find a thought that few have: one in twenty is met with 0.96


def samples(whole: Plan, conditions: Sequence[Condition]) -> Iterator[tuple[Sequence[Problem], Sequence[Condition]]]:
    """Problems to certify on, with the conditions that are certified on them.

    Where thoughts are taken of donors it is problems that have one, and the shortest one that has none and must be left
    as it is: of a late step most problems have none. Where the model decides itself how many thoughts there are it is,
    alike, problems that have those of the condition, and one that has not.
    """
    order = sorted(range(len(whole.problems)), key=lambda index: len(whole.prompts[index]))
    thoughts = _thoughts(whole, order) if whole.layout.own_stop else {}
    samples: dict[tuple[int, ...], list[Condition]] = {}
    for condition in conditions:
        donors = whole.donors(condition)
        disturbed = [index for index in order if whole.problems[index].id in donors] or order
        picked = {disturbed[round(part * (len(disturbed) - 1) / (SAMPLE - 1))] for part in range(SAMPLE)}
        if donors:
            picked.update([index for index in order if whole.problems[index].id not in donors][:1])
        if condition.named_thoughts and thoughts:
            most, least = max(condition.named_thoughts), min(condition.named_thoughts)
            enough = next(filter(None, ([at for at in thoughts if thoughts[at] > k] for k in (most, least))), order)
            others = [index for index in thoughts if index not in enough][:1]
            picked = {enough[round(part * (len(enough) - 1) / (SAMPLE - 1))] for part in range(SAMPLE)} | {*others}
        samples.setdefault(tuple(sorted(picked)), []).append(condition)
    for indices, asked in samples.items():
        yield [whole.problems[index] for index in indices], asked


def _thoughts(whole: Plan, order: Sequence[int]) -> dict[int, int]:
    """How many thoughts some problems have undisturbed, short to long; of those on which the model stops."""
    looked = dict.fromkeys(order[round(part * (len(order) - 1) / (_LOOKED - 1))] for part in range(_LOOKED))
    problems = [whole.problems[index] for index in looked]
    decoding = replace(whole.decoding, max_new_tokens=1)
    found: dict[str, int] = {}
    for batch in generate_batches(whole.model, problems, [BASELINE], decoding):
        found.update((each.problem_id, each.thoughts or 0) for each in batch[BASELINE.name] if each.token_ids)
    return {index: found[whole.problems[index].id] for index in looked if whole.problems[index].id in found}
