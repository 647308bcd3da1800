"""The ids around the thoughts: what the family derives, what the settings say otherwise, checked against the rows."""

from dataclasses import replace

from transformers import PreTrainedTokenizerBase

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Markers


def markers_of(settings: CheckpointSettings, tokenizer: PreTrainedTokenizerBase, rows: int) -> Markers:
    """Derive a checkpoint's markers; ``rows`` are those of its input embedding."""
    eos = settings.eos_token_id if settings.eos_token_id is not None else tokenizer.eos_token_id
    if not isinstance(eos, int):
        raise CheckpointError("the tokenizer names no end-of-sequence token; write eos_token_id into the settings")
    derived = FAMILIES[settings.family].markers(settings, tokenizer, rows=rows, eos=eos)
    markers = replace(
        derived,
        begin=derived.begin if settings.begin_ids is None else settings.begin_ids,
        end=derived.end if settings.end_ids is None else settings.end_ids,
        pad=derived.pad if tokenizer.pad_token_id is None else int(tokenizer.pad_token_id),
        logits_considered=settings.logits_considered or derived.logits_considered,
    )
    for name, ids in (("begin_ids", markers.begin), ("end_ids", markers.end), ("eos_token_id", (eos,))):
        if max(ids, default=0) >= rows:
            raise CheckpointError(f"{name} holds {max(ids)}, but the checkpoint's embedding has only {rows} rows")
    if markers.logits_considered > rows:
        raise CheckpointError(f"logits_considered is {markers.logits_considered}, but there are only {rows} logits")
    return markers
