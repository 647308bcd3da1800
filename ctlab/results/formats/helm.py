"""HELM, a run's folder: answers in ``scenario_state.json``, scores in ``per_instance_stats.json``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import read_json, shown
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.result_file import ADVICE, ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat
from ctlab.results.row_values import score_of, text_of

_STATE, _STATS = "scenario_state.json", "per_instance_stats.json"
_METRICS = (
    *("final_number_exact_match", "math_equiv_chain_of_thought", "math_equiv", "chain_of_thought_correctness"),
    *("exact_match_indicator", "exact_match", "quasi_exact_match", "prefix_exact_match", "quasi_prefix_exact_match"),
)
"""What is taken for the score, the first that is there: names that HELM's schema gives as a scenario's main metric."""

Scores = Mapping[tuple[str, int], Mapping[str, float]]


class Helm(ResultFormat):
    """Instances are known by their ids; perturbed ones are left out."""

    def recognises(self, file: ResultFile) -> bool:
        """By the file of that name in a folder, or by its two keys."""
        if file.is_folder:
            return (file.path / _STATE).is_file()
        return isinstance(file.document, dict) and {"adapter_spec", "request_states"} <= set(file.document)

    def parts(self, file: ResultFile) -> tuple[Path, ...]:
        """Answers, and scores where they are there."""
        state = file.path / _STATE if file.is_folder else file.path
        stats = state.with_name(_STATS)
        return (state, stats) if stats.is_file() else (state,)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every request; RecordedError where an instance was asked in several requests, one an option."""
        state, *stats = self.parts(file)
        form = ResultFile(state).document
        if not isinstance(form, dict) or not isinstance(form.get("request_states"), list):
            raise RecordedError(f'{state.name}: "request_states" is a list of requests; {ADVICE}')
        asked = [_group(each) for each in form["request_states"]]
        plain = [each for each in asked if not _group(each.get("instance")).get("perturbation")]
        if any(text_of(each.get("request_mode")) for each in plain):
            raise RecordedError(
                f"{state.name} holds one request an option and no answers; run HELM with a method that generates"
            )
        scores = _scores(stats[0]) if stats else {}
        metric, note = _metric(scores, options.columns.get("score"), state.name)
        left_out = len(asked) - len(plain)
        return Results(
            path=str(file.path),
            format=self.name,
            rows=tuple(_row(each, at, scores, metric, state.name) for at, each in enumerate(plain, start=1)),
            model=text_of(_group(form.get("adapter_spec")).get("model")),
            notes=(note, *([f"{left_out} requests with a perturbation are left out"] if left_out else [])),
        )


HELM = Helm(
    name="helm",
    described="a run's folder of HELM, or its scenario_state.json",
    keys=("adapter_spec", "request_states"),
    maps=frozenset({"score"}),
)


def _scores(stats: Path) -> Scores:
    form = read_json(stats, error=RecordedError, advice=ADVICE, as_written=True)
    if not isinstance(form, list):
        raise RecordedError(f"{stats.name} is a list of instances, not {shown(form)}; {ADVICE}")
    scores: dict[tuple[str, int], dict[str, float]] = {}
    for each in map(_group, form):
        if each.get("perturbation"):
            continue
        found = scores.setdefault((text_of(each.get("instance_id")), _trial(each)), {})
        for stat in each.get("stats") or ():
            name = text_of(_group(_group(stat).get("name")).get("name"))
            if name in found or "mean" not in stat:
                continue
            value = score_of(stat["mean"], f"{stats.name}, {name}")
            if value is not None:
                found[name] = value
    return scores


def _metric(scores: Scores, chosen: str | None, name: str) -> tuple[str, str]:
    there = {metric for each in scores.values() for metric in each}
    if chosen and chosen not in there:
        raise RecordedError(f"{name}: score={chosen} is none of its metrics; they are {', '.join(sorted(there))}")
    metric = chosen or next((metric for metric in _METRICS if metric in there), "")
    if not metric:
        return "", f"no score: {_STATS} is not there or has no metric of right and wrong"
    others = [each for each in _METRICS if each in there and each != metric]
    return metric, f"score {metric}" + (f"; also {', '.join(others)}: ?score=" if others else "")


def _row(state: Mapping[str, Any], at: int, scores: Scores, metric: str, file: str) -> ResultRow:
    instance, result = _group(state.get("instance")), _group(state.get("result"))
    where, problem = f"row {at}", text_of(instance.get("id"))
    completions = result.get("completions")
    if not problem or not isinstance(completions, list):
        raise RecordedError(f'{file}, {where}: a request has an instance with an "id" and a result with "completions"')
    options = _group(state.get("output_mapping"))
    golds = [
        text_of(_group(reference.get("output")).get("text"))
        for reference in map(_group, instance.get("references") or ())
        if "correct" in (reference.get("tags") or ())
    ]
    golds = [next((letter for letter, text in options.items() if text == gold), gold) for gold in golds]
    failed = result.get("success") is False
    return ResultRow(
        name=where,
        problem=problem,
        answer=text_of(_group(completions[0]).get("text")).strip() if completions else "",
        score=scores.get((problem, _trial(state)), {}).get(metric),
        gold=None if not golds else golds[0] if len(golds) == 1 else tuple(golds),
        question=text_of(_group(instance.get("input")).get("text")) or None,
        repeat=_trial(state),
        fields=Fields({"split": instance.get("split"), **({"options": options} if options else {})}),
        failure=(text_of(result.get("error")) or "the request failed") if failed else "",
    )


def _trial(form: Mapping[str, Any]) -> int:
    value = form.get("train_trial_index")
    return value if isinstance(value, int) and value >= 0 else 0


def _group(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
