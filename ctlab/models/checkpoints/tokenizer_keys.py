"""A base model's tokenizer as far as transformers gets to see it: its vocabulary, its marks, and no code.

What is read lies in a folder of its own for as long as that takes: the files that the model's digest covers, the JSON
among them with known keys alone. So nothing else in a checkpoint's folder (templates, adapters, modules, vocabularies
under other names) has a say in what a question's tokens are.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.checkpoints.checkpoint_files import base_files
from ctlab.models.checkpoints.config_keys import RECURRENT_DEPTH
from ctlab.models.checkpoints.config_rules import whole
from ctlab.models.checkpoints.foreign_code import refuse_code
from ctlab.models.checkpoints.weight_files import read_json

_CONFIG, _TOKENIZER, _SPECIAL, _ADDED = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)
CLASSES = frozenset(
    {
        *("TokenizersBackend", "PreTrainedTokenizer", "PreTrainedTokenizerFast", "GPT2Tokenizer", "GPT2TokenizerFast"),
        *("LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast"),
        *("Qwen2Tokenizer", "Qwen2TokenizerFast", "GPTNeoXTokenizer", "GPTNeoXTokenizerFast"),
    }
)
"""Tokenizers of transformers that read a vocabulary and nothing else."""
_TOKENS = ("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token")
_MORE_TOKENS = ("additional_special_tokens", "extra_special_tokens")
_FLAGS = (
    *("add_bos_token", "add_eos_token", "add_prefix_space", "clean_up_tokenization_spaces", "legacy"),
    *("split_special_tokens", "spaces_between_special_tokens", "fix_mistral_regex"),
)
_MARK_FLAGS = ("lstrip", "rstrip", "single_word", "normalized", "special")
DECIDES_NOTHING = frozenset(
    {
        *("chat_template", "response_template", "name_or_path", "special_tokens_map_file", "tokenizer_file"),
        *("vocab_file", "merges_file", "fast_tokenizer_files", "model_input_names", "processor_class", "backend"),
        *(
            "sp_model_kwargs",
            "use_default_system_prompt",
            "device_map",
            "is_local",
            "local_files_only",
            "do_lower_case",
        ),
        *("padding", "padding_side", "pad_to_multiple_of", "pad_token_type_id", "truncation", "truncation_side"),
        *("truncation_strategy", "stride", "max_length", "model_max_length", "use_fast", "added_tokens_decoder"),
        *("auto_map", "trust_remote_code", "transformers_version", "tokenizer_class", "errors", "do_lower_case"),
    }
)
"""Keys of ordinary tokenizer configs that decide no token of a question, or are read otherwise."""


@contextmanager
def tokenizer_folder(folder: Path) -> Iterator[Path]:
    """Lay out what transformers may read of a base model's tokenizer, for as long as the block lasts."""
    files = {path.name: path for path in base_files(folder)}
    with TemporaryDirectory(prefix="ctlab-tokenizer-") as name:
        place = Path(name)
        for file, path in files.items():
            content = _JSON[file](read_json(path), path) if file in _JSON else None
            text = path.read_bytes() if content is None else json.dumps(content).encode()
            (place / file).write_bytes(text)
        yield place


def unknown_keys(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the keys of a tokenizer config that are left out although nobody here knows that they decide nothing."""
    known = {*_TOKENS, *_MORE_TOKENS, *_FLAGS, *DECIDES_NOTHING}
    return tuple(sorted(key for key in content if key not in known))


def _model(content: Mapping[str, Any], path: Path) -> dict[str, Any]:
    # Only what decides which tokenizer is made, and whether an old Mistral one is to be mended.
    named = {} if content["model_type"] == RECURRENT_DEPTH else {"model_type": content["model_type"]}
    form = {**named, **_class(content, path)}
    version = content.get("transformers_version")
    return {**form, "transformers_version": version} if _version(version) else form


def _version(value: object) -> bool:
    return isinstance(value, str) and len(value) < 40 and value[:1].isdigit() and value.isascii()


def read_settings(content: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Keep of a tokenizer config what decides a question's tokens, refusing code (CheckpointError)."""
    refuse_code(content, path)
    form: dict[str, Any] = {**_class(content, path)}
    for key, value in _special(content, path).items():
        form[key] = [_typed(mark) for mark in value] if isinstance(value, list) else _typed(value)
    for key in _FLAGS:
        if isinstance(content.get(key), bool):
            form[key] = content[key]
    added = content.get("added_tokens_decoder")
    if added is not None:
        if not isinstance(added, Mapping) or not all(key.isdecimal() and len(key) <= 10 for key in added):
            raise CheckpointError(f"{path}: 'added_tokens_decoder' must be an object of ids to tokens")
        form["added_tokens_decoder"] = {key: _mark(value, f"{path}: token {key}") for key, value in added.items()}
    return form


def _class(content: Mapping[str, Any], path: Path) -> dict[str, str]:
    name = content.get("tokenizer_class")
    if name is None:
        return {}
    if not isinstance(name, str) or name not in CLASSES:
        raise CheckpointError(
            f"{path} names the tokenizer class {shown(name)}; read are {', '.join(sorted(CLASSES))}: save the "
            f"tokenizer as tokenizer.json with the class PreTrainedTokenizerFast"
        )
    return {"tokenizer_class": name}


def _special(content: Mapping[str, Any], path: Path) -> dict[str, Any]:
    form = {key: _mark(content[key], f"{path}: {key!r}") for key in _TOKENS if content.get(key) is not None}
    for key in _MORE_TOKENS:
        if isinstance(content.get(key), list):
            form[key] = [_mark(value, f"{path}: {key!r}") for value in content[key]]
    return form


def _added(content: Mapping[str, Any], path: Path) -> dict[str, Any]:
    for token, index in content.items():
        if not whole(index, 0, 2**32 - 1):  # ids of the tokenizers library have 32 bits
            raise CheckpointError(f"{path}: the id of {shown(token)} must be a whole number from 0, not {shown(index)}")
    return dict(content)


def _mark(value: object, where: str) -> Any:
    """Return a token as text or as its description, with the keys that the tokenizers library knows."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping) or not isinstance(value.get("content"), str):
        raise CheckpointError(f"{where} must be a token: its text, or an object with 'content'; not {shown(value)}")
    flags = {key: value[key] for key in _MARK_FLAGS if isinstance(value.get(key), bool)}
    return {"content": value["content"], **flags}


def _typed(mark: Any) -> Any:
    # In this file alone a described token carries the name of its class.
    return {**mark, "__type": "AddedToken"} if isinstance(mark, Mapping) else mark


_JSON: Mapping[str, Callable[[Mapping[str, Any], Path], dict[str, Any]]] = {
    _CONFIG: _model,
    _TOKENIZER: read_settings,
    _SPECIAL: _special,
    _ADDED: _added,
}
"""How each JSON file that can name anything is read; the vocabulary itself is the tokenizers library's own format."""
