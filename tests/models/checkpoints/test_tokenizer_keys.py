"""Of a tokenizer transformers sees vocabulary and marks; questions keep the ids that all of its files give."""

import json
from functools import partial

import pytest
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.base_model import read_tokenizer
from ctlab.models.checkpoints.tokenizer_keys import tokenizer_folder, unknown_keys
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_base

TEXTS = [*QUESTIONS, " a  b", "a<mark>b <pad> ?", ""]


def byte_level(folder):
    """GPT-2's own form: vocab.json and merges.txt, and marks as described tokens."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: index for index, letter in enumerate([*letters, "ab", "<|endoftext|>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\na b\n")
    mark = {"__type": "AddedToken", "content": "<|endoftext|>", "lstrip": False, "normalized": True, "rstrip": False}
    marks = {"bos_token": {**mark, "single_word": False}, "eos_token": mark, "unk_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({**marks, "tokenizer_class": "GPT2Tokenizer", "errors": "replace", "add_bos_token": False})
    )
    described = {key: value for key, value in mark.items() if key != "__type"}
    (folder / "special_tokens_map.json").write_text(json.dumps({"bos_token": described, "eos_token": "<|endoftext|>"}))
    (folder / "added_tokens.json").write_text(json.dumps({"<mark>": len(vocabulary)}))
    (folder / "config.json").write_text(json.dumps({"model_type": "gpt2", "tokenizer_class": "GPT2TokenizerFast"}))


def serialised(folder, kind="llama", name="PreTrainedTokenizerFast"):
    """Llama 3's form: tokenizer.json with everything, and marks in added_tokens_decoder."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE({letter: index for index, letter in enumerate(letters)}, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(["<|begin|>", "<|end|>"])
    backend.add_tokens([AddedToken("<mark>", normalized=False)])
    PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<|begin|>", eos_token="<|end|>").save_pretrained(
        folder
    )
    path = folder / "tokenizer_config.json"
    content = json.loads(path.read_text())
    flags = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    content |= {
        "tokenizer_class": name,
        "added_tokens_decoder": {"256": {"content": "<|begin|>", **flags}, "257": {"content": "<|end|>", **flags}},
        "additional_special_tokens": ["<pad>"],
        "chat_template": "{{ messages }}",
        "model_input_names": ["input_ids"],
        "model_max_length": 131072,
        "clean_up_tokenization_spaces": True,
    }
    path.write_text(json.dumps(content))
    (folder / "config.json").write_text(json.dumps({"model_type": kind, "transformers_version": "4.45.0.dev0"}))


@pytest.mark.parametrize(
    "write",
    [
        byte_level,
        serialised,
        partial(serialised, kind="qwen2", name="Qwen2Tokenizer"),
        partial(serialised, kind="llama", name="LlamaTokenizerFast"),
        partial(serialised, kind="mistral", name="LlamaTokenizer"),
        write_base,
        partial(write_base, kind="gpt2"),
    ],
    ids=["bytes", "serialised", "qwen2", "llama", "mistral", "words", "words of gpt2"],
)
def test_ordinary_tokenizers_give_the_ids_that_all_their_files_give(tmp_path, write):
    write(tmp_path)
    whole, ours = AutoTokenizer.from_pretrained(tmp_path), read_tokenizer(tmp_path)
    assert type(ours) is type(whole)
    ids = whole(TEXTS)["input_ids"]
    assert ours(TEXTS)["input_ids"] == ids
    assert ours.batch_decode(ids) == whole.batch_decode(ids)
    assert ours.special_tokens_map == whole.special_tokens_map
    assert ours.eos_token_id == whole.eos_token_id
    assert len(ours) == len(whole)
    assert ours.name_or_path == str(tmp_path)
    content = json.loads((tmp_path / "tokenizer_config.json").read_text())
    assert unknown_keys(content) == ()


def test_the_folder_is_gone_afterwards_and_holds_known_files_alone(tmp_path):
    serialised(tmp_path)
    (tmp_path / "evil.py").write_text("raise SystemExit")
    (tmp_path / "tokenizer.model.v3").write_text("")
    with tokenizer_folder(tmp_path) as place:
        assert {path.name for path in place.iterdir()} == {"config.json", "tokenizer.json", "tokenizer_config.json"}
        assert "chat_template" not in json.loads((place / "tokenizer_config.json").read_text())
        assert place.stat().st_mode & 0o077 == 0
    assert not place.exists()


def test_unknown_keys_are_left_out_and_named(tmp_path):
    serialised(tmp_path)
    path = tmp_path / "tokenizer_config.json"
    content = {
        **json.loads(path.read_text()),
        **{"tokenizer_truncation": {"max_length": 1}, "gguf_file": "../x", "init_inputs": [1], "padding_side": "left"},
        **{"image_token": "<image>", "__class__": "evil"},
    }
    path.write_text(json.dumps(content))
    assert unknown_keys(content) == ("__class__", "gguf_file", "image_token", "init_inputs", "tokenizer_truncation")
    assert len(read_tokenizer(tmp_path)("abcdef")["input_ids"]) == 6


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        (
            "tokenizer_config.json",
            {"eos_token": 3},
            "'eos_token' must be a token: its text, or an object with 'content'",
        ),
        ("tokenizer_config.json", {"eos_token": {"text": "x"}}, "'eos_token' must be a token"),
        ("tokenizer_config.json", {"added_tokens_decoder": [1]}, "'added_tokens_decoder' must be an object"),
        ("tokenizer_config.json", {"added_tokens_decoder": {"x": "y"}}, "'added_tokens_decoder' must be an object"),
        ("tokenizer_config.json", {"added_tokens_decoder": {"9": 3}}, "token 9 must be a token"),
        ("tokenizer_config.json", {"additional_special_tokens": [[]]}, "'additional_special_tokens' must be a token"),
        ("special_tokens_map.json", {"pad_token": []}, "special_tokens_map.json: 'pad_token' must be a token"),
        ("added_tokens.json", {"x": -1}, "added_tokens.json: the id of 'x' must be a whole number from 0, not -1"),
        ("added_tokens.json", {"x": "y"}, "the id of 'x' must be a whole number"),
    ],
)
def test_wrong_values_are_one_sentence(tmp_path, file, change, message):
    byte_level(tmp_path)
    path = tmp_path / file
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(CheckpointError, match=message) as error:
        read_tokenizer(tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"model": {}}', '{"model": {"type": "BPE"}}', '"x"', "\0"])
def test_a_damaged_vocabulary_is_one_sentence(tmp_path, content):
    serialised(tmp_path)
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(CheckpointError, match="has no tokenizer that can be read") as error:
        read_tokenizer(tmp_path)
    assert "\n" not in str(error.value)
