"""Files of known tools that hold totals and no answers: no format, but a sentence that says what lies beside."""

from collections.abc import Mapping
from typing import Any

from ctlab.mistaken_files import told_by_keys

_SUMMARIES: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"results", "configs", "versions"}),
        "lm-evaluation-harness's summary, without answers; give samples_*.jsonl beside it (--log_samples)",
    ),
    (
        frozenset({"evaluation_id", "evaluation_results"}),
        "every_eval_ever's summary, without answers; give *_samples.jsonl beside it (--include_samples)",
    ),
    (
        frozenset({"adapter_spec", "metric_specs"}),
        "what HELM was to run, without answers; give its folder, or scenario_state.json beside it",
    ),
    (
        frozenset({"instance_id", "train_trial_index", "stats"}),
        "HELM's scores, without answers; give its folder, or scenario_state.json beside it",
    ),
    (
        frozenset({"name", "count", "sum", "sum_squared"}),
        "HELM's totals, without answers; give its folder, or scenario_state.json beside it",
    ),
    (
        frozenset({"name", "description", "definition_path"}),
        "HELM's word on a scenario, without answers; give its folder, or scenario_state.json beside it",
    ),
)


def what_it_sums(first: Mapping[str, Any]) -> str | None:
    """Return what a file is and what to give instead; None for a file that is none of these."""
    return told_by_keys(first) or next((said for keys, said in _SUMMARIES if keys <= set(first)), None)
