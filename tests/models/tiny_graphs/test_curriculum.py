"""What is learnt is what the loaded checkpoint computes, whatever stands in the place of a thought."""

import pytest
import torch

from ctlab.models import load_model
from ctlab.models.tiny.network import Network, Shape
from ctlab.models.tiny_graphs import graph_checkpoint, phrase_tokenizer
from ctlab.models.tiny_graphs.curriculum import MASTERED, STAGES, THOUGHTS, Ids, Learner, advance, loss
from ctlab.models.tiny_graphs.graph_batches import batch_of, pool

WORDS = phrase_tokenizer.build()


def learner(thought, seed=0):
    torch.manual_seed(seed)
    shape = Shape(
        vocabulary=len(WORDS) + 3,
        hidden=32,
        layers=2,
        heads=4,
        intermediate=48,
        projection=0,
        scale=0.3,
        gain=0.3,
    )
    made = Learner(Network(shape), thought, Ids(begin=len(WORDS), end=len(WORDS) + 1))
    with torch.no_grad():  # as they are written: in half precision
        for parameter in made.parameters():
            parameter.copy_(parameter.half().float())
    return made


def expected(model, question, written):
    """Logits of ``written`` and before each thought, after one question, by transformers' own Llama, pass by pass."""
    llama, embed = model.network, model.network.get_input_embeddings()
    fed = embed(torch.tensor([[*question, *model.begin_ids]]))
    before = []
    for _ in range(model.num_thoughts):
        state = llama(inputs_embeds=fed, output_hidden_states=True).hidden_states[-1][:, -1:]
        before.append(llama.lm_head(state)[0, 0])
        fed = torch.cat([fed, state if model.projection is None else model.projection(state)], dim=1)
    rest = embed(torch.tensor([[*model.end_ids, *written]]))
    logits = llama(inputs_embeds=torch.cat([fed, rest], dim=1)).logits[0, -len(written) - 1 : -1]
    return logits, torch.stack(before) if before else logits[:0]


@pytest.mark.parametrize("thought", THOUGHTS)
def test_a_loaded_checkpoint_computes_what_was_learnt(tmp_path, thought):
    made = learner(thought)
    graph_checkpoint.write(made, WORDS, tmp_path)
    model = load_model(tmp_path)
    thoughts = model.num_thoughts
    assert thoughts == (0 if thought == "written" else STAGES)
    batch = batch_of([group[0] for group in pool(0, size=2, seed=1)][:3], WORDS, thoughts)
    with torch.no_grad():
        found, before = made(batch.question, batch.written, thoughts)
        for row in range(3):
            question, written = (
                [token for token in ids[row].tolist() if token >= 0] for ids in (batch.question, batch.written)
            )
            known, made_by = expected(model, question, written)
            torch.testing.assert_close(found[row, : len(written), : known.shape[1]], known, atol=1e-4, rtol=1e-4)
            torch.testing.assert_close(before[row, :, : made_by.shape[1]], made_by, atol=1e-4, rtol=1e-4)


def gradients(made, batch):
    made.stage.fill_(3)
    loss(made, batch)[0].backward()
    return {name: parameter.grad for name, parameter in made.named_parameters()}


def test_pause_and_multipass_are_one_computation_in_training_too():
    """The vector depends on no pass before it, so the same seed and data would train the same model."""
    batch = batch_of(pool(0, size=4, seed=1)[0], WORDS, 3)
    one, other = (gradients(learner(thought), batch) for thought in ("pause", "multipass"))
    assert one.keys() == other.keys()
    for name, gradient in one.items():
        assert gradient.abs().max() > 0
        torch.testing.assert_close(gradient, other[name], atol=1e-6, rtol=1e-4)


def test_a_recycled_state_is_another_computation():
    batch = batch_of(pool(0, size=4, seed=1)[0], WORDS, 3)
    one, other = (gradients(learner(thought), batch)["network.norm"] for thought in ("pause", "recycled"))
    assert (one - other).abs().max() > 1e-3


def test_a_stage_is_over_when_it_is_mastered_or_has_had_its_steps():
    made = learner("recycled")
    steps = 0
    while int(made.stage) == 1:
        advance(made, 1.0, most=1000)
        steps += 1
    # A mean that starts at 0 and moves by a twentieth passes four fifths after so many steps.
    assert 1 - 0.95**steps > MASTERED >= 1 - 0.95 ** (steps - 1)
    for _ in range(7):
        advance(made, 0.0, most=7)
    assert (int(made.stage), int(made.since), float(made.mastered)) == (3, 0, 0.0)
    for _ in range(100):
        advance(made, 0.0, most=7)
    assert int(made.stage) == STAGES


def test_where_steps_are_written_there_is_one_stage():
    made = learner("written")
    for _ in range(50):
        advance(made, 1.0, most=7)
    assert int(made.stage) == 0


def test_the_log_counts_what_is_right():
    made = learner("recycled")
    graphs = pool(0, size=4, seed=1)[0]
    batch = batch_of(graphs, WORDS, 1)
    with torch.no_grad():
        logits, before = made(batch.question, batch.written, 1)
        value, found = loss(made, batch)
    right = logits.argmax(-1) == batch.written
    assert found["first"] == (right[:, 0] & right[:, 1]).float().mean()
    assert found["stage"] == 1
    wanted = [WORDS.get_vocab()[f"is a {graph.names[graph.way[1]]}."] for graph in graphs]
    steps = -before[:, 0].log_softmax(-1)[range(4), wanted].mean()
    assert found["steps"] == pytest.approx(float(steps), rel=1e-5)
    assert float(value) == pytest.approx(found["loss"] + found["steps"], rel=1e-5)
