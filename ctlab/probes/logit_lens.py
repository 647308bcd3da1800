"""The logit lens: the model's own output head on the state that each thought is the projection of."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ctlab.models.reasoner import LatentReasoner
from ctlab.probes.layer_outputs import final_norm_of

# Numbers, 128 MiB in float32: a quarter of the engine's, because a float32 copy and exponentials are held beside them.
_LOGITS_AT_ONCE = 1 << 25


class LogitLens:
    """Decodes last hidden states, and with ``every_layer`` each layer's through the final norm."""

    def __init__(self, model: LatentReasoner, *, top: int, every_layer: bool) -> None:
        self.decoded: list[tuple[Tensor, Tensor]] = []
        self.layers: list[list[tuple[Tensor, Tensor]]] = []
        self.every_layer = every_layer
        self._considered = model.logits_considered
        self._top = min(top, model.logits_considered)
        self._head: nn.Linear = model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
        self._norm = final_norm_of(model.network) if every_layer else None

    def begin(self) -> list[tuple[Tensor, Tensor]]:
        """Start the position before a thought; what its levels decode to is put in the list."""
        self.layers.append([])
        return self.layers[-1]

    def add_layer(self, levels: list[tuple[Tensor, Tensor]], level: int, state: Tensor) -> None:
        """Decode one level's states (R, D) as if the network ended there; level 0 may come last."""
        if self._norm is not None:
            levels.insert(len(levels) if level else 0, self._decode(self._norm(state)))

    def add_last(self, hidden: Tensor) -> None:
        """Decode last hidden states (R, D), after the final norm."""
        self.decoded.append(self._decode(hidden))

    def _decode(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Most probable ids and their probabilities (R, k)."""
        weight = self._head.weight[: self._considered]
        bias = None if self._head.bias is None else self._head.bias[: self._considered]
        ids, odds = [], []
        for part in torch.split(hidden, max(1, _LOGITS_AT_ONCE // self._considered)):
            logits = functional.linear(part, weight, bias)
            # Probabilities are to add up to 1 over some 100,000 ids.
            logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
            best = logits.topk(self._top, dim=-1)
            odds.append((best.values - logits.logsumexp(-1, keepdim=True)).exp())
            ids.append(best.indices)
        return torch.cat(ids), torch.cat(odds)
