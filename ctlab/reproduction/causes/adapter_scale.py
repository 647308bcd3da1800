"""Wrong LoRA alpha or scale: nothing in a checkpoint says by what its adapters are multiplied."""

from functools import partial
from typing import TYPE_CHECKING, Any

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_network
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

# Alphas that papers and recipes use; beside them the usual multiples of the rank.
_USUAL = (8, 16, 32, 64, 128)
_OF_RANK = (0.25, 0.5, 1, 2, 4)


def _look(case: Case) -> Looked:
    rank, given = case.model.settings.lora_r, case.model.settings.lora_alpha
    if not rank or not given:
        return Looked(note="the checkpoint has no adapters")
    update = _Update(case, float(given))
    # rsLoRA (Kalajdzievski 2023, arXiv 2312.03732) divides by the root of the rank.
    plain, stabilised = float(rank), rank**0.5
    divisor, other = (stabilised, plain) if case.model.settings.use_rslora else (plain, stabilised)
    alphas = {float(alpha) for alpha in _USUAL} | {rank * factor for factor in _OF_RANK}
    variants = [_variant(alpha, divisor, update) for alpha in sorted(alphas - {float(given)})]
    variants.append(
        Variant(
            change="without the adapters: scale 0",
            remedy="save the checkpoint without its adapters, which its weights hold already",
            parts=everywhere(lambda model: with_network(model, partial(update.add, alpha=0.0))),
        )
    )
    swapped = given / other * divisor
    if swapped != given and swapped not in alphas:
        whose = "rsLoRA's" if divisor == plain else "plain LoRA's"
        variants.append(_variant(swapped, divisor, update, f" ({whose} scale of the given one)"))
    return Looked(variants=tuple(variants))


def _variant(alpha: float, divisor: float, update: "_Update", more: str = "") -> Variant:
    return Variant(
        change=f"lora_alpha {alpha:g}: scale {alpha / divisor:g}{more}",
        remedy=f'"lora_alpha": {alpha:g}',
        parts=everywhere(lambda model: with_network(model, partial(update.add, alpha=alpha))),
    )


class _Update:
    """What the adapters add to the weights: they are linear in alpha, so that two loads give every other one."""

    def __init__(self, case: Case, given: float) -> None:
        self._case, self._given = case, given
        self._a_unit: dict[str, Tensor] | None = None

    def add(self, network: "Module", *, alpha: float) -> None:
        """Add to a network's weights what another alpha adds beyond the given one."""
        parameters = dict(network.named_parameters())
        for name, update in self._of_one_alpha().items():
            weights = parameters[name]
            more = update.to(weights.device) * (alpha - self._given)
            weights.data = (weights.data.float() + more).to(weights.dtype)

    def _of_one_alpha(self) -> "dict[str, Tensor]":
        if self._a_unit is None:
            # In float32 whatever the model computes in: a difference of rounded weights would be mostly rounding.
            load: Any = self._case.load
            less, more = (
                # Whatever alpha a folder of peft states itself: that it may be wrong is the question.
                dict(load(dtype="float32", lora_alpha=alpha, despite_files=["lora_alpha"]).network.named_parameters())
                for alpha in self._alphas
            )
            step = self._alphas[1] - self._alphas[0]
            changed = {name: (more[name].data - less[name].data) / step for name in less}
            self._a_unit = {name: update for name, update in changed.items() if bool((update != 0).any())}
        return self._a_unit

    @property
    def _alphas(self) -> tuple[float, float]:
        return self._given, 2 * self._given


ADAPTER_SCALE = Cause(name="lora-scale", title="LoRA alpha or scale", look=_look)
