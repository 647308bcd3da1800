"""Known modules compute in fewer passes what they compute by themselves, and others are left alone."""

from importlib import import_module

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, Qwen2Config, Qwen3Config

from ctlab.engine import attention, quick_modules
from ctlab.engine.quick_modules import QUICK, quickened
from ctlab.models import load_model

FORM = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 40,
}
CONFIGS = {"llama": LlamaConfig, "mistral": MistralConfig, "qwen2": Qwen2Config, "qwen3": Qwen3Config}
SIMPLE = [name for name in QUICK if not name.endswith("Attention")]


def made(name, dtype):
    path, _, kind = name.rpartition(".")
    module = getattr(import_module(path), kind)
    if kind == "NewGELUActivation":
        return module(), 48
    family = path.split(".")[2]
    part = module(32) if kind.endswith("Norm") else module(CONFIGS[family](**FORM))
    for parameter in part.parameters():
        torch.nn.init.normal_(parameter)
    return part.to(dtype), 32


def network():
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**FORM)).eval()


class OneModule:
    """A network as far as `quickened` looks at one."""

    device = torch.device("cpu")

    def __init__(self, module):
        self.modules = module.modules


@pytest.mark.parametrize(("dtype", "rounding"), [(torch.float32, 1e-6), (torch.bfloat16, 2e-2)])
@pytest.mark.parametrize("name", SIMPLE)
def test_a_known_module_gives_what_it_gives_by_itself(name, dtype, rounding):
    torch.manual_seed(0)
    module, width = made(name, dtype)
    states = 3 * torch.randn(2, 7, width, dtype=dtype)
    with torch.inference_mode():
        own, given = module(states), states.clone()
        with quickened(OneModule(module), attention.attention):
            assert "forward" in vars(module)
            quick = module(given)
    assert "forward" not in vars(module)
    assert quick.dtype == own.dtype
    assert torch.equal(given, states)
    assert (quick - own).abs().max() <= rounding * own.abs().max()


def test_rotary_positions_turn_as_transformers_turns_them():
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    torch.manual_seed(0)
    net = network()
    vectors, positions = torch.randn(2, 5, 4, 8), torch.tensor([[0, 1, 2, 3, 4], [7, 8, 9, 10, 11]])
    cosine, sine = net.model.rotary_emb(vectors, positions)
    expected, _ = apply_rotary_pos_emb(vectors.transpose(1, 2), vectors.transpose(1, 2), cosine, sine)
    with torch.inference_mode():
        found = quick_modules.turned(vectors, cosine, sine)
    torch.testing.assert_close(found.transpose(1, 2), expected, rtol=1e-6, atol=1e-6)


def test_what_others_put_in_place_of_a_pass_stays():
    net = network()
    net.model.layers[0].mlp.forward = lambda states: states
    with quickened(net, attention.attention):
        assert net.model.layers[0].mlp(1) == 1
        assert "forward" in vars(net.model.layers[1].mlp)
    assert net.model.layers[0].mlp(1) == 1


def test_a_pass_that_was_changed_for_the_whole_class_stays(monkeypatch):
    net = network()
    monkeypatch.setattr(type(net.model.norm), "forward", lambda self, states: states)
    with quickened(net, attention.attention):
        assert net.model.norm(1) == 1


def test_another_gate_stays():
    net = LlamaForCausalLM(LlamaConfig(**FORM, hidden_act="gelu")).eval()
    with quickened(net, attention.attention):
        assert "forward" not in vars(net.model.layers[0].mlp)


def test_a_gate_that_is_watched_or_changed_stays():
    net, seen = network(), []
    watched, changed = (layer.mlp for layer in net.model.layers)
    watched.act_fn = type(watched.act_fn)()
    watched.act_fn.register_forward_hook(lambda gate, given, made: seen.append(made.clone()))
    changed.act_fn = type(changed.act_fn)()
    changed.act_fn.forward = torch.zeros_like
    states = torch.randn(1, 3, 32)
    with torch.inference_mode(), quickened(net, attention.attention):
        watched(states)
        assert not changed(states).any()
    assert len(seen) == 1


def test_a_subclass_stays():
    net = network()
    norm = net.model.norm
    norm.__class__ = type("Other", (type(norm),), {})
    with quickened(net, attention.attention):
        assert "forward" not in vars(norm)


def test_weights_edited_between_runs_are_read_anew():
    module, width = made("transformers.models.llama.modeling_llama.LlamaMLP", torch.float32)
    states = torch.randn(1, 3, width)
    for _ in range(2):
        with torch.inference_mode(), quickened(OneModule(module), attention.attention):
            quick = module(states)
        torch.testing.assert_close(quick, module(states).detach())
        with torch.no_grad():
            module.up_proj.weight.mul_(2)


def test_a_network_is_changed_back_by_the_last_run_of_it():
    net = network()
    before = net.config._attn_implementation
    first, second = attention.engaged(net), attention.engaged(net)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert (net.config._attn_implementation, "forward" in vars(net.model.norm)) == ("ctlab", True)
    second.__exit__(None, None, None)
    assert (net.config._attn_implementation, "forward" in vars(net.model.norm)) == (before, False)


@pytest.mark.parametrize("part", ["_norm", "turned", "_gated_maps"])
def test_certificates_refuse_a_quick_pass_that_computes_something_else(part, monkeypatch):
    from ctlab.certify.interventions import certify
    from ctlab.interventions import BASELINE
    from ctlab.problems import load_problems

    honest = getattr(quick_modules, part)

    def wrong(*args, **kwargs):
        return 1.02 * honest(*args, **kwargs)

    if part == "turned":
        monkeypatch.setattr(quick_modules, part, wrong)
    else:
        changed = {name: wrong if quick is honest else quick for name, quick in QUICK.items()}
        monkeypatch.setattr(quick_modules, "QUICK", changed)
    model, problems = load_model("tiny"), list(load_problems("tiny"))[:4]
    assert not certify(model, problems, [BASELINE])["baseline"].passed
