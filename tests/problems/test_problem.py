import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ctlab.problems.problem as problem_module
from ctlab.errors import ProblemSetError
from ctlab.problems import Number, Problem, ProblemSet
from ctlab.records.fields import Fields


def problems(*questions):
    return [Problem(question=question, gold=1) for question in questions]


@pytest.mark.parametrize("gold", ["1,200", 1200, Number.parse("1200"), "$1,200", "1200."])
def test_a_gold_answer_is_a_number_or_how_it_is_written(gold):
    assert Problem(question="How many?", gold=gold).gold_number == Number.of(1200)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"question": " ", "gold": 1}, "needs a question"),
        ({"question": "How many?", "gold": "many"}, "gold answer: .* \\(problem 'How many\\?'\\)"),
        ({"question": "How many?", "gold": [1.5]}, "a gold answer is a number or its text"),
        (
            {"question": "How many?", "gold": float("nan")},
            "the gold answer of problem .* is nan, which no",
        ),
        ({"question": "How many?", "gold": float("-inf")}, "the gold answer of problem .* is -inf, which"),
        ({"question": "How many?", "gold": True}, "a gold answer is a number or its text"),
        ({"question": "How many?", "gold": 1, "solution": None}, "a worked solution is a text"),
    ],
)
def test_a_malformed_problem_is_refused(fields, message):
    with pytest.raises(ProblemSetError, match=message):
        Problem(**fields)


def test_the_id_is_the_question_s_hash():
    one, other = problems("How many?", "How many? ")
    assert one.id == Problem(question="How many?", gold=2).id
    assert one.id != other.id
    assert len(one.id) == 16
    assert int(one.id, 16) >= 0


@given(st.text(min_size=1).filter(str.strip), st.integers(), st.text())
def test_problems_travel_as_json(question, gold, solution):
    problem = Problem(question=question, gold=gold, solution=solution)
    again = Problem.from_json(json.loads(json.dumps(problem.to_json())))
    assert (again.id, again.gold_number, again.solution) == (problem.id, problem.gold_number, problem.solution)


def test_a_set_is_a_sequence_in_order():
    found = ProblemSet("mine", problems("a?", "b?", "c?"))
    assert [problem.question for problem in found] == ["a?", "b?", "c?"]
    assert (len(found), found[1].question, len(found[:2])) == (3, "b?", 2)
    assert found.ids == tuple(problem.id for problem in found)


def test_an_empty_set_is_refused():
    with pytest.raises(ProblemSetError, match="problem set 'mine' is empty"):
        ProblemSet("mine", [])


def test_a_duplicate_names_both_rows():
    with pytest.raises(ProblemSetError, match="rows 1 and 3 ask the same question"):
        ProblemSet("mine", problems("a?", "b?", "a?"))


def test_a_limit_keeps_the_first_and_remembers_the_whole():
    whole = ProblemSet("mine", problems("a?", "b?", "c?"))
    some = whole.limited(2)
    assert (some.ids, some.whole.ids) == (whole.ids[:2], whole.ids)
    assert some.digest != whole.digest
    assert whole.limited(None) is whole
    assert whole.limited(7) is whole
    assert some.limited(1).whole is whole
    with pytest.raises(ProblemSetError, match="at least 1"):
        whole.limited(0)


def test_the_digest_follows_everything_that_matters():
    base = Problem(question="a?", solution="<<1+1=2>>", gold=2)
    variants = [
        [base],
        [Problem(question="b?", solution=base.solution, gold=2)],
        [Problem(question="a?", solution=base.solution, gold=3)],
        [Problem(question="a?", solution="<<1+1=2>>2", gold=2)],
        [base, Problem(question="b?", gold=1)],
        [Problem(question="b?", gold=1), base],
        [Problem(question="a?", solution=base.solution, gold=2, fields=Fields({"level": 1}))],
        [Problem(question="a?", solution=base.solution, gold="2", kind="entity")],
        [Problem(question="a?", solution=base.solution, gold="2", kind="choice", options=("2", "3"))],
        [Problem(question="a?", solution=base.solution, gold="2", kind="choice", options=("3", "2"))],
        [Problem(question="a?", solution=base.solution, gold="2", kind="choice", options=("2",), aliases=("3",))],
    ]
    digests = [ProblemSet("mine", variant).digest for variant in variants]
    assert len(set(digests)) == len(digests)
    assert ProblemSet("another name", [base]).digest == digests[0]


def test_an_answer_that_is_no_number_is_a_text():
    problem = Problem(
        question="Is Sally a sterpus?", gold="yes", kind="boolean", aliases=("true",), fields=Fields({"hops": 3})
    )
    assert (problem.gold_text, problem.graph, problem.fields["hops"]) == ("yes", None, 3)
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem
    with pytest.raises(ProblemSetError, match="is a boolean, not a number"):
        _ = problem.gold_number
    with pytest.raises(ProblemSetError, match="an answer kind is one of number, choice"):
        Problem(question="a?", gold="1", kind="letter")
    with pytest.raises(ProblemSetError, match="the reference answer of a choice is a text, not 3"):
        Problem(question="a?", gold=3, kind="choice")


def test_a_set_has_one_answer_kind():
    yes = Problem(question="a?", gold="yes", kind="boolean")
    assert ProblemSet("mine", [yes]).kind == "boolean"
    with pytest.raises(ProblemSetError, match="row 1 is answered by a number and row 2 by a boolean"):
        ProblemSet("mine", [*problems("b?"), yes])


def test_reading_problems_imports_nothing_heavy():
    import subprocess

    code = (
        "import sys, ctlab; ctlab.load_problems('tiny')[0].features; from ctlab.outcomes import classify\n"
        "print([m for m in ('torch', 'numpy', 'pandas', 'scipy', 'datasets', 'pyarrow') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_features_of_a_large_set_are_read_once(monkeypatch):
    read, honest = [], problem_module.features

    def counted(problem):
        read.append(problem)
        return honest(problem)

    monkeypatch.setattr(problem_module, "features", counted)
    asked = [Problem(question=f"Which number is {number}?", gold=number) for number in range(20_000)]
    for _ in range(2):
        assert {problem.features.n_tokens for problem in asked} == {4}
    assert len(read) == len(asked)
