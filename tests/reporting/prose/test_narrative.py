import pytest

from ctlab.reporting.model import Answer, Probed, read
from ctlab.reporting.prose.narrative import narrative

RIGHT = {"outcome": "CORRECT", "prediction": "7", "text": "7"}
WRONG = {"outcome": "LOGIC_ERROR", "prediction": "4", "text": "4"}
OTHER = {"outcome": "CALC_ERROR", "prediction": "5", "text": "5"}


def top(token, what=None):
    return [{"token": token, "probability": 0.5, "is": what}]


def told(impact, before, after, probed=None):
    answers = read(dict[str, Answer], {"baseline": before, "ct0_blocked": after}, "answers")
    return narrative(impact, "ct0_blocked", answers, read(Probed, probed or {}, "probed"))


@pytest.mark.parametrize(
    ("impact", "before", "after", "control"),
    [
        ("unchanged, right", RIGHT, RIGHT, True),
        ("unchanged, wrong", WRONG, WRONG, True),
        ("changed, still wrong", WRONG, OTHER, False),
        ("broken", RIGHT, WRONG, False),
    ],
)
def test_a_control_is_a_case_in_which_nothing_changed(impact, before, after, control):
    text = told(impact, before, after)
    assert ("The answer did not change: this case is a control." in text) == control
    assert ("from one that is wrong to another" in text) == (impact == "changed, still wrong")


def test_the_same_result_counts_once():
    thoughts = {"baseline": [top("12", "step"), top(" 12", "step"), top("3", "step"), top("7", "answer"), []]}
    text = told("unchanged, right", RIGHT, RIGHT, {"thoughts": thoughts})
    assert "(2 different results of steps of the worked solution and the right answer among them)" in text


def test_what_the_same_is_the_same_as_is_said():
    thoughts = {"baseline": [top("12")], "ct0_blocked": [top("9")], "ct4_blocked": [top("12")]}
    text = told("broken", RIGHT, WRONG, {"thoughts": thoughts})
    assert "Under ct4_blocked they decode to the same as under baseline." in text
