from ctlab.outcomes import Run
from ctlab.reporting import hesitations
from ctlab.reporting.summaries.hesitations import EXAMPLES
from tests.reporting.small_runs import problems, run


def test_answers_that_are_clear_are_not_among_them():
    assert hesitations(run("baseline", problems(6), wrong=[1])) == (0, [])


def test_the_first_of_each_way_comes_first():
    asked = problems(40)
    ranges = run("baseline", asked, wrong=range(10), text="The answer is 3-5")
    times = run("baseline", asked, wrong=range(10, 12), text="The answer is 3:45")
    said = [*ranges.generations[:10], *times.generations[10:]]
    mixed = Run.of(ranges.condition, asked, said)
    count, rows = hesitations(mixed)
    assert count == 12
    assert len(rows) == EXAMPLES
    assert [row["answer"] for row in rows[:3]] == ["The answer is 3-5", "The answer is 3:45", "The answer is 3-5"]
    assert rows[0] == {
        "problem_id": asked[0].id,
        "answer": "The answer is 3-5",
        "read": "3",
        "reading": "the number after “The answer is”; a range",
        "correct": False,
    }


def test_of_a_long_answer_its_end_is_shown():
    (count, (row,)) = hesitations(run("baseline", problems(3), wrong=[0], text="so " * 500 + "3-5"))
    assert count == 1
    assert row["answer"].startswith("… ")
    assert row["answer"].endswith("3-5")
    assert len(row["answer"]) < 250
