"""The fuzzers, and what they found: every finding is a case of its own below."""

import random

import pytest

from benchmarks import fuzz_kinds
from benchmarks.faults_outcomes import HARM, Outcome, table
from benchmarks.fuzz import Failure, become, fuzz, main, replay
from benchmarks.fuzz_kinds import KINDS, PROBLEMS, Kind
from ctlab.errors import ClaimError, InputError
from ctlab.outcomes import classify
from ctlab.problems import Number, Problem, find_equations
from ctlab.problems.features import features

BY_NAME = {kind.name: kind for kind in KINDS}


def test_a_few_texts_that_nobody_wrote_are_read_or_refused():
    rows, failures = fuzz(seed=12, count=150)
    assert not failures, "\n".join(map(str, failures))
    assert {row.fault for row in rows} == set(BY_NAME)
    assert not any(row.harm for row in rows)


@pytest.mark.slow
def test_texts_that_nobody_wrote_are_read_or_refused():
    rows, failures = fuzz(seed=2026, count=1000)
    print(table(rows))
    assert not failures, "\n".join(map(str, failures))
    assert sum(row.outcomes.total() for row in rows) == 1000
    # Neither arm of any kind is idle: a reader that refuses all of them, or a grammar that breaks none, proves nothing.
    assert all(row.outcomes[Outcome.UNNOTICED] for row in rows)
    assert all(row.outcomes[Outcome.REFUSED] for row in rows if BY_NAME[row.fault].refusable)


def test_a_place_draws_the_same_text_again():
    for kind in KINDS:
        assert replay(kind, 3, 7) == replay(kind, 3, 7)
        assert any(replay(kind, 3, place) != replay(kind, 4, place) for place in range(5))


@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        (None, Outcome.UNNOTICED),
        (InputError("f: it is empty; fill it"), Outcome.REFUSED),
        (InputError("f: it is empty\nfill it"), Outcome.WRONG),
        (InputError(""), Outcome.WRONG),
        (ClaimError("x" * 2000), Outcome.WRONG),
        (ValueError("int"), Outcome.TRACEBACK),
        (RecursionError("deep"), Outcome.TRACEBACK),
        (fuzz_kinds.Broken("another label"), Outcome.WRONG),
    ],
)
def test_what_becomes_of_a_text(tmp_path, raised, outcome):
    def check(text, folder):
        if raised is not None:
            raise raised

    kind = Kind(name="k", share=1.0, draw=random.Random.random, check=check)
    assert become(kind, "text", tmp_path)[0] == outcome
    (row,), failures = fuzz(1, 10, [kind])
    assert (row.fault, row.outcomes) == ("k", {outcome: 10})
    assert [type(each) for each in failures] == [Failure] * (10 * (outcome in HARM))


def test_what_a_model_says_may_not_be_refused(tmp_path):
    def check(text, folder):
        raise InputError("no")

    kind = Kind(name="k", share=1.0, draw=random.Random.random, check=check, refusable=False)
    assert become(kind, "text", tmp_path) == (Outcome.WRONG, "was refused: no")


def test_a_slow_text_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.fuzz.MOST_SECONDS", 0.0)
    kind = Kind(name="k", share=1.0, draw=random.Random.random, check=lambda text, folder: sum(range(10**6)))
    assert become(kind, "text", tmp_path)[1].startswith("took ")


def test_the_command_says_what_failed(capsys, monkeypatch):
    assert main(["--count", "20", "--seed", "1", "--kind", "condition"]) == 0
    assert "| condition | 20 |" in capsys.readouterr().out
    broken = Kind(name="broken", share=1.0, draw=random.Random.random, check=lambda text, folder: 1 / 0)
    monkeypatch.setattr("benchmarks.fuzz.KINDS", (broken,))
    assert main(["--count", "3", "--seed", "5"]) == 1
    assert "broken, seed 5, place 2: ZeroDivisionError: division by zero" in capsys.readouterr().out


@pytest.mark.slow
def test_the_fuzzers_find_what_they_were_made_for(monkeypatch):
    """The crash that stood in one real answer of 5,276, put back: a right side in parentheses."""
    from ctlab.problems.text import equations

    def as_it_was(tokens):
        expression = equations.parse(tokens, percent=False)
        if expression is None:
            return None
        return Number.of(expression.value) if expression.operations else equations.read_number(tokens[-1])

    monkeypatch.setattr(equations, "_result", as_it_was)
    _, failures = fuzz(1, 600, [BY_NAME["answer"], BY_NAME["equation"]])
    assert {each.kind for each in failures} == {"answer", "equation"}
    assert any("invalid literal for int()" in each.why for each in failures)


# What was found, by whom and how it is read now.


@pytest.mark.parametrize("right", ["(15)", "((15))", "(15.0)", "( 15 )", "($15)"])
def test_a_right_side_in_parentheses(right):
    (step,) = find_equations(f"3*5={right}")
    assert step.holds
    assert find_equations(f"<<3*5={right}>>")[0].holds
    assert Problem(question="What is 3 times 5?", solution=f"3*5={right}", gold=15).graph is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [("3-18=(-15)", -15), ("(87 / 6) = (17)", 17), ("2+3=((4))", 4), ("20+30=(50%)", 50), ("8-2=(2*3)", 6)],
)
def test_a_right_side_in_parentheses_keeps_its_value(text, value):
    (step,) = find_equations(text)
    assert step.right.value == value


def test_a_right_side_in_parentheses_keeps_how_it_is_written():
    (step,) = find_equations("56/3=(18.67)")
    assert (step.holds, step.right.places) == (True, 2)
    assert find_equations("x = (6)") == find_equations("=(") == find_equations("1+2=()") == ()


@pytest.mark.parametrize(
    "text", ["10e999", "100e998", "1.5e1000", ".5e-999", "0.05e-998", "1e991 billion", "10e990 billion"]
)
def test_what_cannot_be_read_again_is_not_read(text):
    """An answer that was stored as 1e1000 could not be read back, and every later run failed."""
    found = classify(PROBLEMS[0], f"The answer is: {text}")
    for number in (found.extraction.after_marker, found.extraction.last):
        assert number is None or Number.parse(str(number)) == number


@pytest.mark.parametrize("question", ["What is 1e999 plus 2?", "What is 1e309?", "What is -1e309 and 1e310?"])
def test_a_question_with_a_number_beyond_floats_has_no_largest_number(question):
    assert features(Problem(question=question, gold=2)).max_number is None


def test_a_text_that_is_none_is_refused_in_a_sentence():
    with pytest.raises(InputError, match="the text of an answer is a str, not None; where nothing was said it is ''"):
        classify(PROBLEMS[0], None)
