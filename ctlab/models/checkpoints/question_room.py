"""Whether every question fits a model, known before a weight is read: a large model takes minutes to load."""

from collections.abc import Sequence

from ctlab.errors import CheckpointError, InputError
from ctlab.models.checkpoints.base_card import base_card
from ctlab.models.checkpoints.checkpoint_files import Source, naming
from ctlab.models.families import FAMILIES
from ctlab.problems import Problem

_FRAME = 2
"""Fewest ids around the thoughts, where there are any: one before and one after them."""
_SPECIAL = 4
"""Ids that a tokenizer may add to a question of its own accord; one or two in every family."""
_SHOWN = 60
"""Characters of a question in a sentence."""


def refuse_thoughts_without_room(positions: int | None, thoughts: int) -> None:
    """Raise CheckpointError where the thoughts of any question would fill the positions of the base model."""
    least = thoughts + _FRAME + 2  # question and answer: a token each
    if positions is not None and thoughts and least > positions:
        raise CheckpointError(
            f"num_latent is {thoughts}, and the base model has {positions} positions, which must hold question, "
            f"thoughts and answer; correct num_latent or the base"
        )


def refuse_long(source: Source, problems: Sequence[Problem], max_new_tokens: int) -> None:
    """Raise InputError for the first question that leaves no room for thoughts and answer; by its row, from 1.

    What passes may still be an id or two too long: where the frame is longer, the engine says so.
    """
    with naming(source.name, source.place):
        limit = base_card(source.base).positions
    if limit is None:
        return
    training = source.settings
    family, thoughts = FAMILIES[training.family], training.num_latent
    after = (thoughts + _FRAME if thoughts else 0) + max_new_tokens
    texts = [family.prompt(problem.question) + training.question_suffix for problem in problems]
    # No tokenizer makes more ids than bytes of a text, so that nearly every set is known to fit without one.
    suspects = [row for row, text in enumerate(texts) if _bytes(text) + _SPECIAL + after > limit]
    if not suspects:
        return
    from ctlab.models.checkpoints.base_model import read_tokenizer

    encoded = read_tokenizer(source.base)([texts[row] for row in suspects])["input_ids"]
    for row, ids in zip(suspects, encoded, strict=True):
        if len(ids) + after > limit:
            start = " ".join(problems[row].question.split())[:_SHOWN]
            raise InputError(
                f"problem {row + 1} of {len(problems)} ({start!r}…): its question of {len(ids)} tokens leaves no room "
                f"for {f'{thoughts} thoughts and ' if thoughts else ''}{max_new_tokens} tokens of an answer within the "
                f"model's {limit} positions; leave the problem out, or lower --ctlab-max-new-tokens"
            )


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
