from pathlib import Path

import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints import checkpoint_files
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.known import KNOWN, published_accuracy
from ctlab.models.checkpoints.known_table import table
from ctlab.models.families import FAMILIES, published_checkpoints

FOLDER = Path(published_checkpoints.__file__).parent / "published"


@pytest.mark.parametrize("name", KNOWN)
def test_known_settings_are_complete(name):
    known = KNOWN[name]
    family = FAMILIES[known.settings["family"]]
    # A file's own values could be any: the example's stand for them.
    stated = {key: family.example[key] for key in known.in_files}
    read = CheckpointSettings.from_json({**stated, **known.settings})
    assert read.num_latent == {**stated, **known.settings}["num_latent"]
    assert not set(known.in_files) & set(known.settings)
    assert bool(family.states) or not known.in_files


def test_published_accuracies():
    assert published_accuracy("zen-E/CODI-gpt2", "gsm8k") == 0.437
    assert published_accuracy("zen-E/CODI-llama3.2-1b-Instruct", "gsm8k") == 0.556
    assert published_accuracy("internlm/SIM_COT-LLaMA3-CODI-8B", "gsm8k") == 0.641
    assert published_accuracy("internlm/SIM_COT-GPT2-CODI", "gsm8k") is None
    assert published_accuracy("zen-E/CODI-gpt2", "svamp") is None
    assert published_accuracy("tiny", "gsm8k") is None


def test_a_number_has_its_source():
    assert all(known.source and known.problems for known in KNOWN.values() if known.accuracy is not None)


def test_every_file_of_published_checkpoints_is_read_by_a_family():
    assert {path.stem for path in FOLDER.glob("*.toml")} <= set(FAMILIES)
    assert all(known.settings["family"] == name for name in FAMILIES for known in FAMILIES[name].published.values())


def test_the_documentation_has_the_table():
    assert table() in (Path(__file__).parents[3] / "docs" / "checkpoints.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "said"),
    [("accuracy = 0.5", "needs 'source' and 'problems'"), ("accurate = 0.5", "'accurate' is no key of a published")],
)
def test_a_row_that_is_wrong(tmp_path, monkeypatch, row, said):
    (tmp_path / "mine.toml").write_text(f'[[published]]\nid = "a/b"\nsettings = {{}}\n{row}\n')
    monkeypatch.setattr(published_checkpoints, "_FOLDER", tmp_path)
    with pytest.raises(CheckpointError, match=said):
        published_checkpoints.published("mine")


def test_a_repository_of_several_is_fetched_by_its_folder(tmp_path, monkeypatch):
    asked = []

    def download(name, patterns, *, purpose):
        asked.append((name, patterns))
        return tmp_path

    (tmp_path / "coconut").mkdir()
    monkeypatch.setattr(checkpoint_files, "download", download)
    with pytest.raises(CheckpointError, match="coconut holds no weights"):
        checkpoint_files.find("bmarti44/coconut-curriculum-checkpoints/coconut", None, None, allow_pickle=True)
    ((name, patterns),) = asked
    assert name == "bmarti44/coconut-curriculum-checkpoints"
    assert "coconut/checkpoint_*" in patterns
    assert all(pattern.startswith("coconut/") for pattern in patterns)
