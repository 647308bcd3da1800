"""What each tool's files are like beyond those that lie in the shared data: small ones, as their writers make them."""

import json
import zipfile

import pytest

from ctlab import read_results
from ctlab.errors import RecordedError
from ctlab.results import read_recorded
from tests.results.small_set import PROBLEMS, texts


def written(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)) if path.suffix == ".jsonl" else json.dumps(*rows), "utf-8")
    return path


def lm_row(doc_id=0, filter="none", **fields):
    plain = {"doc_id": doc_id, "doc": {"question": "How many?"}, "target": "so\n#### 18", "filter": filter}
    return {**plain, "resps": [["it is 18"]], "filtered_resps": ["18"], "metrics": ["em"], "em": 1.0, **fields}


class TestLmEval:
    def test_a_filter_is_chosen_by_name_and_is_otherwise_the_first_of_the_file(self, tmp_path):
        rows = [lm_row(filter="strict", em=0.0), lm_row(filter="loose")]
        path = written(tmp_path / "samples_x.jsonl", *rows)
        strict, loose = read_results(path), read_results(path, filter="loose")
        assert [row.score for row in strict] == [0.0]
        assert [row.score for row in loose] == [1.0]
        assert strict.notes == ("filter strict of 2: the first of the file; ?filter= takes loose",)
        assert loose.notes == ("filter loose of 2: ?filter= takes strict",)
        with pytest.raises(RecordedError, match="filter=x is none of its filters; they are 'strict', 'loose'"):
            read_results(path, filter="x")

    def test_a_metric_is_chosen_by_name(self, tmp_path):
        path = written(tmp_path / "samples_x.jsonl", lm_row(metrics=["acc", "acc_norm"], acc=0, acc_norm=1))
        assert read_results(path)[0].score == 0
        assert read_results(path, columns={"score": "acc_norm"})[0].score == 1
        with pytest.raises(RecordedError, match="score=em is none of its metrics; they are acc, acc_norm"):
            read_results(path, columns={"score": "em"})

    def test_options_scored_by_likelihood_give_a_letter(self, tmp_path):
        likelihoods = [[["-7.5", "False"]], [["-2.25", "True"]], [["-9.0", "False"]]]
        row = lm_row(resps=likelihoods, filtered_resps=[pair[0] for pair in likelihoods], target="2")
        (found,) = read_results(written(tmp_path / "samples_x.jsonl", row))
        assert (found.answer, found.gold) == ("B", "C")

    def test_of_several_responses_what_the_filter_made_of_them_is_read(self, tmp_path):
        row = lm_row(resps=[["it is 17", "it is 18"]], filtered_resps=["18"])
        results = read_results(written(tmp_path / "samples_x.jsonl", row))
        assert results[0].answer == "18"
        assert "several responses" in results.notes[0]

    @pytest.mark.parametrize(
        "arguments",
        [
            {"gen_args_0": {"arg_0": "Question: How many?\nAnswer:", "arg_1": {}}},
            [["Question: How many?\nAnswer:", {}]],
        ],
    )
    def test_where_the_row_has_no_question_the_prompt_s_is_read(self, tmp_path, arguments):
        row = lm_row(doc={"n": 1}, arguments=arguments)
        assert read_results(written(tmp_path / "samples_x.jsonl", row))[0].question == "How many?"


def sample(id=1, epoch=1, **fields):
    plain = {"id": id, "epoch": epoch, "input": "How many?", "target": "18"}
    return {**plain, "output": {"completion": "18"}, "scores": {"match": {"value": "C"}}, **fields}


def log(path, *samples, status="success", **fields):
    return written(path, {"version": 2, "status": status, "eval": {"model": "m"}, "samples": samples, **fields})


class TestInspect:
    @pytest.mark.parametrize(
        ("value", "score"),
        [("C", 1), ("I", 0), ("P", 0.5), ("N", 0), (True, 1), (0.25, 0.25), ("1.0", 1), ({"a": 1}, None)],
    )
    def test_values_of_scores(self, tmp_path, value, score):
        (row,) = read_results(log(tmp_path / "a.json", sample(scores={"match": {"value": value}})))
        assert row.score == score

    def test_a_conversation_an_old_output_and_what_is_attached(self, tmp_path):
        said = {"choices": [{"message": {"content": [{"type": "text", "text": "attachment://x"}]}}]}
        asked = [{"role": "system", "content": "S"}, {"role": "user", "content": [{"type": "text", "text": "Why?"}]}]
        path = log(tmp_path / "a.json", sample(input=asked, output=said, attachments={"x": "a long text"}))
        (row,) = read_results(path)
        assert (row.question, row.answer) == ("Why?", "a long text")

    def test_epochs_are_repeats(self, tmp_path):
        results = read_results(log(tmp_path / "a.json", sample("a", 2), sample("a"), sample("b", 3), sample("b", 1)))
        assert [(row.problem, row.repeat) for row in results] == [("a", 1), ("a", 0), ("b", 2), ("b", 0)]

    def test_the_headline_s_scorer_is_taken_and_another_can_be(self, tmp_path):
        scores = {"first": {"value": "I"}, "second": {"value": "C"}}
        path = log(tmp_path / "a.json", sample(scores=scores), results={"headline": {"scorer": "second"}})
        assert read_results(path)[0].score == 1
        assert read_results(path).notes == ("score second; also first: ?score=",)
        assert read_results(path, columns={"score": "first"})[0].score == 0
        with pytest.raises(RecordedError, match="score=x is none of its scorers; they are first, second"):
            read_results(path, columns={"score": "x"})

    def test_a_log_that_was_not_finished_says_so(self, tmp_path):
        path = log(tmp_path / "a.json", sample(), sample(2, scores=None), status="cancelled")
        assert read_results(path).notes == (
            "the run ended as 'cancelled' after 2 samples",
            "score match, which 1 of 2 samples lack",
        )
        none = log(tmp_path / "b.json", sample(scores={}))
        assert (read_results(none)[0].score, read_results(none).notes) == (None, ("it has no scores",))

    def test_a_crashed_run_s_archive_is_read_by_its_journal(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.eval", "w") as archive:
            archive.writestr("_journal/start.json", json.dumps({"eval": {"model": "m", "dataset": {"samples": 9}}}))
            archive.writestr("samples/x/1_epoch_1.json", json.dumps(sample()))
        results = read_results(tmp_path / "a.eval")
        assert (results.model, len(results)) == ("m", 1)
        assert results.notes[0] == "the run ended as 'started' after 1 samples of a set of 9"

    def test_an_error_is_a_failure_and_no_answer(self, tmp_path):
        path = log(tmp_path / "a.json", sample(error={"message": "timed out"}, output={}))
        assert (read_results(path)[0].failure, read_results(path)[0].answer) == ("timed out", "")


def helm(folder, *requests, stats=()):
    written(folder / "scenario_state.json", {"adapter_spec": {"model": "m"}, "request_states": requests})
    if stats:
        written(folder / "per_instance_stats.json", stats)
    return folder


def request(id="id1", **fields):
    references = [{"output": {"text": "so it is 18. The answer is 18."}, "tags": ["correct"]}]
    instance = {"id": id, "input": {"text": "How many?"}, "references": references, "split": "test"}
    result = {"success": True, "completions": [{"text": " 18 "}]}
    return {"instance": instance, "train_trial_index": 0, "result": result, **fields}


class TestHelm:
    def test_scores_are_joined_by_id_and_the_folder_is_what_decides(self, tmp_path):
        stats = [{"instance_id": "id1", "stats": [{"name": {"name": "exact_match"}, "mean": 1.0}]}]
        results = read_results(helm(tmp_path / "run", request(), request("id2"), stats=stats))
        assert [(row.problem, row.answer, row.score) for row in results] == [("id1", "18", 1.0), ("id2", "18", None)]

    def test_without_scores_that_is_said(self, tmp_path):
        results = read_results(helm(tmp_path / "run", request()))
        assert results.notes[0].startswith("no score: per_instance_stats.json is not there")

    def test_perturbed_instances_are_left_out(self, tmp_path):
        perturbed = request()
        perturbed["instance"]["perturbation"] = {"name": "typos"}
        exact = {"name": {"name": "exact_match"}}
        stats = [
            {"instance_id": "id1", "perturbation": {"name": "typos"}, "stats": [{**exact, "mean": 0.0}]},
            {"instance_id": "id1", "stats": [{**exact, "mean": 1.0}]},
        ]
        results = read_results(helm(tmp_path / "run", perturbed, request(), stats=stats))
        assert (len(results), results.notes[1]) == (1, "1 requests with a perturbation are left out")
        assert results[0].score == 1.0

    def test_a_request_an_option_holds_no_answer(self, tmp_path):
        with pytest.raises(RecordedError, match="one request an option and no answers"):
            read_results(helm(tmp_path / "run", request(request_mode="original")))

    def test_a_failed_request(self, tmp_path):
        failed = {"success": False, "error": "429", "completions": []}
        assert read_results(helm(tmp_path / "run", request(result=failed)))[0].failure == "429"


COMPASS = {"0": {"prediction": "18", "gold": "18"}, "1": {"prediction": "3", "gold": "4"}}


class TestOpenCompass:
    def test_verdicts_beside_are_read_and_of_another_run_refused(self, tmp_path):
        path = written(tmp_path / "predictions" / "m" / "gsm8k.json", COMPASS)
        assert [row.score for row in read_results(path)] == [None, None]
        verdicts = {"accuracy": 50.0, "details": {"0": {"pred": "18", "correct": True}, "1": {"correct": False}}}
        beside = written(tmp_path / "results" / "m" / "gsm8k.json", verdicts)
        assert [row.score for row in read_results(path)] == [1.0, 0.0]
        written(beside, {"accuracy": 1, "details": [{"pred": "18", "correct": True}]})
        with pytest.raises(RecordedError, match=r"holds 2 answers, and .* 1 verdicts: they are not of one run"):
            read_results(path)


class TestTables:
    def test_ids_that_stand_twice_are_repeats_in_the_file_s_order(self, tmp_path):
        rows = [{"id": id, "pred": str(at)} for at, id in enumerate("aba")]
        assert [row.repeat for row in read_results(written(tmp_path / "a.json", rows))] == [0, 0, 1]

    def test_rows_are_known_by_their_place_where_no_column_names_them(self, tmp_path):
        named = read_results(written(tmp_path / "a.json", [{"id": 5, "pred": "1"}]))
        placed = read_results(written(tmp_path / "b.json", [{"pred": "1"}, {"pred": "2"}]))
        assert (named.positional, placed.positional) == (False, True)
        assert [row.problem for row in placed] == ["0", "1"]

    def test_a_float_that_numbers_rows_is_whole(self, tmp_path):
        (tmp_path / "a.csv").write_text("id,pred\n7.0,1\n")
        assert read_results(tmp_path / "a.csv")[0].problem == "7"

    @pytest.mark.parametrize(("suffix", "mark"), [("tsv", "\t"), ("csv", ";"), ("txt", "|")])
    def test_other_delimiters(self, tmp_path, suffix, mark):
        (tmp_path / f"a.{suffix}").write_text(f'id{mark}pred\r\n0{mark}"a\nb{mark}c"\r\n')
        (row,) = read_results(tmp_path / f"a.{suffix}")
        assert (row.answer, row.name) == (f"a\nb{mark}c", "line 2")

    def test_a_number_keeps_its_digits(self, tmp_path):
        (tmp_path / "a.json").write_text('[{"id": 0, "pred": 18.50, "gold": 0.1000000000000000055}]')
        (row,) = read_results(tmp_path / "a.json")
        assert (row.answer, row.gold) == ("18.50", "0.1000000000000000055")

    def test_other_columns_are_kept(self, tmp_path):
        rows = [{"id": 0, "pred": "1", "level": 3, "tags": ["a"]}]
        assert dict(read_results(written(tmp_path / "a.json", rows))[0].fields) == {"level": 3, "tags": ["a"]}

    def test_columns_of_ctlab_s_own_rows_can_be_chosen_too(self, tmp_path):
        rows = [{"problem_index": at, "output": "x", "short": problem.gold_text} for at, problem in enumerate(PROBLEMS)]
        path = written(tmp_path / "a.jsonl", *rows)
        assert texts(read_recorded(path, PROBLEMS)) == ["x", "x", "x"]
        assert texts(read_recorded(path, PROBLEMS, {"answer": "short"})) == ["19", "18.67", "0"]
