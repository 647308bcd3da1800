"""LatentTTS' folders: ids of the tokenizer, a merged network, and a projection under a name of its own."""

import json

import pytest
import torch
from transformers import AutoTokenizer

from ctlab.certify import certify
from ctlab.engine.answers import generate_batches
from ctlab.errors import CheckpointError
from ctlab.interventions import BASELINE
from ctlab.models import CheckpointSettings, load_model
from ctlab.models.thought_program import HiddenState
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import QUESTIONS, WORDS, save, write_base

SETTINGS = {"family": "latenttts", "num_latent": 2, "use_prj": False, "question_suffix": ""}
PROJECTED = {**SETTINGS, "use_prj": True, "prj_dim": 24}
TOKENS = ["<|latent|>", "<|start-latent|>", "<|end-latent|>"]
LATENT = len(WORDS)
PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]


def write(folder, *, projector=False, tokens=TOKENS, latent_row=1.0):
    """A folder as save_pretrained leaves it; ``latent_row`` scales the placeholder's row, which is its logit's too."""
    network = write_base(folder, "gpt2")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(list(tokens))
    tokenizer.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "vocab_size": len(WORDS) + 3, "latent_id": LATENT}))
    tensors = {name: tensor for name, tensor in network.state_dict().items() if name != "lm_head.weight"}
    tensors["transformer.wte.weight"][LATENT] *= latent_row
    if projector:
        shapes = {"1.weight": (24, 32), "1.bias": (24,), "3.weight": (32, 24), "3.bias": (32,)}
        shapes |= {"4.weight": (32,), "4.bias": (32,)}
        tensors |= {f"projector.{name}": 0.25 * torch.randn(shape) for name, shape in shapes.items()}
    save(tensors, folder / "model.safetensors")
    return folder


def test_ids_are_the_tokenizer_s(tmp_path):
    model = load_model(write(tmp_path), settings=SETTINGS)
    assert (model.begin_ids, model.end_ids, model.latent_id) == ((LATENT + 1,), (LATENT + 2,), LATENT)
    assert model.projection is None
    assert model.program.slots == (HiddenState(),) * 2


def test_a_projected_form_is_certified(tmp_path):
    model = load_model(write(tmp_path, projector=True), settings=PROJECTED)
    assert model.program.slots == (HiddenState(projected=True),) * 2
    assert certify(model, PROBLEMS, [BASELINE])["baseline"].failure() is None


@pytest.mark.parametrize(
    ("written", "settings", "sentence"),
    [
        ({"tokens": TOKENS[:2]}, SETTINGS, "the checkpoint's tokenizer has no token '<|end-latent|>'"),
        ({"projector": True}, SETTINGS, "the checkpoint holds projector.1.bias, but the settings say use_prj false"),
        ({}, PROJECTED, "missing for the projection (use_prj): projector.1.bias"),
        ({"projector": True}, {**PROJECTED, "prj_dim": 25}, "prj_dim = 25 needs (25, 32)"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, written, settings, sentence):
    with pytest.raises(CheckpointError) as refused:
        load_model(write(tmp_path, **written), settings=settings)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"use_prj": True}, "prj_dim is needed: projector_hidden_size"),
        ({"lora_r": 4, "lora_alpha": 8}, "family latenttts has no lora_r"),
        ({"prj_no_ln": True}, "family latenttts has no prj_no_ln"),
        ({"num_latent": 0}, "num_latent must be a whole number from 1"),
    ],
)
def test_settings(change, sentence):
    with pytest.raises(CheckpointError) as refused:
        CheckpointSettings.from_json({**SETTINGS, **change})
    assert sentence in str(refused.value)


def test_a_placeholder_that_is_written_is_read_as_token_0(tmp_path):
    """Held to the whole sequence anew at every token, and to the certificate."""
    model = load_model(write(tmp_path, latent_row=4.0), settings=SETTINGS).cast("float64")
    decoding = Decoding(max_new_tokens=6, dtype="float64")
    (batch,) = generate_batches(model, PROBLEMS, [BASELINE], decoding)
    written = [answer.token_ids for answer in batch["baseline"]]
    assert any(LATENT in tokens[:-1] for tokens in written)
    questions = {problem.id: problem.question for problem in PROBLEMS}
    for answer in batch["baseline"]:
        assert answer.token_ids == recomputed(model, questions[answer.problem_id])
    assert certify(model, PROBLEMS, [BASELINE], decoding)["baseline"].failure() is None


@torch.no_grad()
def recomputed(model, question):
    network, embed = model.network, model.network.get_input_embeddings()
    fed = embed(torch.tensor([[*model.encode(question), *model.begin_ids]]))
    for _ in range(model.num_thoughts):
        fed = torch.cat([fed, network.base_model(inputs_embeds=fed).last_hidden_state[:, -1:]], 1)
    fed = torch.cat([fed, embed(torch.tensor([[*model.end_ids]]))], 1)
    tokens = []
    while len(tokens) < 6 and model.eos_token_id not in tokens:
        tokens.append(int(network(inputs_embeds=fed).logits[0, -1].argmax()))
        fed = torch.cat([fed, embed(torch.tensor([[0 if tokens[-1] == LATENT else tokens[-1]]]))], 1)
    return tuple(tokens)


def test_a_tokenizer_of_another_checkpoint_is_refused(tmp_path):
    write(tmp_path, tokens=["<|start-latent|>", "<|end-latent|>", "<|latent|>"])
    with pytest.raises(CheckpointError, match=rf"says latent_id {LATENT}, and the tokenizer .* the id {LATENT + 2}: "):
        load_model(tmp_path, settings=SETTINGS)


def test_its_config_says_whether_there_is_a_projection(tmp_path):
    write(tmp_path, projector=True)
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "projector": True, "projector_hidden_size": 24}))
    said = {"family": "latenttts", "num_latent": 2, "question_suffix": ""}
    model = load_model(tmp_path, settings=said)
    assert (model.settings.use_prj, model.settings.prj_dim) == (True, 24)
    assert model.digest == load_model(tmp_path, settings=PROJECTED).digest
    for other, sentence in (
        ({"prj_dim": 25}, "prj_dim is 25, but its config"),
        ({"use_prj": False}, "use_prj is False"),
    ):
        with pytest.raises(CheckpointError, match=f"^model {tmp_path.name}: settings: {sentence}"):
            load_model(tmp_path, settings={**said, **other})


def test_without_a_projection_its_width_says_nothing(tmp_path):
    write(tmp_path)
    plain = load_model(tmp_path, settings=SETTINGS)
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "projector": False, "projector_hidden_size": 24}))
    assert load_model(tmp_path, settings=SETTINGS).settings == plain.settings
