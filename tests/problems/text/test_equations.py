import re
import time

import pytest

from ctlab.problems import find_equations, load_problems
from tests.shared_data import shared


def read(text, **options):
    return [(each.text, each.holds) for each in find_equations(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He has 16 - 3 = <<16-3=13>>13 eggs", [("16-3=13", True)]),
        ("<<16-3=14>>", [("16-3=14", False)]),
        ("<<5=5>>", [("5=5", True)]),
        ("<<400*.8=320>> <<60/100*5=3>>", [("400*.8=320", True), ("60/100*5=3", True)]),
        ("<<100/3=33.33>> <<2/3=0.66>>", [("100/3=33.33", True), ("2/3=0.66", False)]),
        ("<<2*6*.05=0.6000000000000001>>", [("2*6*.05=0.6000000000000001", True)]),
        ("<<24+27+(-48)=3>>", [("24+27+(-48)=3", True)]),
        ("<<10%*50=5>> <<20%+30%=50%>>", [("10%*50=5", True), ("20%+30%=50%", True)]),
        ("<<3-5=-2>>", [("3-5=-2", True)]),
        ("<<x+2=5>> <<+8=8>> <<2+3>> <<=5>>", []),
        ("-3=40>> <<40+2=42>>The answer is: 42", [("40+2=42", True)]),
    ],
)
def test_annotations(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So 3 + 4 = 7.", [("3+4=7", True)]),
        ("So 3 + 4 = 8 apples", [("3+4=8", False)]),
        ("5 apples + 3 apples = 8 apples", [("5+3=8", True)]),
        ("He pays $10 x 45 = $450", [("$10*45=$450", True)]),
        ("$10/hour * 40 hours = $400", [("$10*40=$400", True)]),
        ("16 - 3 - 4 = 9 * 2 = 18", [("16-3-4=9", True), ("9*2=18", True)]),
        ("14 * 1/2 = 14 / 2 = 7", [("14*1/2=14/2", True), ("14/2=7", True)]),
        ("In room 4, 3 * 5 = 15", [("3*5=15", True)]),
        ("3x + 4 = 28, 2x = 10 and x = 5", []),
        ("33 / 2 = 2x / 2", []),
        ("a third, or 1/3 = 15, stay", []),
        ("half of 20 - 4 = 6", []),
        ("8 x 1 1/2 = 12", []),
        ("he ate - 3 = 2", []),
        ("= = = 5", []),
        ("(2 + 3) * 4 = 20", [("(2+3)*4=20", True)]),
        ("(5 * 3 = 15)", [("5*3=15", True)]),
        ("3*5=(15)", [("3*5=(15)", True)]),
        ("(87 / 6) = (17)", [("(87/6)=(17)", False)]),
        ("3 * 5 = (-15)", [("3*5=(-15)", False)]),
        ("2 + 2 =((4))", [("2+2=((4))", True)]),
        ("3\uff0b4\uff1d8", [("3+4=8", False)]),
        ("1 234 + 1 = 5", []),
        (
            "18 / 3 = 6 6 * 2 = 12 12 + 1 = 14 The answer is: 14",
            [("18/3=6", True), ("6*2=12", True), ("12+1=14", False)],
        ),
        ("3 * 4 = 12 16 / 2 = 8", [("3*4=12", True), ("16/2=8", True)]),
        ("1 + 1 = 2 1/2 * 2 = 5", []),  # two and a half: the one number or the other
        ("1 + 4 = 5 000", []),
        ("1 + 4 = 5 6 The", []),
        ("x 5 6 * 2 = 12", []),
        (r"3 \times 6 = 18", [("3*6=18", True)]),
        ("1\u00a0000 + 1 = 1\u00a0001", [("1,000+1=1,001", True)]),
    ],
)
def test_plain_sentences(text, expected):
    assert read(text) == expected


def test_sentences_around_annotations_are_no_steps_of_their_own():
    text = "16 - 3 = <<16-3=13>>13. So 13 + 1 = 15."
    assert read(text) == [("16-3=13", True)]
    assert read(text, everywhere=True) == [("16-3=13", True), ("13+1=15", False)]


@pytest.mark.parametrize(
    "text",
    [
        "=" * 10_000,
        "1=" * 5_000,
        "1+" * 5_000 + "=",
        "<<" * 5_000,
        "<<1=1>>" * 1_500,
        "(" * 5_000 + "=" + ")" * 5_000,
        "9" * 10_000 + "=" + "9" * 10_000,
        "1 a b c " * 1_500 + "= 3",
        "1," * 5_000 + "=1",
        "1 - " * 3_000 + "= 1 " * 3_000,
    ],
    ids=range(10),
)
def test_hostile_text_takes_linear_time(text):
    start = time.process_time()
    find_equations(text)
    find_equations(text, everywhere=True)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(("split", "floor"), [("test", 4270), ("train", 23_690)])
def test_every_annotation_of_gsm8k_holds(split, floor):
    problems = load_problems(shared(f"data/gsm8k/{split}.jsonl"))
    equations = [equation for problem in problems for equation in find_equations(problem.solution)]
    assert sum(equation.annotated for equation in equations) >= floor
    assert all(equation.holds for equation in equations if equation.annotated)


def test_plain_sentences_of_gsm8k_are_hardly_ever_misread():
    """Without its annotations a worked solution is prose with true equations: what reads as false was misread."""
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    prose = [re.sub(r"<<.*?>>", "", problem.solution) for problem in problems]
    equations = [equation for text in prose for equation in find_equations(text)]
    assert len(equations) > 3800
    assert sum(not equation.holds for equation in equations) / len(equations) < 0.002
