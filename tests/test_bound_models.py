"""Models by the names that conditions call them, as they are typed."""

from pathlib import Path

import pytest

from ctlab.bound_models import NamedModel, named_model, split_models
from ctlab.errors import InputError
from ctlab.settings import Settings
from tests.test_settings import FakeConfig


def given(*values, ini="", here=Path("/here"), root=Path("/root")):
    return Settings.from_config(FakeConfig({"ctlab_model": list(values)}, {"ctlab_model": ini}, here=here, root=root))


def test_a_plain_id_is_the_run_s_own_model_and_a_named_one_that_of_conditions():
    found = given("tiny-graphs-cot", "coconut=tiny-graphs-coconut", "pause=org/model")
    assert found.model == "tiny-graphs-cot"
    assert found.models == {"coconut": NamedModel(id="tiny-graphs-coconut"), "pause": NamedModel(id="org/model")}
    assert given("coconut=x").model == "tiny"


def test_the_last_plain_id_counts_as_ever_and_a_name_is_given_once():
    assert given("one", "two").model == "two"
    with pytest.raises(InputError, match="--ctlab-model gives the model coconut twice: x and y; leave one out"):
        given("coconut=x", "coconut=y")


def test_what_is_typed_wins_over_the_ini_file_name_by_name():
    found = given("pause=typed", ini="own\ncoconut=a\npause=b\n")
    assert (found.model, {name: each.id for name, each in found.models.items()}) == (
        "own",
        {"coconut": "a", "pause": "typed"},
    )


def test_in_the_ini_file_a_path_is_relative_to_the_root(tmp_path):
    (tmp_path / "mine").mkdir()
    found = given(ini="mine\ncoconut=mine?num_latent=3", root=tmp_path)
    assert found.model == str(tmp_path / "mine")
    assert found.models["coconut"] == NamedModel(id=str(tmp_path / "mine"), settings={"num_latent": 3})


def test_a_folder_that_is_called_so_is_no_name(tmp_path):
    (tmp_path / "lr=3").mkdir()
    assert split_models(["lr=3"], "here", tmp_path) == ("lr=3", {})
    assert split_models(["./lr=4"], "here", tmp_path) == ("./lr=4", {})


def test_how_one_model_runs_and_is_read_stands_behind_a_question_mark():
    text = "org/m?dtype=bfloat16&device=cuda:1&padding=as-published&max_new_tokens=8&base=b&num_latent=7&use_prj=false"
    assert named_model(text, "x", Path()) == NamedModel(
        id="org/m",
        options={
            "dtype": "bfloat16",
            "device": "cuda:1",
            "padding": "as-published",
            "max_new_tokens": 8,
            "base": "b",
        },
        settings={"num_latent": 7, "use_prj": False},
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("coconut=", "--ctlab-model coconut is empty; write NAME=ID"),
        ("coconut=m?dtype=int4", "--ctlab-model coconut: dtype must be one of float32, .*, not 'int4'"),
        ("coconut=m?max_new_tokens=0", "max_new_tokens must be a whole number from 1, not '0'"),
        ("coconut=m?num_latent", "behind the question mark stands NAME=VALUE"),
    ],
)
def test_what_is_wrong_is_one_sentence(text, why):
    with pytest.raises(InputError, match=why):
        given(text)
