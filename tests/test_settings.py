from pathlib import Path
from types import SimpleNamespace

import pytest

from ctlab.errors import InputError
from ctlab.plugin.options import OPTIONS
from ctlab.settings import Settings


class FakeConfig:
    """What settings read of a pytest.Config."""

    def __init__(self, options=None, ini=None, root=Path("/root"), here=Path("/here")):
        self._options, self._ini = options or {}, ini or {}
        self.rootpath, self.invocation_params = root, SimpleNamespace(dir=here)

    def getoption(self, name, default):
        return self._options.get(name, default)

    def getini(self, name):
        known = {"ctlab_" + option.name.replace("-", "_") for option in OPTIONS if option.where != "command line"}
        if name not in known:
            raise ValueError(f"unknown configuration value: {name!r}")
        return self._ini.get(name, "")


def settings(ini=None, **options):
    return Settings.from_config(FakeConfig({f"ctlab_{name}": value for name, value in options.items()}, ini))


def test_defaults():
    found = settings()
    assert (found.model, found.problems, found.limit) == ("tiny", "tiny", None)
    assert (found.store, found.report) == (Path("/root/.ctlab/store"), Path("/root/reports"))
    assert (found.dtype, found.padding, found.max_new_tokens, found.alpha) == ("float32", "exact", None, None)


def test_the_command_line_wins_over_the_ini_file():
    ini = {"ctlab_model": "from-ini", "ctlab_limit": "5"}
    assert (settings(ini).model, settings(ini).limit) == ("from-ini", 5)
    found = settings(ini, model="typed", limit="7")
    assert (found.model, found.limit) == ("typed", 7)


def test_settings_of_the_model_are_json_or_text():
    typed = ["num_latent=4", "use_prj=false", "base=a/b", 'question_suffix="\\n"', "end_ids=[5, 6]", "eos=null"]
    read = {
        "num_latent": 4,
        "use_prj": False,
        "base": "a/b",
        "question_suffix": "\n",
        "end_ids": [5, 6],
        "eos": None,
    }
    assert settings(settings=typed).model_settings == read
    assert settings({"ctlab_settings": typed[:1]}).model_settings == {"num_latent": 4}
    assert settings({"ctlab_settings": typed[:1]}, settings=typed[1:2]).model_settings == {"use_prj": False}
    assert settings().model_settings == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["num_latent"], "--ctlab-settings must be KEY=VALUE, such as num_latent=4, not 'num_latent'"),
        (["a=1", "a=2"], "--ctlab-settings says 'a' twice; leave one out"),
        ([r"question_suffix=\n"], "--ctlab-settings, question_suffix holds a backslash"),
        (["end_ids=[5,"], "mind the quotes of the shell"),
    ],
)
def test_settings_of_the_model_that_cannot_be_read(typed, said):
    with pytest.raises(InputError) as error:
        settings(settings=typed)
    assert said in str(error.value)


def test_typed_paths_are_relative_to_where_they_are_typed_and_ini_paths_to_the_root():
    assert settings(store="kept").store == Path("/here/kept")
    assert settings({"ctlab_store": "kept"}).store == Path("/root/kept")
    assert settings(recorded=["baseline=a.jsonl"]).recorded == {"baseline": Path("/here/a.jsonl")}
    assert settings({"ctlab_recorded": ["baseline=a.jsonl"]}).recorded == {"baseline": Path("/root/a.jsonl")}


def test_an_ini_file_s_problem_file_is_relative_to_the_root(tmp_path):
    (tmp_path / "mine.jsonl").touch()
    found = Settings.from_config(FakeConfig(ini={"ctlab_problems": "mine.jsonl"}, root=tmp_path))
    assert found.problems == str(tmp_path / "mine.jsonl")
    found = Settings.from_config(FakeConfig(ini={"ctlab_problems": "mine.jsonl?gold=label"}, root=tmp_path))
    assert found.problems == str(tmp_path / "mine.jsonl?gold=label")


def test_recorded_answers_by_condition():
    found = settings(recorded=["baseline=a=b.jsonl", "ct0_blocked=/c.json"])
    assert found.recorded == {"baseline": Path("/here/a=b.jsonl"), "ct0_blocked": Path("/c.json")}


@pytest.mark.parametrize(
    ("given", "file", "options"),
    [
        ("f.csv?answer=pred&id=qid", "f.csv", {"answer": "pred", "id": "qid"}),
        ("f.csv?gold=", "f.csv", {"gold": ""}),
        ("f.csv?answer=a%26b=c+d", "f.csv", {"answer": "a&b=c+d"}),
        ("what?.csv?filter=strict-match", "what?.csv", {"filter": "strict-match"}),
        ("really?", "really?", {}),
        ("there?a=b", "there?a=b", {}),
        ("there?a=b?filter=x", "there?a=b", {"filter": "x"}),
    ],
)
def test_how_a_recorded_file_is_read_stands_behind_a_question_mark(tmp_path, given, file, options):
    for name in ("there?a=b", "really?"):
        (tmp_path / name).touch()
    found = Settings.from_config(FakeConfig({"ctlab_recorded": [f"baseline={given}"]}, here=tmp_path))
    assert found.recorded == {"baseline": tmp_path / file}
    assert found.recorded_options == ({"baseline": options} if options else {})


@pytest.mark.parametrize("device", ["cpu", "cuda", "cuda:1", "mps", "cuda:0,cuda:1"])
def test_devices(device):
    assert settings(device=device).device == device


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"limit": "0"}, r"--ctlab-limit must be a whole number from 1, not '0'"),
        ({"limit": "-3"}, r"--ctlab-limit must be a whole number from 1, not '-3'"),
        ({"limit": "many"}, r"--ctlab-limit must be a whole number from 1, not 'many'"),
        ({"limit": "٣"}, r"--ctlab-limit must be a whole number from 1"),
        ({"batch_tokens": "1.5"}, r"--ctlab-batch-tokens must be a whole number from 1, not '1.5'"),
        ({"max_new_tokens": "x"}, r"--ctlab-max-new-tokens must be a whole number from 1, not 'x'"),
        ({"dtype": "int8"}, r"--ctlab-dtype must be one of float32, bfloat16, float16, float64, not 'int8'"),
        ({"padding": "left"}, r"--ctlab-padding must be one of exact, as-published, not 'left'"),
        ({"executor": "cloud"}, r"--ctlab-executor must be one of local, ray, slurm, not 'cloud'"),
        ({"executor": "ray", "device": "cuda:0,cuda:1"}, r"ray gives each worker its device, .* not 'cuda:0,cuda:1'"),
        ({"executor": "ray", "device": "mps"}, r"--ctlab-device is cpu or cuda, without a number; not 'mps'"),
        (
            {"ray_cpus": "2"},
            r"--ctlab-ray-cpus is for --ctlab-executor ray, and this run's is local; add the executor, or leave",
        ),
        ({"executor": "slurm", "ray_address": "10.0.0.5:6379"}, r"--ctlab-ray-address is for --ctlab-executor ray"),
        ({"slurm": ["partition=gpu"]}, r"--ctlab-slurm is for --ctlab-executor slurm, and this run's is local"),
        ({"ray_cpus": "0"}, r"--ctlab-ray-cpus must be a whole number from 1, not '0'"),
        ({"ray_address": " "}, r"--ctlab-ray-address is empty; leave it out"),
        ({"device": "cpu,cuda:0"}, "--ctlab-device must be a list of devices of one kind"),
        ({"device": "cuda:0,cuda:0"}, "--ctlab-device must be a list that names each device once"),
        ({"device": "gpu"}, r"--ctlab-device must be cpu, cuda, cuda:0 .*, not 'gpu'"),
        ({"model": "  "}, r"--ctlab-model is empty"),
        ({"recorded": ["baseline"]}, r"--ctlab-recorded must be NAME=FILE with a condition's name, not 'baseline'"),
        ({"recorded": ["ct-0=x"]}, r"--ctlab-recorded must be NAME=FILE"),
        (
            {"recorded": ["a=x?id=q&answer"]},
            r"question mark stands NAME=VALUE, .*, not 'answer'",
        ),
        (
            {"recorded": ["a=x?id=q&id=r"]},
            r"--ctlab-recorded x\?id=q&id=r: id is said twice behind the question mark; say it once",
        ),
        ({"recorded": ["a=x", "a=y"]}, r"gives condition 'a' twice: /here/x and y"),
        (
            {"keep_states": True, "recorded": ["baseline=a.jsonl"]},
            r"--ctlab-keep-states: recorded answers have no hidden states; leave one of the two out",
        ),
        ({"plan": True, "accept": True}, r"--ctlab-plan judges nothing"),
        ({"accept": True, "confirmatory": True}, r"leave one out"),
    ],
)
def test_wrong_use_is_one_sentence(given, message):
    with pytest.raises(InputError, match=message):
        settings(**given)


@pytest.mark.parametrize("alpha", ["0", "1", "0.5", "nan", "five", "-0.1"])
def test_a_wrong_alpha_names_the_ini_option(alpha):
    with pytest.raises(InputError, match=r"ini option ctlab_alpha must be a proportion above 0 and below 0.5"):
        settings({"ctlab_alpha": alpha})


def test_alpha():
    assert settings({"ctlab_alpha": "0.01"}).alpha == 0.01


def test_every_switch_is_off_until_it_is_given():
    for name in ("plan", "allow_pickle", "accept", "confirmatory"):
        assert getattr(settings(), name) is False
        assert getattr(settings(**{name: True}), name) is True
    assert settings({"ctlab_confirmatory": True}).confirmatory is True
