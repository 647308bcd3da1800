"""The record of what probes saw: round trips without rounding, refuses what does not fit."""

import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.errors import InputError
from ctlab.records import measurement
from ctlab.records.measurement import Measurement, reader_names, segment_names
from tests.probes.measured import make


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 1000),
    baseline=st.booleans(),
    lens=st.booleans(),
    n=st.integers(0, 5),
    thoughts=st.integers(1, 6),
    answers=st.integers(0, 3),
)
def test_bytes_hold_everything_without_rounding(seed, baseline, lens, n, thoughts, answers):
    before = make(seed, n=n, thoughts=thoughts, answers=answers, baseline=baseline, lens=lens)
    after = Measurement.from_bytes(before.to_bytes())
    for each in fields(Measurement):
        mine, other = getattr(before, each.name), getattr(after, each.name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == other.dtype
            np.testing.assert_array_equal(mine, other)
        else:
            assert mine == other


def test_bytes_say_the_pass_and_those_from_before_there_were_passes_are_read(monkeypatch):
    assert Measurement.from_bytes(replace(make(), at_pass=3).to_bytes()).at_pass == 3
    before = tuple(name for name in measurement._PLAIN if name != "at_pass")
    with monkeypatch.context() as patch:
        patch.setattr(measurement, "_PLAIN", before)
        patch.setattr(measurement, "fields", lambda record: [each for each in fields(record) if each.name != "at_pass"])
        content = make().to_bytes()
    assert Measurement.from_bytes(content).at_pass == 0


def test_names_are_in_the_order_of_the_sequence():
    assert reader_names(2, 2) == ("CT0", "CT1", "end", "answer 1", "answer 2")
    assert segment_names(2) == ("question", "begin", "CT0", "CT1", "end", "answer", "itself")
    found = make(0, n=2, thoughts=2, answers=1)
    assert (found.thoughts, found.layers, found.positions) == (2, 3, ("CT0", "CT1", "end"))


def test_it_names_itself_without_its_numbers():
    said = "Measurement('ct0_blocked': 2 problems, 6 thoughts, 3 layers, 4 heads, readers to 'answer 1')"
    assert repr(make(0, n=2, answers=1)) == said


def test_a_subset_is_in_the_order_asked_for():
    found = make(1, n=4)
    part = found.subset([found.problem_ids[2], found.problem_ids[0]])
    np.testing.assert_array_equal(part.mass, found.mass[[2, 0]])
    np.testing.assert_array_equal(part.distance, found.distance[[2, 0]])
    np.testing.assert_array_equal(part.decoded_ids, found.decoded_ids[[2, 0]])
    np.testing.assert_array_equal(part.question_tokens, found.question_tokens[[2, 0]])
    assert part.head_mass is found.head_mass
    with pytest.raises(InputError, match="has no problem 'stranger'; it has 4"):
        found.subset(["stranger"])


def test_arrays_that_do_not_fit_are_refused():
    found = make(2)
    with pytest.raises(InputError, match=r"measurement of 'ct0_blocked': cosine has the shape \(3, 6, 4\)"):
        replace(found, cosine=found.cosine[:, 1:])


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_other_bytes_are_refused(content):
    with pytest.raises(InputError, match="not a measurement"):
        Measurement.from_bytes(content)


def test_a_cut_file_is_refused():
    content = make(3).to_bytes()
    with pytest.raises(InputError, match="not a measurement"):
        Measurement.from_bytes(content[: len(content) // 2])


def test_another_version_is_refused(monkeypatch):
    content = make(4).to_bytes()
    monkeypatch.setattr("ctlab.records.measurement.VERSION", "2")
    with pytest.raises(InputError, match="a measurement of version '1', this is version '2'; measure again"):
        Measurement.from_bytes(content)


def test_importing_the_record_imports_neither_numpy_nor_torch():
    code = "import sys, ctlab.records.measurement; print([m for m in ('numpy', 'torch') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
