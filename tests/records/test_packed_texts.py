"""Texts in one block are the texts, however they are read, taken and put together, and wherever Arrow's begin."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.records.packed_texts import PackedTexts, ends_of

TEXTS = st.lists(st.text(max_size=6) | st.just("\ud800 half a pair"), max_size=8)


@given(TEXTS)
def test_they_are_read_as_they_were(texts):
    packed = PackedTexts.of(texts)
    assert list(packed) == [packed[place] for place in range(len(texts))] == packed[:] == texts
    assert packed.lengths.tolist() == [len(text.encode("utf-8", "surrogatepass")) for text in texts]


@given(TEXTS, TEXTS)
def test_parts_follow_one_another(first, second):
    assert list(PackedTexts.joined([PackedTexts.of(first), PackedTexts.of(second)])) == [*first, *second]


@given(TEXTS.filter(bool), st.data())
def test_some_are_taken_in_any_order(texts, data):
    places = data.draw(st.lists(st.integers(0, len(texts) - 1)))
    taken = PackedTexts.of(texts).taken(np.array(places, int))
    assert list(taken) == [texts[place] for place in places]


@given(st.lists(st.text(max_size=6), max_size=8), st.data())
def test_arrows_are_taken_from_wherever_they_begin(texts, data):
    first = data.draw(st.integers(0, len(texts)))
    part = pa.array(texts, pa.string())[first:]
    _, ends, content = part.buffers()
    held = None if content is None else memoryview(content)
    packed = PackedTexts.from_buffers(memoryview(ends), held, part.offset, len(part))
    assert list(packed) == texts[first:]
    assert packed.lengths.sum() == len("".join(texts[first:]).encode())


def test_a_place_that_is_not_there():
    with pytest.raises(IndexError):
        PackedTexts.of(["a"])[1]
    assert PackedTexts.of(["a", "b"])[-1] == "b"


def test_ends_take_four_bytes_where_they_fit():
    assert ends_of([1, 2]).tolist() == [0, 1, 3]
    assert ends_of([2**30]).dtype == np.int32
    assert ends_of([2**31]).dtype == np.int64
