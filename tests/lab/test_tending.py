"""What protects answers, what is called how, and which code is today's."""

from dataclasses import replace

import pytest

from ctlab.claims import Registry, Subject
from ctlab.errors import InputError
from ctlab.lab.tending import codes_of_today, known_by, protected_by, read_registries
from ctlab.models import model_digest
from ctlab.records import Decoding

SUBJECT = Subject(
    model="m",
    problems="0123456789abcdef",
    padding="exact",
    dtype="float32",
    max_new_tokens=64,
    model_name="codi",
    problems_name="seven",
    n=2,
    ids=frozenset({"aaaaaaaa", "bbbbbbbb"}),
)
ANNOUNCED = replace(SUBJECT, problems="seven: to be drawn", announcement="seven: to be drawn", ids=frozenset())
DRAWN = replace(SUBJECT, announcement="seven: to be drawn")


def registry(*subjects):
    return Registry(subjects={subject.name: subject for subject in subjects})


def test_every_subject_of_the_history_protects_its_answers():
    (protected,) = protected_by([registry(SUBJECT)])
    assert protected.names("m", ["aaaaaaaa11112222", "cccccccc"])
    assert not protected.names("m", ["cccccccc11112222"])
    assert not protected.names("other", ["aaaaaaaa11112222"])


def test_of_several_models_each_one_s_answers_are_protected():
    several = replace(SUBJECT, model="coconut=m+pause=n@64", dtype="float32+bfloat16")
    protected = protected_by([registry(several)])
    for model in ("m", "n"):
        assert any(each.names(model, ["aaaaaaaa11112222"]) for each in protected)
    assert not any(each.names("other", ["aaaaaaaa11112222"]) for each in protected)
    assert known_by([registry(several)]).decodings == {}


def test_what_was_announced_protects_the_set_that_was_drawn_and_else_everything():
    (protected,) = protected_by([registry(ANNOUNCED)])
    assert protected.names("m", ["whatever"])
    (protected,) = protected_by([registry(ANNOUNCED, DRAWN)])
    assert not protected.names("m", ["whatever"])
    assert protected.names("m", ["aaaaaaaa11112222"])
    another = replace(ANNOUNCED, model="n")
    assert any(each.names("n", ["whatever"]) for each in protected_by([registry(another, DRAWN)]))


def test_registries_name_models_problems_and_settings():
    known = known_by([registry(SUBJECT, ANNOUNCED)])
    assert known.models["m"] == "codi"
    assert known.models[model_digest("tiny")] == "tiny"
    assert [(each.name, each.digest) for each in known.problems] == [("seven", SUBJECT.problems)]
    assert known.decodings[Decoding().digest] == {"padding": "exact", "dtype": "float32", "max_new_tokens": 64}
    recorded = replace(SUBJECT, padding="recorded", dtype="recorded", max_new_tokens=0)
    assert known_by([registry(recorded)]).decodings == {}


def test_a_registry_that_is_not_there_protects_nothing_and_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"there is no registry .*it protects the answers that it names"):
        read_registries([tmp_path / "registry.toml"])


def test_a_registry_that_names_no_answers_protects_nothing_and_is_refused(tmp_path):
    (tmp_path / "registry.toml").write_text("")
    with pytest.raises(InputError, match=r"registry.toml names no answers, so that it protects none"):
        read_registries([tmp_path / "registry.toml"])


def test_every_code_is_one_that_a_key_could_have():
    assert all(code and code.strip() == code for code in codes_of_today().values())
