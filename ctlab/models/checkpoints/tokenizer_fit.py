"""Whether a tokenizer is the one that a checkpoint was trained with: the signs that are sure, and no others.

A tokenizer of another model reads and writes other words under the same ids, so that a checkpoint loads and answers
nonsense. What gives it away stands in files beside each other: two that give a token two ids, or an end of sequence
that is none. Kind, class and size of a tokenizer are no sign: any network can be trained with any.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from tokenizers import Tokenizer
from transformers import CONFIG_MAPPING, AutoConfig

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.checkpoints.base_model import BaseModel
from ctlab.models.checkpoints.weight_files import read_json

_WHOLE, _VOCABULARY, _CONFIG, _ADDED = "tokenizer.json", "vocab.json", "tokenizer_config.json", "added_tokens.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tokens:
    """Ids by token, as one file writes them."""

    path: Path
    ordinary: Mapping[str, int]
    """Those that are made of text."""
    added: Mapping[str, int]
    """Those that were added to them: marks, and what training put in."""


def refuse_two_tokenizers(model: BaseModel, own: Path | None) -> None:
    """Refuse a base whose tokenizer files are of two models, or whose tokenizer is another than the checkpoint's.

    ``own`` is the checkpoint's folder, None where there is none but a file. Raises CheckpointError.
    """
    base = model.folder
    files = _files_of(base)
    for more in files[1:]:
        if clash := _words_clash(files[0], more) or _marks_clash(files[0], more):
            raise CheckpointError(f"{clash}: they are of two models; fetch both again")
    if own is None or own.resolve() == base.resolve() or not files:
        return
    for file in _files_of(own)[:1]:
        if clash := _words_clash(file, files[0]):
            raise CheckpointError(f"{clash}: is the base the right one, and its tokenizer its own?")


def refuse_other_end(model: BaseModel, *, rows: int, added: int) -> None:
    """Refuse a tokenizer whose end of sequence cannot be the one that training saw (CheckpointError).

    ``rows`` are those of the checkpoint's embedding, of which ``added`` are of training's own ids.
    """
    tokenizer, remedy = model.tokenizer, "or say eos_token_id where that is right"
    eos = tokenizer.eos_token_id
    if not isinstance(eos, int):
        return  # asked for elsewhere
    if rows - added <= eos < rows:
        raise CheckpointError(
            f"the tokenizer of base {model.folder} gives its end of sequence {tokenizer.eos_token!r} the id {eos}, one "
            f"of the {added} that training added: its {_CONFIG} is of another model than its {_WHOLE}; fetch both "
            f"again, {remedy}"
        )
    said = read_json(model.folder / "config.json").get("eos_token_id")
    ends = said if isinstance(said, list) else [said]
    # A config that was never told keeps its class's own ids, whatever the tokenizer.
    if eos in ends or not ends or said is None or said == _class_default(model.kind):
        return
    if all(_is_no_end(tokenizer, end) for end in ends):
        words = tokenizer.convert_ids_to_tokens(ends[0]) if _is_id(ends[0], len(tokenizer)) else None
        raise CheckpointError(
            f"{model.folder / 'config.json'} says eos_token_id {shown(said)}, which is "
            f"{'no token' if words is None else shown(words)} in the tokenizer beside it, whose end of sequence is "
            f"{tokenizer.eos_token!r} ({eos}): they are of two models; fetch both again, {remedy}"
        )


def _class_default(kind: str) -> object:
    """The end of sequence that a config of an architecture has unless it is told; None where transformers has none."""
    return AutoConfig.for_model(kind).eos_token_id if kind in CONFIG_MAPPING else None


def _is_no_end(tokenizer: Any, token: object) -> bool:
    """Whether an id is no token at all, a word, or the mark that sequences begin with."""
    if not _is_id(token, len(tokenizer)):
        return True
    return token == tokenizer.bos_token_id or token not in tokenizer.added_tokens_decoder


def _is_id(token: object, tokens: int) -> TypeGuard[int]:
    return isinstance(token, int) and not isinstance(token, bool) and 0 <= token < tokens


def _files_of(folder: Path) -> list[_Tokens]:
    """What each file of a folder says about ids; the first says most."""
    found = []
    if (whole := folder / _WHOLE).is_file() and (read := _read_whole(whole)) is not None:
        found.append(read)
    if (vocabulary := folder / _VOCABULARY).is_file():
        found.append(_Tokens(path=vocabulary, ordinary=_whole_numbers(_read(vocabulary)), added={}))
    if (config := folder / _CONFIG).is_file():
        decoder = _read(config).get("added_tokens_decoder")
        marks = decoder.items() if isinstance(decoder, Mapping) else ()
        said = {mark.get("content"): int(key) for key, mark in marks if key.isdecimal() and isinstance(mark, Mapping)}
        found.append(_Tokens(path=config, ordinary={}, added=_whole_numbers(said)))
    if (more := folder / _ADDED).is_file():
        found.append(_Tokens(path=more, ordinary={}, added=_whole_numbers(_read(more))))
    return found


def _read_whole(path: Path) -> _Tokens | None:
    """Read the tokenizers library's own format by it; None for a file that it does not read."""
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception:  # the library raises no other class
        return None
    added = {mark.content: index for index, mark in tokenizer.get_added_tokens_decoder().items()}
    marks, vocabulary = set(added.values()), tokenizer.get_vocab(with_added_tokens=False)
    ordinary = {token: index for token, index in vocabulary.items() if token not in added and index not in marks}
    return _Tokens(path=path, ordinary=dict(sorted(ordinary.items(), key=lambda pair: pair[1])), added=added)


def _read(path: Path) -> Mapping[str, Any]:
    """Read what need be no JSON of ours, since it is not what the model is read by."""
    try:
        return read_json(path)
    except CheckpointError:
        return {}


def _whole_numbers(table: Mapping[Any, Any]) -> dict[str, int]:
    """Leave out what is no token with an id: nobody has read these files before."""
    return {token: index for token, index in table.items() if isinstance(token, str) and isinstance(index, int)}


def _words_clash(first: _Tokens, second: _Tokens) -> str:
    """Say which word two files give two ids, or which id two words; empty where there is none.

    Marks are left out: sound tokenizers have some renamed and others added.
    """
    places = {index: token for token, index in second.ordinary.items()}
    for token, index in first.ordinary.items():
        if second.ordinary.get(token, index) != index:
            return f"{first.path} gives {shown(token)} the id {index}, and {second.path} {second.ordinary[token]}"
        if places.get(index, token) != token:
            return f"id {index} is {shown(token)} in {first.path}, and {shown(places[index])} in {second.path}"
    return ""


def _marks_clash(whole: _Tokens, more: _Tokens) -> str:
    """Say which mark of one file has another id, or a word in its place, in the vocabulary that it belongs to."""
    places = {index: token for token, index in whole.ordinary.items()}
    both = {**whole.ordinary, **whole.added}
    for token, index in more.added.items():
        if both.get(token, index) != index:
            return f"{whole.path} gives {shown(token)} the id {both[token]}, and {more.path} {index}"
        if places.get(index, token) != token:
            return f"id {index} is {shown(places[index])} in {whole.path}, and {shown(token)} in {more.path}"
    return ""
