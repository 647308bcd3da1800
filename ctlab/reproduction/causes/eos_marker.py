"""EOS before BOT and after EOT: some checkpoints were trained with it, some without, and no tensor says which."""

from functools import partial

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_markers
from ctlab.reproduction.variant import Variant, everywhere


def _look(case: Case) -> Looked:
    model = case.model
    eos, bot, eot = model.eos_token_id, model.begin_ids[-1], model.end_ids[0]
    begins, ends = ((bot,), (eos, bot)), ((eot,), (eot, eos))
    pairs = [(begin, end) for begin in begins for end in ends if (begin, end) != (model.begin_ids, model.end_ids)]
    return Looked(variants=tuple(_variant(*pair) for pair in pairs))


def _variant(begin: tuple[int, ...], end: tuple[int, ...]) -> Variant:
    before, after = (len(ids) > 1 for ids in (begin, end))
    remedy = f'"begin_ids": {list(begin)}, "end_ids": {list(end)}'
    return Variant(
        usual=before == after,  # official code writes both or none
        change=f"{'with' if before else 'without'} EOS before BOT, {'with' if after else 'without'} EOS after EOT",
        remedy=f'"remove_eos": {str(not before).lower()}, or {remedy}' if before == after else remedy,
        parts=everywhere(partial(with_markers, begin=begin, end=end)),
    )


EOS_MARKER = Cause(name="eos-marker", title="EOS before BOT", look=_look)
