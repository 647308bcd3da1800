"""Linear, GELU, Linear and perhaps LayerNorm: the projection of a hidden state that several families train.

Once as the module that is run, built of a checkpoint's tensors, and once written out for certificates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.models.checkpoints.audit import audit

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLayerProjection:
    """What its tensors are called in a family's checkpoints: a module, and in it two layers and the norm."""

    module: str
    """Name of the module."""
    norm: str
    """Name of the LayerNorm in it."""
    settings: str
    """Settings that say whether and how it is there, for errors."""
    layers: tuple[str, str] = ("1", "3")
    """Names of the Linear layers in it; CODI's begins with a dropout, hence these numbers."""
    inner: str = "prj_dim ="
    """What errors call its inner width."""
    remedy: str = "prj_dim"
    """Setting to correct where tensors do not fit."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all tensors that a checkpoint may hold of it."""
        return tuple(
            f"{self.module}.{layer}.{kind}" for layer in (*self.layers, self.norm) for kind in ("weight", "bias")
        )

    def build(self, own: Mapping[str, "Tensor"], *, width: int, inner: int, normed: bool) -> "Module":
        """Build the module, (B, ``width``) to (B, ``width``), refusing tensors that do not fit (CheckpointError)."""
        import torch
        from torch import nn

        with torch.device("meta"):  # the checkpoint's tensors take these places, whatever size the settings claim
            layers = nn.Sequential()
            layers.add_module(self.layers[0], nn.Linear(width, inner))
            layers.add_module("activation", nn.GELU())
            layers.add_module(self.layers[1], nn.Linear(inner, width))
            if normed:
                layers.add_module(self.norm, nn.LayerNorm(width))
        audit(
            own,
            {f"{self.module}.{name}": tensor for name, tensor in layers.state_dict().items()},
            of=f"the projection ({self.settings})",
            needs=f"{self.inner} {inner} needs",
            remedy=f"; correct {self.remedy} or the base",
        )
        held = {name.removeprefix(f"{self.module}."): tensor for name, tensor in own.items()}
        layers.load_state_dict(held, assign=True)
        return layers

    def written_out(self, own: Mapping[str, "Tensor"], x: "Tensor", *, normed: bool) -> "Tensor":
        """The same in products and sums; x Φ(x) is the GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415)."""
        x = x @ own[f"{self.layers[0]}.weight"].T + own[f"{self.layers[0]}.bias"]
        x = x * (1 + (x / 2**0.5).erf()) / 2
        x = x @ own[f"{self.layers[1]}.weight"].T + own[f"{self.layers[1]}.bias"]
        if not normed:
            return x
        x = x - x.mean(-1, keepdim=True)
        # 1e-5 is the epsilon of torch's LayerNorm, which the official code leaves as it is.
        x = x / (x.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt()
        return x * own[f"{self.norm}.weight"] + own[f"{self.norm}.bias"]
