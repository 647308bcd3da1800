"""Every derived value goes through one envelope: whatever is wrong with it is said, and it is made again."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.errors import StoreError, UnreadableError
from ctlab.records.derived_key import DerivedKey
from ctlab.records.provenance import Provenance
from ctlab.store import GenerationStore
from ctlab.store.envelope import Envelope
from tests.store.answers import key

NAMES = {"model": "tiny", "problems": "gsm8k", "condition": "ct0_blocked"}
ONE = DerivedKey(kind="certificate", run=key("a"), code="1", parts={"problems": "p"}, names=NAMES)


@pytest.fixture
def said():
    return []


@pytest.fixture
def derived(tmp_path, said):
    return GenerationStore(tmp_path, said.append).derived


def value(form):
    return form


def test_a_value_comes_back_by_everything_that_decides_it(derived, said):
    derived.write_json(ONE, "answers", {"passed": True})
    assert derived.read_json(ONE, "answers", value) == {"passed": True}
    for other in (
        replace(ONE, kind="classification"),
        replace(ONE, run=key("b")),
        replace(ONE, run=replace(ONE.run, environment="cuda, explicit attention")),
        replace(ONE, code="2"),
        replace(ONE, parts={"problems": "q"}),
        replace(ONE, parts={**ONE.parts, "declared": "no-op"}),
    ):
        assert derived.read_json(other, "answers", value) is None
        assert not derived.has(other)
    assert derived.read_json(replace(ONE, names={}), "answers", value) == {"passed": True}
    assert said == []


def test_a_value_can_be_replaced(derived):
    for number in (1, 2):
        derived.write_json(ONE, "", number)
    assert derived.read_json(ONE, "", value) == 2


def test_what_was_made_from_other_answers_is_said_and_never_used(derived, said):
    derived.write_json(ONE, "of yesterday", [1])
    assert derived.read_json(ONE, "of today", value) is None
    assert said == [
        f"{derived.path(ONE)} was made from other answers than are here now (digest of yesterday, here of today); "
        f"it is made again"
    ]


def test_a_file_in_another_s_place_is_said_and_never_used(derived, said):
    other = replace(ONE, run=key("b"), names={**NAMES, "condition": "ct4_blocked"})
    derived.write_json(ONE, "x", "mine")
    derived.write_json(other, "x", "another's")
    derived.path(ONE).write_bytes(derived.path(other).read_bytes())
    assert derived.read_json(ONE, "x", value) is None
    assert "is the certificate of ct4_blocked" in said[0]
    assert "lies where the certificate of ct0_blocked" in said[0]


def test_a_value_that_cannot_be_understood_is_said_and_is_no_end_of_a_run(derived, said):
    derived.write_json(ONE, "x", {"outcome": "OF TOMORROW"})
    assert derived.read_json(ONE, "x", lambda form: form["label"]) is None
    assert "cannot be understood" in said[0]


def test_every_flip_and_every_cut_is_noticed(derived, said):
    derived.write_json(ONE, "x", ["a value", 1.5])
    path = derived.path(ONE)
    good = path.read_bytes()
    for place in range(len(good)):
        for content in (good[:place], good[:place] + bytes([good[place] ^ 1 << place % 8]) + good[place + 1 :]):
            path.write_bytes(content)
            assert derived.read_json(ONE, "x", value) is None
            assert "is damaged" in said.pop()


def test_a_file_that_the_system_does_not_let_be_read_is_no_damage(derived, said, monkeypatch):
    derived.write_json(ONE, "x", 1)

    def refuse(path):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(UnreadableError, match=r"certificate-.* cannot be read \(Input/output error\); damage is a"):
            derived.read_json(ONE, "x", value)
    assert said == []
    assert derived.read_json(ONE, "x", value) == 1


def test_a_kind_cannot_leave_the_folder(derived):
    with pytest.raises(StoreError, match=r"a kind is small letters"):
        derived.write_json(replace(ONE, kind="../x"), "", None)


words = st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
tables = st.dictionaries(words, words, max_size=3)
keys = st.builds(
    DerivedKey,
    kind=st.just("outcomes"),
    run=st.just(key("a")),
    code=words,
    parts=tables,
    names=tables,
)


@settings(deadline=None, max_examples=60)
@given(derived_key=keys, inputs=words, content=json_values)
def test_whatever_is_written_is_read_back_equal(tmp_path_factory, derived_key, inputs, content):
    derived = GenerationStore(tmp_path_factory.mktemp("store"), pytest.fail).derived
    derived.write_json(derived_key, inputs, content)
    assert derived.read_json(derived_key, inputs, lambda form: [form]) == [content]


@settings(deadline=None, max_examples=60)
@given(derived_key=keys, inputs=words, body=st.binary(), versions=tables, device=words, created=words)
def test_an_envelope_keeps_all_that_whoever_tends_a_store_needs(derived_key, inputs, body, versions, device, created):
    made = Provenance(versions=versions, device=device)
    envelope = Envelope(key=derived_key, inputs=inputs, body=body, made=made, created=created)
    again = Envelope.from_bytes(envelope.to_bytes())
    assert again == envelope
    assert again.key.names == derived_key.names
