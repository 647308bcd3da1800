"""The prompts of a batch, computed once for all ways of thinking that read the same ones."""

from collections.abc import Callable, Sequence

from torch import Tensor

from ctlab.engine.plan import Plan
from ctlab.engine.prefill_step import PrefillStep, Watch
from ctlab.engine.prompt import PromptCache

Computed = tuple[PromptCache, Tensor, Tensor]
"""The prompts, the position after each (Q,), and the last hidden state there (Q, D), as `prefill.prefill` has them."""


class SharedPrefill:
    """Computes the prompts for the first run that asks, and hands them to the others; ``watches`` are all of theirs."""

    def __init__(self, watches: Sequence[Watch] = ()) -> None:
        self._watches = watches
        self._computed: Computed | None = None

    def of(self, compute: Callable[..., Computed], *, to_the_end: bool) -> Computed:
        """What ``compute`` gives, `prefill.prefill` of this batch; to the end, since one of the runs reads on there."""
        if self._computed is None:
            self._computed = compute(watch=self._watch if self._watches else None, to_the_end=True)
        prompts, position, states = self._computed
        return prompts, position, states if to_the_end else states[:, :0]

    def _watch(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        for watch in self._watches:
            watch(step, layer, scores, mask, weights)


def shareable(plans: Sequence[Plan]) -> bool:
    """Whether plans of the same problems read the same prompts: nothing is weakened within the question, of any."""
    roots = [planned.tree.levels[0] for planned in plans]
    plain = all(len(root.parents) == 1 and bool((root.factors == 1).all()) for root in roots)
    return len(plans) > 1 and plain and all(each.controls is None and not each.reads_padding for each in plans)
