"""Result files of real tools: what each tool counted by its own scoring is counted again from the rows."""

import json

import pytest

from ctlab import read_results
from ctlab.errors import RecordedError
from ctlab.outcomes.agreement import agreement
from ctlab.problems import load_problems
from tests.shared_data import shared

TOOLS = "data/field/tools"


def one(pattern):
    (path,) = shared(TOOLS).glob(pattern)
    return path


def pair(baseline, treated, **options):
    return read_results(one(baseline), **options), read_results(one(treated), **options)


def right(results):
    """Whether each answer is right by the tool's own score, by problem and repeat."""
    scores = {(row.problem, row.repeat): row.score for row in results}
    assert len(scores) == len(results)
    assert set(scores.values()) <= {0.0, 1.0}
    return {key: score == 1 for key, score in scores.items()}


def counts(baseline, treated):
    before, after = right(baseline), right(treated)
    both = before.keys() & after.keys()
    return {
        "n": len(both),
        "baseline_correct": sum(before[key] for key in both),
        "treated_correct": sum(after[key] for key in both),
        "lost": sum(before[key] and not after[key] for key in both),
        "gained": sum(after[key] and not before[key] for key in both),
    }


PAIRS = {
    "lm_eval [strict-match]": ("lm_eval/baseline/*/samples*", "lm_eval/treated/*/samples*", {}),
    "lm_eval [flexible-extract]": (
        "lm_eval/baseline/*/samples*",
        "lm_eval/treated/*/samples*",
        {"filter": "flexible-extract"},
    ),
    "every_eval_ever [gsm8k/strict-match]": (
        "every_eval_ever/baseline/*/*/*/*.jsonl",
        "every_eval_ever/treated/*/*/*/*.jsonl",
        {},
    ),
    "every_eval_ever [gsm8k/flexible-extract]": (
        "every_eval_ever/baseline/*/*/*/*.jsonl",
        "every_eval_ever/treated/*/*/*/*.jsonl",
        {"filter": "flexible-extract"},
    ),
    "inspect/*.eval": ("inspect/baseline/*.eval", "inspect/treated/*.eval", {}),
    "inspect/*.json": ("inspect/baseline/*.json", "inspect/treated/*.json", {}),
    "inspect_epochs2/*.eval": ("inspect_epochs2/baseline/*.eval", "inspect_epochs2/treated/*.eval", {}),
    "opencompass": (
        "opencompass/*/predictions/openai-175b-finetuning/gsm8k.json",
        "opencompass/*/predictions/openai-6b-finetuning/gsm8k.json",
        {},
    ),
    "helm [final_number_exact_match]": (
        "helm/runs/v1/gsm:model=openai_175b-finetuning",
        "helm/runs/v1/gsm:model=openai_6b-finetuning",
        {},
    ),
    **{
        f"tables/*.{suffix}": (
            f"tables/openai-175b-finetuning.{suffix}",
            f"tables/openai-6b-finetuning.{suffix}",
            {},
        )
        for suffix in ("csv", "parquet", "jsonl")
    },
    "codi_stdout/baseline against zero_first_3": ("codi_stdout/baseline*", "codi_stdout/zero_first_3*", {}),
    "real/inspect_arc_easy (claude-sonnet-4-0 against qwen2.5:0.5b)": (
        "real/inspect_arc_easy/*sonnet.json",
        "real/inspect_arc_easy/*qwen.json",
        {},
    ),
}
"""Expected entry → baseline's file, treated file, how they are read."""

SINGLE = {
    "real/helm mmlu philosophy, gpt2": "real/helm/mmlu*",
    "real/inspect_log_formats/log_formats.eval": "real/inspect_log_formats/log_formats.eval",
    "real/inspect_log_formats/log_formats.json": "real/inspect_log_formats/log_formats.json",
    "real/every_eval_ever_demo": "real/every_eval_ever_demo/*.jsonl",
}


@pytest.fixture(scope="module")
def expected():
    return json.loads(shared(f"{TOOLS}/expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAIRS)
def test_the_tool_s_own_counts_follow_from_the_rows(name, expected):
    baseline, treated, options = PAIRS[name]
    found = counts(*pair(baseline, treated, **options))
    assert found == {key: expected[name][key] for key in found}


@pytest.mark.parametrize("name", SINGLE)
def test_counts_of_real_runs(name, expected):
    results = read_results(one(SINGLE[name]))
    assert (len(results), sum(right(results).values())) == (expected[name]["n"], expected[name]["correct"])


def test_every_expected_entry_is_tried(expected):
    assert expected.keys() - PAIRS.keys() - SINGLE.keys() == {"wandb", "tables/wide.csv"}


def test_epochs_are_repeats_of_a_problem(expected):
    baseline, treated = pair("inspect_epochs2/baseline/*.eval", "inspect_epochs2/treated/*.eval")
    assert len({row.problem for row in baseline}) == expected["inspect_epochs2/*.eval"]["problems"] == 12
    assert {row.repeat for row in baseline} == {0, 1}
    first = counts(*([row for row in each if row.repeat == 0] for each in (baseline, treated)))
    assert first == {key: expected["inspect_epochs2/*.eval"]["epoch1"][key] for key in first}


def test_a_wide_table_has_a_column_a_model(expected):
    names = ("openai-175b-finetuning", "openai-6b-finetuning")
    found = [read_results(one("tables/wide.csv"), columns={"answer": name}) for name in names]
    assert [{row.score for row in each} for each in found] == [{None}, {None}]
    # It holds no verdicts: the counts of the authors are found again by our reading.
    tables = [read_results(one(f"tables/{name}.csv")) for name in names]
    assert [[row.answer for row in each] for each in found] == [[row.answer for row in each] for each in tables]
    with pytest.raises(RecordedError, match=r"wide\.csv: no column is known to hold the answers.*answer=COLUMN"):
        read_results(one("tables/wide.csv"))


def test_a_logged_table_of_other_problems_is_not_what_was_expected_of_it(expected):
    baseline, treated = pair("wandb/baseline/**/*.json", "wandb/treated/**/*.json")
    assert sum(right(baseline).values()) == expected["wandb"]["baseline_correct"] == 18
    # The treated table holds the problems 640 to 699, the baseline 0 to 59: no pair, whatever the list says.
    assert {row.problem for row in treated} == {str(at) for at in range(640, 700)}
    assert sum(right(treated).values()) == 22 != expected["wandb"]["treated_correct"]


NUMERIC = (
    *(name for name in PAIRS if "arc_easy" not in name and "every_eval_ever" not in name),
    *(name for name in PAIRS if "every_eval_ever" in name),
)


@pytest.mark.parametrize("name", NUMERIC)
def test_our_reading_agrees_with_every_tool_that_scores_numbers(name):
    baseline, treated, options = PAIRS[name]
    for results in pair(baseline, treated, **options):
        found = agreement(results)
        assert (found.compared, found.disagreements, found.unread) == (len(results), (), 0)


def test_rows_find_the_problems_of_the_set_whatever_they_are_called():
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    for pattern in (
        "lm_eval/baseline/*/samples*",
        "inspect/baseline/*.eval",
        "helm/runs/v1/*175b*",
        "wandb/treated/**/*.json",
    ):
        results = read_results(one(pattern))
        found = agreement(results, problems)
        assert (found.compared, len(found.disagreements)) == (len(results), 0), pattern


@pytest.mark.parametrize("model", ["m1", "m3", "m5"])
@pytest.mark.parametrize("name", ["prosqa_test", "ood_7hop", "ood_dag"])
def test_per_sample_predictions_say_what_their_summary_says(model, name):
    path = shared(f"data/field/predictions/{model}_{name}.json")
    results = read_results(path)
    accuracy = json.loads(path.read_text(encoding="utf-8"))["accuracy"]
    assert sum(right(results).values()) / len(results) == pytest.approx(accuracy, abs=1e-12)
    assert results.model == model
    # A list of right and wrong alone, written beside, says the same of the models that it names.
    if model != "m1":
        column = f"{model}_{'prosqa_id' if name == 'prosqa_test' else name.removeprefix('ood_')}"
        alone = read_results(shared("data/field/predictions/per_sample_correctness.json"), filter=column)
        assert alone.scores_only
        assert [row.score for row in alone] == [row.score for row in results]


def test_lists_of_right_and_wrong_are_chosen_by_name():
    path = shared("data/field/predictions/m6_per_sample_correctness.json")
    with pytest.raises(RecordedError, match=r"holds 3 lists .*; choose one with \?filter=: prosqa_test,"):
        read_results(path)
    assert len(read_results(path, filter="ood_dag")) == 1000


def test_every_file_of_recorded_answers_is_read():
    files = [path for path in sorted(shared("data/recorded").rglob("*.jsonl")) if path.name != "problems.jsonl"]
    assert {path.stem: len(read_results(path)) for path in files} == {
        **dict.fromkeys(("implicit-cot-gpt2", "implicit-cot-gpt2-medium"), 1319),
        **dict.fromkeys(("openai-175b-finetuning", "openai-6b-finetuning"), 1319),
        **{path.stem: 1000 for path in files if path.parent.name == "codi-llama-zeroing"},
    }
