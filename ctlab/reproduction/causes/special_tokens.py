"""A tokenizer without its special tokens: none before the question where training had one, or the other way round."""

from functools import partial
from typing import TYPE_CHECKING

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_ids
from ctlab.reproduction.variant import Variant, everywhere

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What begins a text in the vocabularies of Llama 2 and Mistral, Llama 3, Gemma, GPT-2; asked only where the tokenizer
# names none itself.
_BEGINNINGS = ("<s>", "<|begin_of_text|>", "<bos>")
_REMEDY = "save the tokenizer with its post-processor, as the base model has it (tokenizer.json, add_bos_token)"


def _look(case: Case) -> Looked:
    tokenizer = case.model.tokenizer
    first = {ids[0] for ids in case.model.encode_all([asked.problem.question for asked in case.asked]) if ids}
    beginning = _beginning(tokenizer)
    variants = []
    if len(first) == 1 and (only := next(iter(first))) in tokenizer.all_special_ids:
        without = f"without {tokenizer.convert_ids_to_tokens(only)} before the question"
        variants.append(_variant(without, lambda ids: ids[1:]))
    elif beginning is not None and beginning not in first:
        token = tokenizer.convert_ids_to_tokens(beginning)
        variants.append(_variant(f"{token} before the question", partial(_after, beginning)))
    if not variants:
        return Looked(note="the tokenizer knows no token that begins a text")
    return Looked(variants=tuple(variants))


def _variant(change: str, rewrite: "object") -> Variant:
    return Variant(change=change, remedy=_REMEDY, parts=everywhere(lambda model: with_ids(model, rewrite)))  # type: ignore[arg-type]


def _after(token: int, ids: list[int]) -> list[int]:
    return [token, *ids]


def _beginning(tokenizer: "PreTrainedTokenizerBase") -> int | None:
    if isinstance(tokenizer.bos_token_id, int):
        return tokenizer.bos_token_id
    vocabulary = tokenizer.get_vocab()
    return next((vocabulary[token] for token in _BEGINNINGS if token in vocabulary), None)


SPECIAL_TOKENS = Cause(name="special-tokens", title="tokenizer's special tokens", look=_look)
