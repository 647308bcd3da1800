"""EOS before BOT and after EOT: some checkpoints were trained with it, some without, and no tensor says which."""

from functools import partial

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.causes.vocabulary_rows import NO_MARKERS
from ctlab.reproduction.changed_model import frame_of, with_markers
from ctlab.reproduction.variant import Variant, everywhere


def _look(case: Case) -> Looked:
    from ctlab.models.families import FAMILIES

    model, eos = case.model, case.model.eos_token_id
    if (frame := frame_of(model)) is None:
        return Looked(note=NO_MARKERS)
    bot, eot = frame
    # What else is forced there stays where it is: the words that begin an answer, for example.
    before, after = (tuple(token for token in ids if token != eos) for ids in (model.begin_ids[:-1], model.end_ids[1:]))
    begins, ends = ((*before, bot), (*before, eos, bot)), ((eot, *after), (eot, eos, *after))
    has_setting = "remove_eos" in FAMILIES[model.settings.family].knows
    pairs = [(begin, end) for begin in begins for end in ends if (begin, end) != (model.begin_ids, model.end_ids)]
    return Looked(variants=tuple(_variant(begin, end, eos, has_setting=has_setting) for begin, end in pairs))


def _variant(begin: tuple[int, ...], end: tuple[int, ...], eos: int, *, has_setting: bool) -> Variant:
    before, after = (eos in ids for ids in (begin, end))
    remedy = f'"begin_ids": {list(begin)}, "end_ids": {list(end)}'
    return Variant(
        usual=before == after,  # official code writes both or none
        change=f"{'with' if before else 'without'} EOS before BOT, {'with' if after else 'without'} EOS after EOT",
        remedy=f'"remove_eos": {str(not before).lower()}, or {remedy}' if has_setting and before == after else remedy,
        parts=everywhere(partial(with_markers, begin=begin, end=end)),
    )


EOS_MARKER = Cause(name="eos-marker", title="EOS before BOT", look=_look)
