"""The original study's JSON: read with its checks, written with the texts, and the same when it comes back."""

import json

import pytest

from ctlab.errors import RecordedError
from ctlab.interventions import BASELINE
from ctlab.outcomes import Run, study_form, write_study
from ctlab.problems import Problem, ProblemSet, load_problems
from ctlab.records.generation import Generation
from ctlab.results import read_recorded
from tests.results.small_set import LONG, PROBLEMS, texts
from tests.shared_data import shared


def study(path, *details, **fields):
    form = {"model": "m", "n_problems": len(details), "n_correct": 0, "accuracy": 0.0, "results_detail": list(details)}
    path.write_text(json.dumps(form | fields), encoding="utf-8")
    return path


def details(**changes):
    plain = [
        {"question": "How many are 16 and 3?", "gold_answer": 19.0, "pred_answer": 19.0, "correct": True},
        {"question": LONG[:100] + "...", "gold_answer": 18.67, "pred_answer": 18.5, "correct": False},
        {"question": "What is 0?...", "gold_answer": 0, "pred_answer": None, "correct": False},
    ]
    plain[1] |= changes
    return [{key: value for key, value in row.items() if value is not ...} for row in plain]


def test_the_original_study_s_form(tmp_path):
    found = read_recorded(study(tmp_path / "llama_baseline.json", *details()), PROBLEMS)
    assert texts(found) == ["The answer is: 19", "The answer is: 18.5", ""]


def test_the_study_s_form_with_indices_and_texts(tmp_path):
    shuffled = [{**row, "problem_idx": index} for index, row in enumerate(details(output="so 18.67"))][::-1]
    assert texts(read_recorded(study(tmp_path / "s.json", *shuffled), PROBLEMS))[1] == "so 18.67"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": "Another?"}, "row 2: the question 'Another\\?' is not .* in another order"),
        ({"gold_answer": 19}, "row 2: gold_answer 19 is not the problem set's 18.67"),
        ({"gold_answer": "many"}, "row 2: gold_answer many is not the problem set's 18.67"),
        ({"gold_answer": "4 or so"}, '"gold_answer" is a number'),
        ({"pred_answer": "many"}, '"pred_answer" is a number'),
        ({"pred_answer": [1]}, '"pred_answer" is a number'),
        ({"pred_answer": ...}, 'needs a "problem_index"|needs an "output" or a "pred_answer"'),
        ({"pred_answer": None, "error": "CUDA out of memory"}, "an error was recorded instead of an answer"),
        ({"error": "CUDA out of memory"}, "row 2: an error was recorded instead of an answer"),
        ({"error": "CUDA out of memory", "pred_answer": ...}, "row 2: an error was recorded .*CUDA out of memory"),
        ({"problem_idx": 0}, "row 2: the question"),
    ],
)
def test_a_study_that_does_not_fit_is_refused(tmp_path, changes, message):
    with pytest.raises(RecordedError, match=message):
        read_recorded(study(tmp_path / "s.json", *details(**changes)), PROBLEMS)


def test_a_study_of_a_set_whose_answers_are_no_numbers(tmp_path):
    problems = ProblemSet(
        "t", [Problem(question=row["question"], gold="a sterpus", kind="entity") for row in details()]
    )
    rows = [row | {"gold_answer": "Sally is a sterpus.", "pred_answer": "a lempus"} for row in details()]
    assert texts(read_recorded(study(tmp_path / "s.json", *rows), problems)) == ["a lempus"] * 3
    rows[1]["gold_answer"] = "a lempus"
    with pytest.raises(RecordedError, match="row 2: gold_answer a lempus is not the problem set's a sterpus"):
        read_recorded(study(tmp_path / "s.json", *rows), problems)


def test_a_count_may_be_a_text(tmp_path):
    assert len(read_recorded(study(tmp_path / "s.json", *details(), n_problems="3"), PROBLEMS)) == 3
    with pytest.raises(RecordedError, match="\"n_problems\" is a whole number, not 'many'"):
        read_recorded(study(tmp_path / "s.json", *details(), n_problems="many"), PROBLEMS)


def test_a_failed_row_may_hold_its_error_and_nothing_else(tmp_path):
    rows = details()
    rows[1] = {"error": "CUDA out of memory"}
    read = read_recorded(study(tmp_path / "s.json", *rows), PROBLEMS, {"failed": "none"})
    assert texts(read) == ["The answer is: 19", "", ""]


def test_a_truncated_study_is_refused(tmp_path):
    file = study(tmp_path / "s.json", *details()[:1], n_problems=3)
    with pytest.raises(RecordedError, match="says n_problems 3 but holds 1 rows"):
        read_recorded(file, PROBLEMS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"results_detail": 7}', '"results_detail" is a list of rows, not 7'),
        ('{"results_detail": [7], "n_problems": 1}', "row 1: a row is an object, not 7"),
    ],
)
def test_a_malformed_study_is_named(tmp_path, content, message):
    (tmp_path / "s.json").write_text(content)
    with pytest.raises(RecordedError, match=rf"s\.json.*{message}"):
        read_recorded(tmp_path / "s.json", PROBLEMS)


def test_a_run_goes_out_and_comes_back_the_same(tmp_path):
    answers = ["The answer is: 19", "it is 18.667\n\u202e", "no idea"]
    generations = [
        Generation(problem_id=problem.id, token_ids=(1,), text=text)
        for problem, text in zip(PROBLEMS, answers, strict=True)
    ]
    run = Run.of(BASELINE, PROBLEMS, generations)
    write_study(run, "mine", tmp_path / "out.json")
    again = Run.of(BASELINE, PROBLEMS, read_recorded(tmp_path / "out.json", PROBLEMS))
    assert again.classifications == run.classifications
    form = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (form["model"], form["n_problems"], form["n_correct"], form["accuracy"]) == ("mine", 3, 2, 2 / 3)
    assert form["results_detail"][1] == {
        "problem_idx": 1,
        "question": LONG[:100] + "...",
        "gold_answer": 18.67,
        "pred_answer": 18.667,
        "correct": True,
        "output": "it is 18.667\n\u202e",
    }
    assert form["results_detail"][2]["pred_answer"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize("name", ["openai-6b-finetuning", "implicit-cot-gpt2"])
def test_real_answers_survive_the_round_trip(name, tmp_path):
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    run = Run.of(BASELINE, problems, read_recorded(shared(f"data/recorded/{name}.jsonl"), problems))
    write_study(run, name, tmp_path / "out.json")
    assert read_recorded(tmp_path / "out.json", problems) == run.generations
    # Without the added texts only the judged numbers travel, and they are judged the same.
    form = study_form(run, name)
    for row in form["results_detail"]:
        del row["output"]
    (tmp_path / "bare.json").write_text(json.dumps(form))
    bare = Run.of(BASELINE, problems, read_recorded(tmp_path / "bare.json", problems))
    assert bare.correct() == run.correct()


def test_answers_that_are_no_numbers_are_written_as_they_were_read():
    problem = Problem(question="Is it?", gold="yes", kind="boolean")
    said = (Generation(problem_id=problem.id, token_ids=(), text="It is not true."),)
    [row] = study_form(Run.of(BASELINE, (problem,), said), "m")["results_detail"]
    assert (row["gold_answer"], row["pred_answer"], row["correct"]) == ("yes", "false", False)
