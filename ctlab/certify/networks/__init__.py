"""Networks written out once more, from the papers' formulas: what certificates recompute an answer with.

A file an arithmetic. `ARITHMETICS` is a closed table: a ``model_type`` that is not in it cannot be certified.
"""

from collections.abc import Mapping

from ctlab.certify.networks.arithmetic import Arithmetic
from ctlab.certify.networks.gpt2 import Gpt2
from ctlab.certify.networks.recurrent_depth import RecurrentDepth
from ctlab.certify.networks.rotary_decoder import GptNeox, Llama, Phi

ARITHMETICS: Mapping[str, type[Arithmetic]] = {
    "gpt2": Gpt2,
    **dict.fromkeys(("llama", "mistral", "qwen2", "qwen3"), Llama),
    "phi": Phi,
    "gpt_neox": GptNeox,
    "huginn_raven": RecurrentDepth,
}
"""``model_type`` of a base model's config to its arithmetic."""
