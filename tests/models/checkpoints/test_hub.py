import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.hub import check_id, download


@pytest.mark.parametrize("name", ["gpt2", "zen-E/CODI-gpt2", "meta-llama/Llama-3.2-1B-Instruct", "a_b/c.d"])
def test_ids(name):
    check_id(name, purpose="a model")


@pytest.mark.parametrize("name", ["../x", "a/b/c", "a b", ".hidden", "a/..", "a/", "/a", "a\\b", "C:/x", "~/x", "a\n"])
def test_what_is_no_id(name):
    with pytest.raises(CheckpointError, match="is not a model"):
        check_id(name, purpose="a model")


@pytest.mark.parametrize(("offline", "why"), [(True, "HF_HUB_OFFLINE is set"), (False, "the hub cannot be reached")])
def test_absent_is_one_clear_sentence(monkeypatch, tmp_path, offline, why):
    import huggingface_hub
    from huggingface_hub import constants
    from huggingface_hub.errors import LocalEntryNotFoundError

    def absent(*_, **__):
        raise LocalEntryNotFoundError("a very long story\nin several lines")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", absent)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
    with pytest.raises(CheckpointError) as error:
        download("zen-E/CODI-gpt2", ["*"], purpose="a model")
    assert str(error.value) == (f"'zen-E/CODI-gpt2' is not on disk and {why}; download it first, or give a folder")


def test_offline_asks_nothing_of_the_network(monkeypatch, tmp_path):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(CheckpointError, match="HF_HUB_OFFLINE is set"):
        download("zen-E/CODI-gpt2", ["*"], purpose="a model")
