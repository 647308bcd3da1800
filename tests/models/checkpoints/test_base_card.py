"""A base model in short, without torch; what it may not ask for ends a run before its first test."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.base_card import base_card
from ctlab.models.checkpoints.checkpoint_files import TINY


@pytest.fixture
def base(tmp_path):
    shutil.copytree(TINY / "base", tmp_path / "base")
    return tmp_path / "base"


def edit(base, file, **change):
    (base / file).write_text(json.dumps({**json.loads((base / file).read_text()), **change}))


def test_layers_and_nothing_left_out(base):
    assert base_card(base).num_layers == 3
    assert base_card(base).left_out == ()


def test_gpt2_counts_layers_in_its_own_word(base):
    (base / "config.json").write_text(json.dumps({"model_type": "gpt2", "n_layer": 12}))
    assert base_card(base).num_layers == 12
    (base / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    assert base_card(base).num_layers is None


def test_what_is_left_out_is_named_with_its_file(base):
    edit(base, "config.json", rope_interleaved=False)
    edit(base, "tokenizer_config.json", image_token="<image>", chat_template="{{ 1 }}")
    assert base_card(base).left_out == ("config.json: rope_interleaved", "tokenizer_config.json: image_token")


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("config.json", {"attn_implementation": "org/kernel"}, "asks for code from elsewhere"),
        ("config.json", {"hidden_act": "silu_"}, "'hidden_act' must be one of"),
        ("config.json", {"num_hidden_layers": 10**9}, "'num_hidden_layers' must be a whole number from 1 to 1000"),
        ("config.json", {"num_hidden_layers": "x"}, "'num_hidden_layers' must be a whole number"),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["a.B", None]}}, "asks for code of its own"),
        ("tokenizer_config.json", {"tokenizer_class": "AutoModel"}, "names the tokenizer class 'AutoModel'"),
    ],
)
def test_refused_before_a_weight_is_read(base, file, change, message):
    edit(base, file, **change)
    with pytest.raises(CheckpointError, match=message):
        base_card(base)


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"attn_implementation": "org/kernel"}, {"num_hidden_layers": 10**9}])
def test_a_run_ends_with_exit_code_4(tmp_path, change):
    shutil.copytree(TINY, tmp_path / "evil")
    edit(tmp_path / "evil" / "base", "config.json", **change)
    command = [sys.executable, "-m", "pytest", "hypotheses", "-k", "test_ct0", "-p", "no:cacheprovider"]
    options = [f"--ctlab-{name}={tmp_path / name}" for name in ("store", "report")]
    done = subprocess.run(
        [*command, *options, f"--ctlab-model={tmp_path / 'evil'}"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 4
    assert "evil/base/config.json" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
