"""A file's reference answer beside the problem set's, by answer kind: one, another, or not to be compared."""

import pytest

from ctlab.problems import Problem
from ctlab.results.golds import contradiction

QUESTION = "Is Sally a sterpus or a lempus?"
KINDS = {
    "number": Problem(question=QUESTION, gold="1,200"),
    "boolean": Problem(question=QUESTION, gold="True", kind="boolean"),
    "choice": Problem(question=QUESTION, gold="B", kind="choice", options=("red", "dark blue", "green")),
    "entity": Problem(question=QUESTION, gold="sterpus", kind="entity", aliases=("the star",)),
    "set": Problem(question=QUESTION, gold="a, b", kind="set"),
}


@pytest.mark.parametrize(
    ("kind", "gold"),
    [
        ("number", "1200"),
        ("number", "1200.0"),
        ("number", "so 600*2=1200\n#### 1,200"),
        ("number", "It is 7 first. The answer is 1200."),
        ("number", "about 12 or so"),
        ("boolean", "yes"),
        ("boolean", "unknown"),
        ("choice", "b"),
        ("choice", "Dark Blue"),
        ("entity", "Sally is a sterpus."),
        ("entity", "The Star"),
        ("set", "b, a"),
        ("number", ("7", "1200")),
        ("number", None),
    ],
)
def test_what_is_the_same_or_cannot_be_compared_contradicts_nothing(kind, gold):
    assert contradiction(gold, KINDS[kind]) == ""


@pytest.mark.parametrize(
    ("kind", "gold", "said"),
    [
        ("number", "1201", "1201"),
        ("number", "#### 7", "7"),
        ("number", "many", "many"),
        ("number", ("7", "8"), "7"),
        ("boolean", "no", "no"),
        ("choice", "C", "C"),
        ("choice", "red", "red"),
        ("entity", "Sally is a lempus.", "Sally is a lempus."),
        ("entity", "sterpuses", "sterpuses"),
    ],
)
def test_another_reference_answer_is_named(kind, gold, said):
    assert contradiction(gold, KINDS[kind]) == said
