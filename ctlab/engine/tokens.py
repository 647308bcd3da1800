"""Between token ids and vectors: what an id is read as, and which ids last hidden states stand for."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from ctlab.models.reasoner import LatentReasoner

# Numbers; 512 MiB in float32. Only a batch of a thousand rows over a vocabulary of 128,000 has more.
_LOGITS_AT_ONCE = 1 << 27


class Tokens:
    """A model's embeddings and its logits, as a run reads and writes with them."""

    def __init__(self, model: LatentReasoner) -> None:
        self.model = model
        self.embedding = model.network.get_input_embeddings()

    def _decoded(self, hidden: Tensor) -> Tensor:
        """Embeddings (R, D) of the tokens that last hidden states (R, D) decode to."""
        embeddings: Tensor = self.embedding(self._argmax(hidden))
        return embeddings

    def _embed(self, ids: Sequence[int], rows: int) -> Tensor:
        tokens = torch.tensor(ids, device=self.model.device)
        embeddings: Tensor = self.embedding(tokens).expand(rows, -1, -1)
        return embeddings

    def _reread(self, ids: Tensor) -> Tensor:
        """Embeddings (R, D) that are fed for the ids (R,) of an answer."""
        for written, read in self.model.embedded_as.items():
            ids = torch.where(ids == written, read, ids)
        embeddings: Tensor = self.embedding(ids)
        return embeddings

    def _argmax(self, hidden: Tensor) -> Tensor:
        """Arg-max ids (R,) of hidden states (R, D); only these positions are projected to the vocabulary."""
        return torch.cat([scores.argmax(-1) for scores in self._logits(hidden)])

    def _logits(self, hidden: Tensor) -> Iterator[Tensor]:
        """Logits (some of R, ids considered) of hidden states (R, D), a part of the rows at a time."""
        head: nn.Linear = self.model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
        considered = self.model.logits_considered
        weight = head.weight[:considered]
        bias = None if head.bias is None else head.bias[:considered]
        block = max(1, _LOGITS_AT_ONCE // considered)
        # Ids that the tokenizer does not have, or that were added in training, are not considered: reasoner.py.
        yield from (self._writable(functional.linear(part, weight, bias)) for part in torch.split(hidden, block))

    def _writable(self, scores: Tensor) -> Tensor:
        """Logits (R, ids considered) without those of ids that no answer can hold."""
        if not self.model.unwritable:
            return scores
        return scores.index_fill(-1, torch.tensor(self.model.unwritable, device=scores.device), -torch.inf)
