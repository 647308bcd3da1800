"""A reader that looked at the reference answer would find it: what is read is the same whatever is right."""

import pytest

from ctlab.outcomes import classify
from ctlab.problems import Problem

OPTIONS = {"choice": ("river", "desk", "New York")}
GOLDS = {
    "choice": ("A", "B", "C"),
    "boolean": ("true", "false"),
    "entity": ("Paris", "Lyon", "Rome"),
    "set": ("red, green", "red, blue", "blue", "yellow, pink"),
    "sequence": ("red, green", "green, red", "yellow, pink"),
}
TEXTS = {
    "choice": [
        *("A", "river", "A or B", "not A but B", "Anything but B", "I first thought B, but no."),
        *("The answer is A. Wait, B.", "B. No, A is wrong.", "river. Sorry, desk."),
    ],
    "boolean": ["It is true.", "I don't think so.", "True. Sorry, false.", "anything but true"],
    "entity": [
        *(
            "Paris",
            "No, Paris",
            "It is Paris, not Lyon.",
            "I doubt it is Paris.",
            "anything but Paris",
            "Paris or Lyon",
        ),
        *("Paris. No, Lyon.", "Lyon. No, Paris.", "Paris. Actually a big city.", "Lyon. Wait, not Lyon."),
    ],
    "set": ["red, green", "- red\n- green", "red, green. Sorry, red, blue.", "green, red, and blue. No wait, red"],
    "sequence": ["red, green", "red -> green", "First red, then green. Sorry, first green, then red."],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TEXTS.items() for text in texts])
def test_what_is_read_is_the_same_whatever_is_right(kind, text):
    read = {
        classify(Problem(question="Which one?", gold=gold, kind=kind, options=OPTIONS.get(kind, ())), text).extraction
        for gold in GOLDS[kind]
    }
    assert len({each.answer for each in read}) == 1


def test_a_remark_about_another_name_takes_nothing_back():
    problem = Problem(question="Which one?", gold="Lyon", kind="entity")
    read = classify(problem, "Lyon. Wait, it is not Paris.").extraction
    assert (read.answer, read.ambiguous) == ("lyon", True)
