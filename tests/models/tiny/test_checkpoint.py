"""The trained network, written as a published checkpoint, computes what transformers' own Llama computes."""

import torch
from safetensors.torch import load_file
from transformers import LlamaForCausalLM

from ctlab.models.tiny import checkpoint_writer as checkpoint
from ctlab.models.tiny import tokenizer
from ctlab.models.tiny.network import Network, Shape


def test_network_equals_transformers_llama(tmp_path):
    torch.manual_seed(0)
    words = tokenizer.build()
    network = Network(Shape(vocabulary=len(words) + 3, hidden=32, intermediate=48, layers=2, heads=4, projection=16))
    checkpoint.write(network, words, tmp_path)
    stored = load_file(tmp_path / "model.safetensors")
    config = checkpoint.config(network, len(words))
    config.vocab_size = len(words) + 3
    llama = LlamaForCausalLM(config).float().eval()
    weights = {
        name.removeprefix("codi.base_model.model."): tensor.float()
        for name, tensor in stored.items()
        if name.startswith("codi.")
    }
    missing, unexpected = llama.load_state_dict(weights, strict=False)
    assert missing == ["lm_head.weight"]  # tied to the embedding
    assert unexpected == []
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(parameter.half().float())
            assert name
        ids = torch.randint(0, len(words), (2, 9))
        causal = torch.triu(torch.full((9, 9), -1e9), 1)
        states, _ = network.extend(network.embedding(ids), 0, [[], []], causal)
        torch.testing.assert_close(network.logits(states[-1]), llama(ids).logits, atol=1e-5, rtol=1e-5)


def test_extending_by_segments_equals_one_pass():
    torch.manual_seed(0)
    network = Network(Shape(vocabulary=30, hidden=32, intermediate=48, layers=2, heads=4, projection=16))
    x = network.embedding(torch.randint(0, 30, (3, 8)))
    causal = torch.triu(torch.full((8, 8), -1e9), 1)
    whole, _ = network.extend(x, 0, [[], []], causal)
    _, first = network.extend(x[:, :5], 0, [[], []], causal[:5, :5])
    second, _ = network.extend(x[:, 5:], 5, [[segment] for segment in first], causal[5:])
    torch.testing.assert_close(second[-1], whole[-1][:, 5:])


def test_tokenizer_reads_its_marker_and_every_shipped_problem():
    from ctlab.problems.tiny import embedded_set as test_set

    words = tokenizer.build()
    unknown = words.unk_token_id
    for row in test_set.rows():
        assert unknown not in words(row["question"])["input_ids"]
    ids = words("The answer is: 7")["input_ids"]
    assert len(ids) == 2
    assert words.decode(ids) == "The answer is: 7"
