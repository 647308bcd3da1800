"""What a claim test holds in its hands: the claim, and where its judgement is recorded."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from ctlab import formatting
from ctlab.claims import Claim, Direction, judge
from ctlab.errors import ClaimError
from ctlab.records import Judgement, Verdict

if TYPE_CHECKING:
    from ctlab.outcomes import Run
    from ctlab.records import Effect

judgement_key = pytest.StashKey[Judgement]()
"""The judgement of a test's claim."""


class ClaimRecorder:
    """The fixture ``claim``: tells statistics what is asked, takes the effect, records the judgement."""

    def __init__(
        self, stash: pytest.Stash, claim: Claim, alpha: float, runs: "Callable[[Claim], Mapping[str, Run]]"
    ) -> None:
        self.claim = claim
        self.alpha = alpha
        self._stash = stash
        self._runs = runs

    def __repr__(self) -> str:
        return f"<claim {self.claim.id}>"

    @property
    def direction(self) -> Direction:
        """Which side the claim takes."""
        return self.claim.direction

    @property
    def margin(self) -> float:
        """Smallest effect of interest, or equivalence margin, in the unit of the effect."""
        return self.claim.margin

    def judge(self, effect: "Effect") -> Verdict:
        """Judge the claim by an effect, with the controls and certificates of its conditions, and record it."""
        if judgement_key in self._stash:
            raise ClaimError(
                f"claim {self.claim.id!r} was judged twice in one test; compute one effect and judge it once"
            )
        judgement = judge(self.claim, effect, alpha=self.alpha, runs=self._runs(self.claim))
        self._stash[judgement_key] = judgement
        return judgement.verdict


def explain(judgement: Judgement) -> list[str]:
    """Say why an asserted verdict is not the recorded one; few lines, because pytest cuts long explanations short."""
    lines = [f"claim {judgement.claim_id} is {judgement.verdict}", judgement.reason]
    effect = judgement.effect
    if effect.lost is not None and effect.gained is not None:
        decides = effect.details.get("weakest")
        of = f" of {formatting.part(decides)}" if decides in formatting.OUTCOME_WORDS else ""
        lines.append(f"pairs{of}: {effect.lost} lost, {effect.gained} gained, of {effect.n} problems")
    return [*lines, f"test: {effect.method}; null hypothesis: {effect.null}"]


def evidence(judgement: Judgement) -> str:
    """Everything else that a person wants to see when a claim test fails: flags, controls, two problems."""
    lines = [f"flag: {flag}" for flag in judgement.flags]
    lines += [
        f"control {result.control.condition} ({result.control.shows}) {result.state}: {result.detail}"
        for result in judgement.controls
    ]
    for example in judgement.examples:
        lines.append(f"{example.change}: problem {example.problem_id}, gold {example.gold}: {example.question}")
        lines += [f"    {name}: {answer!r}" for name, answer in example.answers.items()]
    return "\n".join(lines)
