"""Numbers cut by the tokenizer: its vocabulary holds 12, and its pre-tokenizer splits it before it is looked up."""

import re
from functools import partial

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_ids
from ctlab.reproduction.variant import Variant, everywhere

_NUMBER = re.compile(r"[Ġ▁]?\d+(?:[./]\d+)?")
"""A number as one token; before it the mark of a blank, as byte-level BPE (Ġ) and SentencePiece (▁) write it."""
_LONGEST = 12  # pieces of a number: no vocabulary holds a longer one


def _look(case: Case) -> Looked:
    tokenizer = case.model.tokenizer
    vocabulary = tokenizer.get_vocab()
    words = {index: word for word, index in vocabulary.items()}
    rewrite = partial(joined, words=words, vocabulary=vocabulary)
    encoded = case.model.encode_all([asked.problem.question for asked in case.asked])
    cut = [words[index] for ids in encoded for index in rewrite(ids) if index not in ids]
    if not cut:
        return Looked(note="every number that its vocabulary holds is one token")
    example = cut[0].lstrip("Ġ▁")
    variant = Variant(
        change="numbers that the vocabulary holds as one token",
        remedy=f"the tokenizer cuts numbers that its vocabulary holds ({example} is one token there): take the base's "
        "own tokenizer.json, whose pre-tokenizer leaves them whole",
        parts=everywhere(lambda model: with_ids(model, rewrite)),
    )
    return Looked(variants=(variant,), note=f"{example} is in the vocabulary, and is cut into several tokens")


def joined(ids: list[int], words: dict[int, str], vocabulary: dict[str, int]) -> list[int]:
    """Join pieces that stand side by side into the longest number that the vocabulary holds.

    Two numbers with nothing between them but a blank that no token marks would be joined too; questions have none.
    """
    found, place = [], 0
    while place < len(ids):
        for size in range(min(_LONGEST, len(ids) - place), 0, -1):
            word = "".join(words.get(token, " ") for token in ids[place : place + size])
            if size == 1 or (_NUMBER.fullmatch(word) and word in vocabulary):
                found.append(ids[place] if size == 1 else vocabulary[word])
                place += size
                break
    return found


NUMBER_TOKENS = Cause(name="numbers-cut", title="numbers cut by the tokenizer", look=_look)
