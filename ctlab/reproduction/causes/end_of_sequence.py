"""Wrong end of sequence: the settings name another id than the base model's files do, so that answers do not end."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ctlab import inputs
from ctlab.errors import InputError
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner

_FILES = ("config.json", "generation_config.json")


def _look(case: Case) -> Looked:
    model = case.model
    named = {eos: where for eos, where in _named(model).items() if eos != model.eos_token_id}
    if not named:
        return Looked(note=f"id {model.eos_token_id}, as the base model's files say")
    return Looked(variants=tuple(_variant(model, eos, where) for eos, where in named.items()))


def _named(model: "LatentReasoner") -> dict[int, str]:
    """Return ids that end an answer by the base model's files, each with the first place that names it."""
    found: dict[int, str] = {}
    if isinstance(model.tokenizer.eos_token_id, int):
        found[model.tokenizer.eos_token_id] = "the tokenizer"
    folder = Path(model.tokenizer.name_or_path)
    for name in _FILES:
        if (folder / name).is_file():
            form = inputs.read_json(folder / name, error=InputError)
            ids = form.get("eos_token_id") if isinstance(form, dict) else None
            for eos in ids if isinstance(ids, list) else [ids]:
                if isinstance(eos, int) and 0 <= eos < model.logits_considered:
                    found.setdefault(eos, f"the base's {name}")
    return found


def _variant(model: "LatentReasoner", eos: int, where: str) -> Variant:
    word = model.tokenizer.convert_ids_to_tokens(eos)
    return Variant(
        change=f"answers end with id {eos} ({word}), as {where} says",
        remedy=f'"eos_token_id": {eos} in the settings, or none there',
        parts=everywhere(lambda given: ending_with(given, eos)),
    )


def ending_with(model: "LatentReasoner", eos: int) -> "LatentReasoner":
    """Have another id end an answer, and stand where the old one stood among the markers and as padding."""

    def new(token: int) -> int:
        return eos if token == model.eos_token_id else token

    return replace(
        model,
        eos_token_id=eos,
        pad_id=new(model.pad_id),
        begin_ids=tuple(map(new, model.begin_ids)),
        end_ids=tuple(map(new, model.end_ids)),
    )


END_OF_SEQUENCE = Cause(name="end-of-sequence", title="end-of-sequence id", look=_look)
