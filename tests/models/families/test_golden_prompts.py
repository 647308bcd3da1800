"""What each golden model is fed before its answer: ids of questions and markers as the official code has them."""

import json

import pytest

from ctlab.models import load_model
from tests.models.families.golden_settings import BY_FOLDER, golden_settings
from tests.shared_data import shared


@pytest.mark.parametrize("name", BY_FOLDER)
def test_prompts(name):
    folder = shared(f"golden/{name}")
    form = json.loads((folder / "expected.json").read_text())
    model = load_model(folder, settings=golden_settings(folder))
    latent = [form["latent_id"]] * form["num_latent"] if "num_latent" in form else []
    for question, ids in zip(form["questions"], form["input_ids"], strict=True):
        assert [*model.encode(question), *model.begin_ids, *latent, *model.end_ids] == ids
    assert (model.latent_id, model.eos_token_id) == (form.get("latent_id"), form["eos_token_id"])
    assert (model.logits_considered, model.num_thoughts) == (form["logits_considered"], form.get("num_latent", 0))
