"""An auditor that also looks at what layers hand on, and at what lies in memory, where conditions patch layers.

A recompute says that the sequence as a whole is right; in half precision its limit is wide. A copy is one to the last
bit in every type, so that here each place is compared with what was to be put there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from ctlab import formatting
from ctlab.certify.auditor import Auditor
from ctlab.certify.layer_patches import LayerSwap, Place, swaps_of
from ctlab.certify.reference import turned_by
from ctlab.certify.tolerance import relative, worse
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.network_layers import blocks_of
from ctlab.engine.plan import Plan
from ctlab.interventions.patch_kind import Source
from ctlab.probes.layer_outputs import final_norm_of
from ctlab.records import Check


class LayerAuditor(Auditor):
    """`hooks.Hooks` of a sample of a plan that keeps what stands where its conditions patch layers."""

    def __init__(self, planned: Plan, *given: Any) -> None:
        super().__init__(*given)
        self._planned = planned
        at = [patch.at for each in planned.conditions for patch in each.patches if patch.at is not None]
        self._places = frozenset((place.position, layer) for place in at for layer in place.layers)
        self._given: dict[int, Tensor] = {}
        self._found: dict[tuple[Place, int], tuple[int, list[tuple[int, int]], Tensor]] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See what is given to the module behind each layer whose residual stream is patched."""
        network = self._planned.model.network
        behind: Sequence[nn.Module] = [*[*blocks_of(network)][1:], final_norm_of(network)]

        def see(layer: int) -> Any:
            def call(module: nn.Module, args: Any, options: Any) -> None:
                self._given[layer] = args[0] if args else options["hidden_states"]

            return call

        layers = {layer for what, layer in self._places if what == "residual"}
        handles = [behind[layer].register_forward_pre_hook(see(layer), with_kwargs=True) for layer in layers]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        super().hidden_states(step, embeddings, states)
        cache, thoughts = step.cache, self._planned.layout.thought_positions()
        rows = list(zip(cache.problem_of.tolist(), cache.branch_of.tolist(), strict=True)) if self._places else []
        for place in self._places:
            what, layer = place
            # A key is looked at when the next step has read it; a residual stream while its own is computed.
            position = cache.width if what == "residual" else cache.width - 1
            if position not in thoughts or (place, position) in self._found:
                continue
            if what == "residual":
                there = self._given[layer][:, 0]
            else:
                there = (cache.keys if what == "key" else cache.values)[layer][position].flatten(1)
            self._found[place, position] = step.level, rows, there.detach().clone().cpu()

    def there(self, condition: int, problem: int, swap: LayerSwap) -> Tensor | None:
        """What stood at a swap's place in one problem's row (W,); None where nobody came to read it."""
        position = swap.position - len(self._planned.prompts[problem])
        if ((swap.what, swap.layer), position) not in self._found:
            return None
        level, rows, there = self._found[(swap.what, swap.layer), position]
        return there[rows.index((problem, self.tree.levels[level].branch_of[condition]))]


def put_check(planned: Plan, auditor: LayerAuditor, condition: int) -> Iterator[Check]:
    """Hold each patched place of a watched sample to what the condition says: to the last bit where it is copied."""
    count, inexact, distance = 0, 0, 0.0
    for problem in range(len(planned.prompts)):
        for swap in swaps_of(planned, auditor, condition, problem):
            found = auditor.there(condition, problem, swap)
            if found is None or Source.PROJECTED in swap.sources_named:
                continue  # of what this run itself has there nothing is kept: `recomputed` holds it
            count += 1
            expected, exact = _expected(planned, auditor, problem, swap)
            if exact:
                inexact += not torch.equal(found, expected.to(found).expand_as(found))
            else:
                distance = worse(distance, relative(found.double(), expected.expand_as(found)))
    if count:
        # A few roundings, as of what is fed (`patches`); keys are turned by angles that transformers keeps in float32.
        small = max(1e-4, 8 * torch.finfo(planned.model.dtype).eps)
        yield Check(
            name="put-as-said",
            passed=inexact == 0 and distance <= small,
            detail=f"{formatting.counted(count, 'vector')} put in at layers: what is copied differs "
            f"{formatting.counted(inexact, 'time')}, what is computed is within {distance:.1e} of what it is to be",
        )


def _expected(planned: Plan, auditor: LayerAuditor, problem: int, swap: LayerSwap) -> tuple[Tensor, bool]:
    """What is to stand at a place (W,), and whether to the last bit."""
    if Source.UNDISTURBED in swap.sources_named and planned.reference is not None:
        undisturbed = auditor.there(planned.reference, problem, swap)
        if undisturbed is not None:
            return swap.made(undisturbed), swap.exact
    made = swap.made()
    if swap.what != "key" or not swap.sources_named:
        return made, swap.exact
    return turned_by(planned.model, made, swap.position).double(), False
