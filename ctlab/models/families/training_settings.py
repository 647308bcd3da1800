"""How a checkpoint was trained, as far as its family must know; names as in the official training code."""

from dataclasses import dataclass
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown

MOST = 2**31 - 1
"""Largest whole number in settings: nothing that is counted or numbered there needs more than 32 bits."""
MOST_THOUGHTS = 256
"""Published checkpoints are trained with 6 to 24 (the training script of github.com/whyNLP/PCCoT); ten times that is a
slip. Suites make several conditions a thought, which fill the memory before weights are looked at."""
_MOST_SCALE = 1000
"""The official code has 1; far above, a state says nothing but its own size."""


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
    use_rslora: bool | None = None
    """True: LoRA's scale is lora_alpha / √lora_r (rsLoRA). None where nobody says, which is no."""
    feedback_mode: str | None = None
    """How thoughts that are one trained vector were computed in training; None in families that have no such thing."""
    num_iterations: int | None = None
    """Passes over all thoughts together, after the first; None in families that think one after the other."""
    answer_prompt: str | None = None
    """Text that follows the thoughts and is not written by the model; None in families that have none."""
    stop_head: bool | None = None
    """False: nobody asks the model when to stop, and it thinks num_latent thoughts; None where there is nobody to ask,
    or the head decides, which is the default of a family that has one."""
    add_latent_to_end: bool | None = None
    """Whether what a thought would have been is added to the embedding of the id that ends the thoughts; None in
    families without a stop head."""
    num_steps: int | None = None
    """Passes of every token through the network's core; None in families whose networks have none."""
    init_scale: float | None = None
    """Spread of the state before the first of these passes, as the official code scales it; None as above."""
    init_seed: int | None = None
    """Which draw that state is, where it is drawn."""

    def __post_init__(self) -> None:
        check_whole(
            "num_latent", self.num_latent, least=0, most=MOST_THOUGHTS, why=" (published models think 6 to 24 times)"
        )
        check_whole("lora_r", self.lora_r, least=0)
        if self.prj_dim is not None:
            check_whole("prj_dim", self.prj_dim, least=1)
        for name in ("use_prj", "prj_no_ln", "remove_eos"):
            if not isinstance(getattr(self, name), bool):
                raise CheckpointError(f"{name} must be true or false, not {shown(getattr(self, name))}")
        if not isinstance(self.feedback_mode, str | None):
            raise CheckpointError(f"feedback_mode must be text, not {shown(self.feedback_mode)}")
        for name in ("use_rslora", "stop_head", "add_latent_to_end"):
            if not isinstance(getattr(self, name), bool | None):
                raise CheckpointError(f"{name} must be true or false, not {shown(getattr(self, name))}")
        if self.use_rslora and not self.lora_r:
            raise CheckpointError("use_rslora is the scale of LoRA adapters, and lora_r = 0 says that there are none")
        alpha = self.lora_alpha
        number = isinstance(alpha, int | float) and not isinstance(alpha, bool)
        # The comparison alone: NaN fails it, and a whole number of any length can be compared.
        if alpha is not None and not (number and abs(alpha) <= MOST):
            raise CheckpointError(f"lora_alpha must be a number, not {shown(alpha)}")
        if self.init_scale is not None:
            # 0 and 0.0 are one setting, and a digest is of its text.
            object.__setattr__(self, "init_scale", _scale(self.init_scale))
        if self.lora_r and not (alpha is not None and alpha > 0):
            raise CheckpointError(
                f"lora_r is {self.lora_r}, so lora_alpha must be a number above 0 (LoRA's scale is lora_alpha / "
                f"lora_r); it is {shown(alpha)}"
            )


def _scale(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_SCALE:
        raise CheckpointError(
            f"init_scale must be a number from 0 (the state before the first step is zeros) to {_MOST_SCALE}, not "
            f"{shown(value)}"
        )
    return float(value)


def check_whole(name: str, value: Any, *, least: int, most: int = MOST, why: str = "") -> None:
    """Refuse what is no whole number in a range, saying ``why`` it ends there; JSON's true and 4.0 are none."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        end = f" to {most}{why}" if isinstance(value, int) and value > most else ""
        raise CheckpointError(f"{name} must be a whole number from {least}{end}, not {shown(value)}")
