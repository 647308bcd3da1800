"""The published measurements of the instrument belong to the classifier as it is."""

import json
from pathlib import Path

import pytest

from benchmarks.instrument import confusion, measure_synthetic
from benchmarks.instrument_examples import COMMENTS, VERDICTS, draw, table_of
from ctlab.outcomes import CLASSIFIER_VERSION
from ctlab.outcomes.synthetic import synthetic_errors
from ctlab.problems import load_problems
from tests.shared_data import shared

DOCUMENT = (Path(__file__).parents[2] / "docs" / "instrument.md").read_text(encoding="utf-8")


def test_the_document_is_of_this_classifier():
    measure = "the source of the labels changed: run `python benchmarks/instrument.py` and read its diff"
    assert f"version {CLASSIFIER_VERSION})" in DOCUMENT, measure


def test_the_synthetic_errors_are_measured_again():
    pairs = [pair for pair in measure_synthetic(synthetic_errors(load_problems("tiny"))) if not pair[0].also]
    assert confusion(pairs) in DOCUMENT


def test_every_example_was_looked_at():
    from benchmarks.instrument_data import problem_sets, recorded

    shared("data/recorded")
    comments = json.loads(COMMENTS.read_text(encoding="utf-8"))
    drawn = [example for group in draw(recorded(problem_sets())).values() for example in group]
    assert {example.key for example in drawn} == set(comments)
    assert all(verdict in VERDICTS and comment for verdict, comment in comments.values())
    assert "not looked at" not in DOCUMENT


@pytest.mark.parametrize(
    ("rows", "lines"),
    [([["x|y", 1]], ["| a | b |", "| --- | ---: |", "| x\\|y | 1 |"]), ([], ["| a | b |", "| --- | --- |"])],
)
def test_tables(rows, lines):
    assert table_of(["a", "b"], rows).splitlines() == lines
