"""What a published config says of a network with recurrent depth."""

from collections.abc import Mapping
from typing import Any

from transformers import PreTrainedConfig

from ctlab.models.checkpoints.config_keys import RECURRENT_DEPTH
from ctlab.models.thought_program import Loop
from ctlab.models.unrolled import Unrolled


class RecurrentDepthConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """Sizes, by the names of the published configs; defaults are those of the published model."""

    model_type = RECURRENT_DEPTH
    attribute_map = {  # noqa: RUF012  transformers declares it without ClassVar
        "hidden_size": "n_embd",
        "num_attention_heads": "n_heads",
        "max_position_embeddings": "block_size",
        "tie_word_embeddings": "tie_embeddings",
    }
    vocab_size: int = 65536
    n_embd: int = 5280
    n_heads: int = 55
    intermediate_size: int = 17920
    n_layers_in_prelude: int = 2
    n_layers_in_recurrent_block: int = 4
    n_layers_in_coda: int = 2
    num_steps: int = 32
    block_size: int = 4096
    rope_base: float = 50000.0
    norm_eps: float = 1e-6
    qk_bias: bool = True
    tie_embeddings: bool = True
    embed_scale: float | None = None
    state_std: float | None = None
    init_scale: float = 0.0
    init_seed: int | None = None

    @property
    def unrolled(self) -> Unrolled:
        """Where its layers stand."""
        return Unrolled(
            prelude=self.n_layers_in_prelude,
            core=self.n_layers_in_recurrent_block,
            coda=self.n_layers_in_coda,
            steps=self.num_steps,
        )

    @property
    def num_hidden_layers(self) -> int:
        """Layers of the unrolled network."""
        return self.unrolled.layers


def looping_config(form: Mapping[str, Any], loop: Loop) -> RecurrentDepthConfig:
    """The sizes of a published config's checked keys, and the loop of its settings.

    Raises ValueError for sizes that do not go together.
    """
    given = {key: value for key, value in form.items() if value is not None}
    heads = given.get("n_heads", given.get("num_attention_heads", RecurrentDepthConfig.n_heads))
    width = given.get("n_embd", RecurrentDepthConfig.n_embd)
    rows = given.get("padded_vocab_size", given.get("vocab_size", RecurrentDepthConfig.vocab_size))
    if given.get("num_key_value_heads", heads) != heads or given.get("head_dim", width // heads) * heads != width:
        raise ValueError(
            f"n_embd {width} must be n_heads {heads} times head_dim, and every head has keys of its own "
            f"(num_key_value_heads)"
        )
    if width // heads % 2:
        raise ValueError(f"n_embd {width} over n_heads {heads} must be even: positions turn pairs of numbers")
    base = given.get("rope_base", RecurrentDepthConfig.rope_base)
    if given.get("rope_theta", base) != base:
        raise ValueError(f"rope_theta {given['rope_theta']} and rope_base {base} are one number by two names")
    known = {key: given[key] for key in RecurrentDepthConfig.__annotations__ if key in given}
    known |= {"n_heads": heads, "vocab_size": rows, "num_steps": loop.steps}
    values = given.get("init_values", {})
    known |= {"embed_scale": values.get("embed_scale"), "state_std": values.get("std")}
    known |= {"init_scale": loop.init_scale, "init_seed": loop.init_seed}
    return RecurrentDepthConfig(**known)
