"""The fixture ``claim``: a test's claim, its judgement, and what a failing test shows of it."""

from collections.abc import Iterator

import pytest

from ctlab import formatting
from ctlab.kept_values import Keeper, keeping
from ctlab.lab.pending_claim import PendingClaim
from ctlab.records import Judgement
from ctlab.untrusted_text import in_log, visible

pending_key = pytest.StashKey[PendingClaim]()
"""What the fixture handed to a test."""


def handed_over(pending: PendingClaim, values: Keeper) -> Iterator[PendingClaim]:
    """Yield what a test is handed, while the effect that it asks for is kept in the store."""
    with keeping(values):
        yield pending


def judgement_of(item: pytest.Item) -> Judgement | None:
    """Return the judgement of a test's claim, None before there is one."""
    pending = item.stash.get(pending_key, None)
    return None if pending is None else pending.judgement


def asserted(item: pytest.Item) -> bool:
    """Whether a test let anything hang on a comparison of its claim's verdict."""
    pending = item.stash.get(pending_key, None)
    return pending is not None and pending.asserted


def begin_anew(item: pytest.Item) -> None:
    """Forget the judgement of an earlier run of the same test, which this one repeats on the same data."""
    if (pending := item.stash.get(pending_key, None)) is not None:
        pending.begin_anew()


def explain(judgement: Judgement) -> list[str]:
    """Say why an asserted verdict is not the recorded one; few lines, because pytest cuts long explanations short."""
    # JUnit's file keeps whole lines of the first 500 characters: the numbers are a line of their own.
    numbers = judgement.reason.removesuffix(judgement.outlook).rstrip().removesuffix(judgement.why).rstrip()
    lines = [f"claim {judgement.claim_id} is {judgement.verdict}"]
    lines += filter(None, [numbers, judgement.why, judgement.outlook])
    effect = judgement.effect
    if effect.lost is not None and effect.gained is not None:
        # Of several outcomes tested together, the counts are those of the one that decides.
        decides = effect.details.get("weakest")
        of = f" of {formatting.part(decides)}" if formatting.is_outcome(decides) else ""
        lines.append(f"pairs{of}: {effect.lost} lost, {effect.gained} gained, of {effect.n} problems")
    lines.append(f"test: {effect.method}; null hypothesis: {effect.null}")
    return [visible(line) for line in lines]


def evidence(judgement: Judgement) -> str:
    """Everything else that a person wants to see when a claim test fails: flags, controls, two problems."""
    lines = [f"flag: {flag}" for flag in judgement.flags]
    lines += [
        f"control {result.control.condition} ({result.control.shows}) {result.state}: {result.detail}"
        for result in judgement.controls
    ]
    for example in judgement.examples:
        problem = f"problem {example.problem_id}, gold {example.gold}: {example.question}"
        lines.append(f"{example.change}: {in_log(problem)}")
        lines += [f"    {name}: {in_log(repr(answer))}" for name, answer in example.answers.items()]
    return visible("\n".join(lines))
