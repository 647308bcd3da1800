import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.prosqa import PROSQA
from ctlab.problems.rows.read_rows import form_of, problem_of_row

ROW = {
    "question": "Sally is a boompus. Every boompus is a sterpus. Is Sally a hilpus or sterpus?",
    "answer": "Sally is a sterpus.",
    "steps": ["Sally is a boompus.", "Every boompus is a sterpus."],
    "idx_to_symbol": ["Sally", "boompus", "sterpus", "hilpus"],
    "edges": [[0, 1], [1, 2]],
    "root": 0,
    "target": 2,
    "neg_target": 3,
}


def test_gold_is_the_sentence_and_the_options_are_both():
    assert form_of(ROW) is PROSQA
    problem = problem_of_row(ROW)
    assert (problem.kind, problem.gold) == ("entity", "Sally is a sterpus.")
    assert problem.options == ("Sally is a sterpus.", "Sally is a hilpus.")
    assert problem.solution == "Sally is a boompus.\nEvery boompus is a sterpus."


def test_the_graph_stays_in_the_fields():
    assert dict(problem_of_row(ROW).fields) == {k: ROW[k] for k in ROW if k not in ("question", "answer")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"target": 9}, '"target" is the place of a name'),
        ({"neg_target": "3"}, '"neg_target" is the place of a name'),
        ({"target": 3}, '"answer" names the target'),
    ],
)
def test_a_graph_that_does_not_fit_is_refused(change, reason):
    with pytest.raises(ProblemSetError, match=reason):
        problem_of_row({**ROW, **change})
