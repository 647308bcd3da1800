"""What is said of models that decide themselves when to stop; of all others nothing."""

from ctlab.interventions import BASELINE, Condition
from ctlab.lab.thought_counts import thoughts_line
from ctlab.outcomes import Run, classify
from ctlab.problems import Problem
from ctlab.records import Generation

ITSELF = {"stops_itself": True}
PROBLEMS = [Problem(question=f"How much is {k} plus 1?", gold=k + 1) for k in range(4)]
HIDDEN = Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT1"], "readers": "later"}]})


def run(condition, counts):
    generations = [
        Generation(problem_id=problem.id, token_ids=() if count == 5 else (1,), text="2", thoughts=count)
        for problem, count in zip(PROBLEMS, counts, strict=True)
    ]
    return Run(
        condition=condition,
        problems=tuple(PROBLEMS),
        generations=tuple(generations),
        classifications=tuple(classify(problem, "2") for problem in PROBLEMS),
    )


def test_each_named_thought_has_its_share_of_problems():
    runs = {"baseline": run(BASELINE, [0, 2, 1, 5]), "hidden": run(HIDDEN, [0, 3, 3, 3])}
    assert thoughts_line(runs, ITSELF) == (
        "the model decides itself when to stop thinking: undisturbed it has 0 to 5 thoughts, 2.0 on average; of 4 "
        "problems 2 have CT1; on 1 it never stops and gives no answer (a condition on a thought changes no other "
        "problem)"
    )
    assert thoughts_line({"baseline": runs["baseline"]}, ITSELF).endswith("on 1 it never stops and gives no answer")


def test_nothing_is_said_where_all_have_the_same():
    assert thoughts_line({"baseline": run(BASELINE, [None] * 4)}, ITSELF) == thoughts_line({}, ITSELF) == ""


def test_nothing_is_said_of_a_number_that_was_given():
    assert thoughts_line({"baseline": run(BASELINE, [2] * 4)}, {"num_thoughts": 2}) == ""
