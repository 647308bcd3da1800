import json
from dataclasses import replace

import pytest

from ctlab.errors import InputError
from ctlab.records import Decoding, Generation, RunKey
from ctlab.records import generation as record


def test_round_trips():
    generation = Generation(problem_id="p", token_ids=(1, 2), text="x")
    assert Generation.from_json(json.loads(json.dumps(generation.to_json()))) == generation
    decoding = Decoding(padding="as-published", dtype="bfloat16", max_new_tokens=3)
    assert Decoding.from_json(json.loads(json.dumps(decoding.to_json()))) == decoding


def test_every_setting_counts():
    decodings = [
        Decoding(),
        Decoding(padding="as-published"),
        Decoding(dtype="bfloat16"),
        Decoding(max_new_tokens=63),
    ]
    assert len({each.digest for each in decodings}) == 4
    assert Decoding().digest == Decoding(max_new_tokens=64).digest
    keys = [RunKey(model=m, condition=c, decoding=d) for m, c, d in ["abc", "bac", "acb", "abd"]]
    assert len({key.digest for key in keys}) == 4
    assert keys[0].engine == record.ENGINE
    assert replace(keys[0], engine="another").digest not in {key.digest for key in keys}


def test_a_key_round_trips_with_its_engine():
    key = RunKey(model="m", condition="c", decoding="d", engine="of old")
    assert RunKey.from_json(json.loads(json.dumps(key.to_json()))) == key
    form = key.to_json()
    del form["engine"]
    with pytest.raises(KeyError, match="engine"):
        RunKey.from_json(form)


def test_batch_membership_matters_only_where_padding_is_read():
    exact, published = Decoding(), Decoding(padding="as-published")
    assert exact.among(["a", "b"]) == exact
    digests = {published.among(ids).digest for ids in (["a", "b"], ["b", "a"], ["a"])}
    assert len(digests) == 3
    assert Decoding.from_json(published.among(["a"]).to_json()) == published.among(["a"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"padding": "left"}, "padding must be one of exact, as-published; not 'left'"),
        ({"dtype": "int8"}, "dtype must be one of float32"),
        ({"max_new_tokens": 0}, "max_new_tokens must be a whole number from 1, not 0"),
        ({"max_new_tokens": 1.5}, "not 1.5"),
        ({"max_new_tokens": True}, "not True"),
    ],
)
def test_wrong_values_are_named(change, message):
    with pytest.raises(InputError, match=message):
        Decoding(**change)
