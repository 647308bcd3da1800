"""Text from a model is untrusted: whatever it says, nothing is evaluated, raised, or slow."""

import sys
import time

import pytest

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

PROBLEM = Problem(
    question="Ducks lay 16 eggs a day. She eats 3 and sells the rest for $2 each. How many dollars?",
    solution="<<16-3=13>> <<13*2=26>>",
    gold=26,
)
HOSTILE = {
    "digits": "9" * 10_000,
    "digits after the marker": "The answer is: " + "9" * 10_000,
    "zeros": "The answer is: " + "0" * 10_000,
    "decimals": "The answer is: 0." + "3" * 10_000,
    "groups": "1,234" * 2_000,
    "commas": "1" + ",000" * 2_500,
    "broken groups": "1" + ",00" * 3_000,
    "points": "1.2." * 2_500,
    "slashes": "1/2/" * 2_500,
    "minus": "-" * 10_000 + "4",
    "minus and blanks": "- " * 5_000 + "4",
    "exponents": "1e999 " * 1_500,
    "a huge exponent": "The answer is: 1e999999999999",
    "a small exponent": "The answer is: 1e-999",
    "parentheses": "(" * 5_000 + "1" + ")" * 5_000,
    "parentheses in a step": "<<" + "(" * 390 + "=1>>",
    "a nested equation": "(" * 5_000 + "1+1=2",
    "equals": "=" * 10_000,
    "equations": "1+1=2 " * 1_600,
    "a long equation": "1+" * 5_000 + "1=2",
    "products": "9999999999*" * 900 + "1=2",
    "annotations": "<<1+1=3>>" * 1_100,
    "open annotations": "<<" * 5_000,
    "closed annotations": ">>" * 5_000,
    "NUL": "\x00" * 10_000 + "5",
    "NUL between digits": "The answer is: 1\x002",
    "right to left": "The answer is: \u202e81\u202c",
    "marks": "\u200f\u200b" * 5_000 + "5",
    "surrogates": "\ud800" * 1_000 + " 5",
    "other digits": "\u0663" * 10_000,
    "vulgar fractions": "\u00bd" * 5_000,
    "markers": "The answer is: " * 700,
    "hash marks": "#" * 10_000,
    "A:": "A:" * 5_000,
    "an expression": "The answer is: __import__('os').system('true')",
    "a power": "The answer is: 9**9**9**9",
    "a format": "The answer is: {0.__class__} %s %n 5",
    "words": "one hundred thousand " * 500,
    "a letter soup": "x" * 10_000 + "5",
    "blanks": " " * 10_000 + "5" + " " * 10_000,
    "lines": "\n" * 10_000 + "5",
    "units": "5 a b c" * 1_500 + "=",
    "boxes": "\\boxed{" * 1_400,
    "LaTeX fractions": "\\frac{1}{2" * 1_000,
    "groups by blanks": "1" + " 100" * 2_500,
    "groups by apostrophes": "1" + "'000" * 2_500,
    "groups by points": "1" + ".000" * 2_500,
    "raised digits": "10\u2075" * 3_000,
    "hundreds": "hundred " * 1_200,
    "an equation without an end": "The answer is: " + "1 = " * 2_500,
    "stars": "*" * 10_000 + "5",
    "questions": "\nq" * 5_000,
    "answers": "answer " * 1_400,
    "markers that disagree": " ".join(f"A: {k}" for k in range(1_500)),
    "bullets": "The answer is:\n" + "- 5\n" * 2_500,
    "raised digits alone": "\N{SUPERSCRIPT TWO}" * 5_000,
    "numbered hashes": "#### " * 2_000,
    "signs and parentheses": "(-" * 5_000,
    "open fractions": "1 / " * 2_500,
    "open LaTeX fractions": "\\frac{" * 1_400,
    "bars": "|-5" * 2_500,
    "several side by side": "18 | " * 2_000,
    "parts": "2 thirds of " * 800,
    "powers in words": "18 squared " * 900,
    "points in words": "point five " * 900,
    "CJK scales": "3万" * 5_000,
    "times": "1h30" * 2_500,
    "what is left": "18 left after " * 700,
    "a marker far away": "The answer is" + " " * 9_000 + "5",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_never_hangs(text):
    start = time.process_time()
    found = classify(PROBLEM, text)
    assert found.outcome in Outcome
    # How fast it is, docs/instrument.md measures; this only tells a slow reading from one that never ends.
    assert time.process_time() - start < 1.0


GROWING = [
    *("digits", "commas", "equations", "minus and blanks", "annotations", "units", "marks", "boxes", "broken groups"),
    *("LaTeX fractions", "groups by blanks", "hundreds", "stars", "questions", "answers", "lines", "bullets"),
    *(
        "raised digits alone",
        "numbered hashes",
        "signs and parentheses",
        "open fractions",
        "open LaTeX fractions",
        "bars",
    ),
    *("several side by side", "parts", "powers in words", "points in words", "CJK scales", "times", "what is left"),
]


@pytest.mark.long
@pytest.mark.parametrize("apart", ["", "\n"], ids=["one run", "lines"])
@pytest.mark.parametrize("kind", GROWING)
def test_time_grows_with_length_not_faster(kind, apart):
    def seconds(text):
        best = float("inf")
        for _ in range(3):
            text += " "  # what was read before is remembered
            start = time.process_time()
            classify(PROBLEM, text)
            best = min(best, time.process_time() - start)
        return best

    text = HOSTILE[kind] + apart
    assert seconds(text * 8) < 30 * seconds(text) + 0.01


def test_nothing_is_evaluated(monkeypatch):
    def refuse(*args):
        raise AssertionError("text from a model was evaluated")

    for name in ("eval", "exec", "compile", "__import__"):
        monkeypatch.setattr("builtins." + name, refuse)
    found = [classify(PROBLEM, text).outcome for text in ("The answer is: 2+3", "<<__import__('os')=1>> 5", "9**9")]
    monkeypatch.undo()
    assert all(outcome in Outcome for outcome in found)


@pytest.mark.parametrize("problem_text", ["9" * 5_000, "1 " * 3_000, "two " * 2_000, "1/2 " * 2_000])
def test_a_hostile_question_is_no_slower(problem_text):
    problem = Problem(question=problem_text, gold=5)
    start = time.process_time()
    classify(problem, "The answer is: 6.25")
    assert time.process_time() - start < 1.0


def test_no_recursion_depth_is_needed():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(150)
    try:
        for text in ("(" * 5_000 + "1=1", "<<" + "(1+" * 90 + "1" + ")" * 90 + "=91>> A: 3"):
            classify(PROBLEM, text)
    finally:
        sys.setrecursionlimit(limit)
