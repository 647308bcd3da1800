"""The negative control's token: one of the question's, chosen by a hash of the problem's id."""

import hashlib
from collections.abc import Sequence

from ctlab.errors import ConditionError
from ctlab.models.reasoner import LatentReasoner


def control_position(model: LatentReasoner, problem_id: str, prompt: Sequence[int]) -> int:
    """Choose among the question's tokens that hold no digit and are no special tokens.

    Special tokens are left out because a model may rest its attention on them: hiding one is no negative control.
    """
    special = set(model.tokenizer.all_special_ids)
    plain = [position for position, token in enumerate(prompt) if token not in special and _digitless(model, token)]
    if not plain:
        raise ConditionError(
            f"problem {problem_id}: no token of its question is free of digits, so 'question-control' has nothing "
            f"to hide"
        )
    # A hash and no random number: the same token whatever is run beside, on every machine and version of a library.
    number = int.from_bytes(hashlib.sha256(problem_id.encode()).digest()[:8], "big")
    return plain[number % len(plain)]


def _digitless(model: LatentReasoner, token: int) -> bool:
    text = str(model.tokenizer.convert_ids_to_tokens(token))
    return not any(character.isdigit() for character in text)
