"""A tokenizer of another model is refused where files show it; sound ones, renamed and added marks among them, load."""

import json
import re
from shutil import copytree

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import WORDS, write_codi
from tests.shared_data import shared

MARKS = [word for word in WORDS if word.startswith("<")]
PLAIN = [word for word in WORDS if not word.startswith("<")]
TURNED = [*MARKS, *reversed(PLAIN)]
"""The words of the base under other ids: as many, and its marks where they were."""


@pytest.fixture
def checkpoint(tmp_path):
    folder = tmp_path / "mine"
    return folder, write_codi(folder, "gpt2")


def save_tokenizer(folder, words, **marks):
    folder.mkdir(exist_ok=True)
    backend = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    marks = {"eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>", **marks}
    PreTrainedTokenizerFast(tokenizer_object=backend, **marks).save_pretrained(folder)


def change(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def refused(checkpoint, **options):
    folder, settings = checkpoint
    with pytest.raises(CheckpointError) as error:
        load_model(folder, settings=settings, **options)
    assert str(error.value).startswith(("model mine: ", str(folder)))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_beside_the_weights_another_than_the_base_s(checkpoint):
    save_tokenizer(checkpoint[0], TURNED)
    said = refused(checkpoint)
    assert "tokenizer.json gives '.' the id 3, and " in said
    assert said.endswith("is the base the right one, and its tokenizer its own?")


def test_beside_the_weights_a_vocabulary_alone(checkpoint):
    (checkpoint[0] / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(TURNED)}))
    assert "vocab.json gives '.' the id 3" in refused(checkpoint)


def test_what_lies_beside_a_file_that_is_named_decides_nothing(checkpoint):
    folder, settings = checkpoint
    save_tokenizer(folder, TURNED)
    assert load_model(folder / "model.safetensors", folder / "base", settings)


def test_one_file_of_the_base_is_another_model_s(checkpoint):
    base = checkpoint[0] / "base"
    (base / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(TURNED)}))
    said = refused(checkpoint)
    assert "vocab.json 60: they are of two models; fetch both again" in said


def test_a_mark_stands_where_the_other_file_has_a_word(checkpoint):
    base = checkpoint[0] / "base"
    change(base / "tokenizer_config.json", added_tokens_decoder={"7": {"content": "<end>", "special": True}})
    assert "id 7 is '4' in" in refused(checkpoint)


def test_the_end_of_sequence_falls_among_the_added_ids(checkpoint):
    base = checkpoint[0] / "base"
    kept = (base / "tokenizer_config.json").read_text()
    save_tokenizer(base, ["<s>", "</s>", "<unk>", *PLAIN], eos_token="</s>", bos_token="<s>")
    (base / "tokenizer_config.json").write_text(kept)  # it names <eos>, which the other vocabulary lacks
    said = refused(checkpoint)
    assert re.search(r"gives its end of sequence '<eos>' the id 6[123], one of the 3 that training added", said)
    assert "or say eos_token_id where that is right" in said
    folder, settings = checkpoint
    assert load_model(folder, settings={**settings, "eos_token_id": 1}).eos_token_id == 1


@pytest.mark.parametrize(
    ("end", "said"),
    [(1, "says eos_token_id 1, which is '<bos>'"), (7, "which is '4'"), (70, "which is no token"), ([7, 1], "[7, 1]")],
)
def test_the_config_names_an_end_that_is_none(checkpoint, end, said):
    change(checkpoint[0] / "base" / "config.json", eos_token_id=end)
    assert said in refused(checkpoint)
    folder, settings = checkpoint
    assert load_model(folder, settings={**settings, "eos_token_id": 0}).eos_token_id == 0


@pytest.mark.parametrize(
    "end", [None, 0, [5, 0], 2, 50256, []], ids=["none", "its own", "of several", "a mark", "gpt2's own", "empty"]
)
def test_an_end_that_can_be(checkpoint, end):
    change(checkpoint[0] / "base" / "config.json", eos_token_id=end)
    assert load_model(checkpoint[0], settings=checkpoint[1]).eos_token_id == 0


def test_marks_that_are_renamed_and_added_are_sound(checkpoint):
    folder, settings = checkpoint
    before = load_model(folder, settings=settings)
    save_tokenizer(folder, [*MARKS[:-1], "<unk>", *PLAIN, "<|begin|>", "<|end|>"])
    content = json.loads((folder / "tokenizer.json").read_text())
    content["added_tokens"] = [{**mark, "content": f"{mark['content']}'"} for mark in content["added_tokens"]]
    (folder / "tokenizer.json").write_text(json.dumps(content))
    assert load_model(folder, settings=settings).digest == before.digest


@pytest.mark.parametrize("junk", [{"model": {"vocab": [[4], 3, []]}}, {"added_tokens": [{"id": "x"}, 4]}, {}])
def test_a_file_that_says_nothing_refuses_nothing(checkpoint, junk):
    (checkpoint[0] / "tokenizer.json").write_text(json.dumps(junk))
    assert load_model(checkpoint[0], settings=checkpoint[1])


def test_golden_tokenizers_of_equal_size_are_told_apart(tmp_path):
    """600 tokens each: one beside an adapter's weights, one in its base."""
    folder = tmp_path / "mine"
    copytree(shared("golden/pccot-gpt2"), folder)
    other = shared("golden/codi-gpt2") / "base" / "tokenizer.json"
    (folder / "base" / "tokenizer.json").write_bytes(other.read_bytes())
    with pytest.raises(
        CheckpointError, match=r"id 260 is '<<' in .*: is the base the right one, and its tokenizer its"
    ):
        load_model(folder, settings={"family": "pccot", "use_prj": False})
