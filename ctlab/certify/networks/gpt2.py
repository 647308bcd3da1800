"""GPT-2 (Radford et al. 2019): learned positions, LayerNorm before each part, weights stored input first."""

from collections.abc import Sequence

from torch import Tensor

from ctlab.certify.networks.arithmetic import Arithmetic, Left, activation, attend, layer_norm


class Gpt2(Arithmetic):
    """See the module."""

    tokens = "transformer.wte.weight"

    def start(self, inputs: Tensor) -> Tensor:
        """Add the learned positions."""
        return inputs + self.weights.rows("transformer.wpe.weight", range(inputs.shape[-2]))

    def layer(self, number: int, x: Tensor, added: Tensor, left: Sequence[Left] = ()) -> tuple[Tensor, Tensor]:
        """Attention, then two linear maps with an activation between."""
        config, name = self.weights.config, f"transformer.h.{number}"
        query, key, value = self._heads(number, x)
        scale = 1.0 if not config.scale_attn_weights else query.shape[-1] ** -0.5
        if config.scale_attn_by_inverse_layer_idx:
            scale /= number + 1
        mixed, weights = attend(query, key, value, scale, added, left)
        x = x + self._linear(mixed, f"{name}.attn.c_proj")
        inner = self._linear(self._norm(x, f"{name}.ln_2"), f"{name}.mlp.c_fc")
        return x + self._linear(activation(config.activation_function)(inner), f"{name}.mlp.c_proj"), weights

    def keys_and_values(self, number: int, x: Tensor) -> tuple[Tensor, Tensor]:
        """Two thirds of the layer's joined linear map."""
        _, key, value = self._heads(number, x)
        return key, value

    def last_norm(self, x: Tensor) -> Tensor:
        """LayerNorm."""
        return self._norm(x, "transformer.ln_f")

    def _heads(self, number: int, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values (heads, S, d) of a layer's input (S, D)."""
        name = f"transformer.h.{number}"
        joined = self._linear(self._norm(x, f"{name}.ln_1"), f"{name}.attn.c_attn")
        shape = (*x.shape[:-1], self.weights.config.num_attention_heads, -1)
        query, key, value = (part.reshape(shape).transpose(-3, -2) for part in joined.chunk(3, -1))
        return query, key, value

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return layer_norm(x, weight, bias, self.weights.config.layer_norm_epsilon)
