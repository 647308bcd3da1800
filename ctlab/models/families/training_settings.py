"""How a checkpoint was trained, as far as its family must know; names as in the official training code."""

import sys
from dataclasses import dataclass
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown

_MOST = 2**31 - 1  # counts, widths and token ids: what a model is made of fits into 32 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings:
    """What no tensor of a checkpoint reveals: family, number of thoughts, projection, scale of the adapters."""

    family: str
    """Name of the family."""
    num_latent: int
    """Thoughts fed at inference."""
    use_prj: bool = False
    """Whether a hidden state is projected before it is fed as a thought."""
    prj_dim: int | None = None
    """Width of the projection's inner layer."""
    prj_no_ln: bool = False
    """Whether the projection has no LayerNorm at its end."""
    remove_eos: bool = True
    """False: trained with the end-of-sequence token before BOT and after EOT."""
    lora_r: int = 0
    """Rank of the LoRA adapters in the checkpoint, 0 for none."""
    lora_alpha: float | None = None
    """LoRA's scale is lora_alpha / lora_r."""

    def __post_init__(self) -> None:
        check_whole("num_latent", self.num_latent, least=1)
        check_whole("lora_r", self.lora_r, least=0)
        if self.prj_dim is not None:
            check_whole("prj_dim", self.prj_dim, least=1)
        for name in ("use_prj", "prj_no_ln", "remove_eos"):
            if not isinstance(getattr(self, name), bool):
                raise CheckpointError(f"{name} must be true or false, not {shown(getattr(self, name))}")
        alpha = self.lora_alpha
        number = isinstance(alpha, int | float) and not isinstance(alpha, bool) and abs(alpha) <= sys.float_info.max
        if alpha is not None and not number:
            raise CheckpointError(f"lora_alpha must be a number, not {shown(alpha)}")
        if self.lora_r and not (alpha is not None and alpha > 0):
            raise CheckpointError(
                f"lora_r is {self.lora_r}, so lora_alpha must be a number above 0 (LoRA's scale is lora_alpha / "
                f"lora_r); it is {shown(alpha)}"
            )


def check_whole(name: str, value: Any, *, least: int) -> None:
    """Refuse what is no whole number from ``least`` on; JSON's true and 4.0 are none."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
        raise CheckpointError(f"{name} must be a whole number from {least} to {_MOST:,}, not {shown(value)}")
