"""The run: sequence layout, masks, the batched engine. Importing it imports no torch.

Modules in the order in which they may import each other. What conditions ask for: `layout`, `thought_sources`,
`edit_vectors`, `fitted`, `layer_sources`, `edge_factors`, `visible_keys`, `prefix_tree`. What is planned before
anything is computed: `control_token`, `prompt`, `written_steps`, `activation_cache`, `plan`. A pass of the network:
`network_layers`, `quick_modules`, `freed_memory`, `attention`, `masks`, `kv_cache`, `prefill_step`, `decode_step`, and
`hooks`, which watch it. A batch: `prefill`, `shared_prefill`, `thought_patching`, `layer_patching`, `level_factors`,
`tokens`, `rollout`, `stop_head`, `forced_answers`. All of them: `batching`, `batch_run`, `side_by_side`,
`thought_recorder`, `writing_steps`, `undisturbed_thoughts`, `answers`, `multi_device`. The layout of a batch is drawn
in docs/generation.md.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.models.openmp import wait_politely

if TYPE_CHECKING:
    from ctlab.engine.answers import generate_batches
    from ctlab.engine.multi_device import generate_on
    from ctlab.engine.plan import decoding_of
    from ctlab.engine.undisturbed_thoughts import activation_cache_for

_HOMES = {
    "activation_cache_for": "undisturbed_thoughts",
    "decoding_of": "plan",
    "generate_batches": "answers",
    "generate_on": "multi_device",
}
__all__ = [
    "activation_cache_for",
    "decoding_of",
    "generate_batches",
    "generate_on",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES, wait_politely)
