import pytest

from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.known import KNOWN, published_accuracy


@pytest.mark.parametrize("name", KNOWN)
def test_known_settings_are_complete(name):
    settings = CheckpointSettings.from_json(KNOWN[name].settings)
    assert (settings.lora_r, settings.lora_alpha, settings.num_latent, settings.remove_eos) == (128, 32, 6, True)
    assert settings.base


def test_published_accuracies():
    assert published_accuracy("zen-E/CODI-gpt2", "gsm8k") == 0.437
    assert published_accuracy("zen-E/CODI-llama3.2-1b-Instruct", "gsm8k") == 0.556
    assert published_accuracy("zen-E/CODI-gpt2", "svamp") is None
    assert published_accuracy("tiny", "gsm8k") is None
