"""Sabotaged checkpoints: the cause is named; sound ones: nobody is. A few here, all of them in the long tier."""

import pytest

from benchmarks.reproduce_sabotages import GOLDEN, SABOTAGES, UNLISTED, named, sound, tried
from ctlab.reproduction.causes import CAUSES
from tests.shared_data import shared

BY_NAME = {(row.source, row.name): row for row in SABOTAGES}
A_FEW = [
    ("codi-gpt2", "lora_alpha 8 instead of 16"),
    ("codi-llama", "tokenizer without its post-processor"),
    ("coconut-gpt2", "newline after the question lost"),
]


def needs(source):
    if not source.startswith("tiny"):
        assert shared(f"golden/{source}") == GOLDEN / source


def test_at_least_thirty_are_written_down_each_cause_among_them():
    assert len(SABOTAGES) >= 30
    assert {row.cause for row in SABOTAGES} == {cause.name for cause in CAUSES}


@pytest.mark.slow
@pytest.mark.parametrize("key", A_FEW, ids=" ".join)
def test_a_few_sabotages_are_named(key):
    needs(key[0])
    assert named(tried(BY_NAME[key])) == [BY_NAME[key].cause]


@pytest.mark.slow
@pytest.mark.parametrize("source", ["codi-llama"])
def test_a_sound_checkpoint_is_not_accused(source):
    needs(source)
    (row,) = (row for row in sound(1) if row.source == source and row.name == "official answers")
    result = tried(row)
    assert result.right == result.n
    assert named(result) == []


@pytest.mark.long
@pytest.mark.parametrize("row", SABOTAGES, ids=lambda row: f"{row.source} {row.name}")
def test_every_sabotage_is_named(row):
    needs(row.source)
    assert named(tried(row)) == [row.cause]


@pytest.mark.long
@pytest.mark.parametrize("row", [*UNLISTED, *sound(5)], ids=lambda row: f"{row.source} {row.name} {row.seed}")
def test_nobody_else_is_accused(row):
    needs(row.source)
    assert named(tried(row)) == []
