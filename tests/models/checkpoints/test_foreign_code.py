"""No file of a checkpoint makes ctlab run or fetch code: hostile folders, loaded."""

import json
import socket

import pytest

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import write_codi

RUN = "raise SystemExit('code of a checkpoint was run')"


@pytest.fixture
def folder(tmp_path):
    settings = write_codi(tmp_path)
    (tmp_path / "ctlab.json").write_text(json.dumps(settings))
    return tmp_path


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nobody asks for an address: an offline switch is not what keeps a hostile folder from the network."""

    def asked(host, *_):
        raise AssertionError(f"the network was asked for {host}")

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", asked)


def edit(folder, file, change):
    path = folder / "base" / file
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))


@pytest.mark.parametrize("key", ["attn_implementation", "_attn_implementation", "_attn_implementation_internal"])
@pytest.mark.parametrize(
    "value",
    [
        "kernels-community/flash-attn2",
        "evil/kernel",
        "evil/kernel@main:forward",
        "paged|evil/kernel",
        {"": "evil/kernel"},
        {"text_config": {"": "evil/kernel"}},
        "ctlab",
        7,
        ["evil/kernel"],
    ],
)
def test_attention_from_the_hub_is_refused(folder, key, value):
    edit(folder, "config.json", {key: value})
    with pytest.raises(CheckpointError, match=f"asks for code from elsewhere \\('{key}' is .*ctlab computes attention"):
        load_model(folder)


@pytest.mark.parametrize("value", ["eager", "sdpa", "flash_attention_2", {"": "sdpa"}, None])
def test_ordinary_names_of_attention_decide_nothing(folder, value):
    edit(folder, "config.json", {"attn_implementation": value})
    assert load_model(folder).network.config._attn_implementation == "sdpa"


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
@pytest.mark.parametrize(
    "change",
    [
        {"auto_map": {"AutoConfig": "evil.Config", "AutoTokenizer": ["evil.Tokenizer", None]}},
        {"auto_map": {"AutoModelForCausalLM": "evil/repository--evil.Model"}},
        {"auto_map": "evil.Config"},
        {"trust_remote_code": True},
        {"quantization_config": {"quant_method": "bitsandbytes"}},
    ],
)
def test_code_beside_the_weights_is_refused(folder, file, change):
    edit(folder, file, change)
    (folder / "base" / "evil.py").write_text(RUN)
    with pytest.raises(CheckpointError, match=f"{file} asks for code .*and ctlab runs none that comes with"):
        load_model(folder)


@pytest.mark.parametrize("name", ["AutoModelForCausalLM", "pipeline", "RagTokenizer", "EvilTokenizer", 3])
@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_only_readers_of_vocabularies_are_tokenizers(folder, file, name):
    edit(folder, file, {"tokenizer_class": name})
    with pytest.raises(CheckpointError, match=r"names the tokenizer class .*; read are CodeLlamaTokenizer, "):
        load_model(folder)


BESIDE = {
    "adapter_config.json": {"base_model_name_or_path": "evil/base", "auto_mapping": {"parent_library": "evil"}},
    "generation_config.json": {"custom_generate": "evil/repository"},
    "tekken.json": {},
    "preprocessor_config.json": {"auto_map": {"AutoProcessor": "evil.Processor"}},
    "custom_generate/generate.py": RUN,
    "evil.py": RUN,
    "chat_template.jinja": "{{ cycler.__init__.__globals__.os.system('false') }}",
    "pytorch_model.bin": "a pickle",
}


def test_what_else_lies_in_a_folder_decides_nothing(folder):
    before = load_model(folder)
    for place in (folder, folder / "base"):
        for file, content in BESIDE.items():
            (place / file).parent.mkdir(exist_ok=True)
            (place / file).write_text(content if isinstance(content, str) else json.dumps(content))
    after = load_model(folder)
    assert after.digest == before.digest
    assert after.encode("a b 3 c ?") == before.encode("a b 3 c ?")
    assert after.tokenizer.chat_template is None
