"""What changed between two runs: verdicts, accuracies (paired where both hold the same problems), and inputs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab.reporting import schema
from ctlab.reporting.documents.write import PREDICTIONS, REPORT, read_json
from ctlab.reporting.prose import sentences

_INPUTS = (
    ("model", ("model", "id")),
    ("model digest", ("model", "digest")),
    ("problem set", ("problems", "name")),
    ("problem set digest", ("problems", "digest")),
    ("problems", ("problems", "n")),
    ("padding", ("decoding", "padding")),
    ("dtype", ("decoding", "dtype")),
    ("most new tokens", ("decoding", "max_new_tokens")),
    ("family α", ("alpha",)),
    ("ctlab", ("ctlab",)),
)


def compare_reports(before: Path, after: Path) -> dict[str, Any]:
    """Compare the reports in two folders; the result is JSON."""
    reports = [schema.complete(read_json(_report_path(folder))) for folder in (before, after)]
    claims = _claims(*reports)
    conditions = _conditions(reports[0], reports[1], _answers(before), _answers(after))
    return {
        "schema": 1,
        "before": _identity(before, reports[0]),
        "after": _identity(after, reports[1]),
        "inputs": _inputs(*reports),
        "claims": claims,
        "conditions": conditions,
        "verdicts_changed": sum(row["changed"] for row in claims),
    }


def _report_path(folder: Path) -> Path:
    """Accept a folder or the JSON file itself."""
    return folder if folder.suffix == ".json" else folder / REPORT


def _identity(folder: Path, report: Mapping[str, Any]) -> dict[str, Any]:
    return {"folder": str(folder), "started": report["started"], "command": report["command"]}


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What went into each run, with the environment; only what either of them states."""
    paths = [*_INPUTS, *((name, ("environment", name)) for name in {**before["environment"], **after["environment"]})]
    rows = []
    for label, path in paths:
        values = [_found(report, path) for report in (before, after)]
        if values != [None, None]:
            rows.append({"what": label, "before": values[0], "after": values[1], "changed": values[0] != values[1]})
    return rows


def _found(report: Any, path: Sequence[str]) -> Any:
    for name in path:
        report = report.get(name) if isinstance(report, Mapping) else None
    return report


def _claims(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every claim of either run with both verdicts."""
    tables = [{claim["id"]: claim for claim in report["claims"]} for report in (before, after)]
    rows = []
    for name in dict.fromkeys([*tables[0], *tables[1]]):
        sides = [table.get(name) for table in tables]
        claim: Mapping[str, Any] = next(side for side in reversed(sides) if side is not None)
        words = [sentences.verdict_word(side) if side else "absent" for side in sides]
        rows.append(
            {
                "id": name,
                "family": claim["family"],
                "statement": claim["statement"],
                "scale": claim.get("scale", ""),
                "before": words[0],
                "after": words[1],
                "changed": words[0] != words[1],
                "effects": [side.get("effect") if side else None for side in sides],
                "conditions": list(claim.get("conditions") or ()),
                "restated": None not in sides and _stated(sides[0]) != _stated(sides[1]),
            }
        )
    return rows


def _stated(claim: Mapping[str, Any] | None) -> list[Any]:
    """What a claim says; when this differs the two verdicts are about two claims."""
    names = ("statement", "kind", "direction", "outcome", "margin", "feature", "conditions", "alpha")
    return [(claim or {}).get(name) for name in names]


def _conditions(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    answers_before: Mapping[str, Mapping[str, bool]],
    answers_after: Mapping[str, Mapping[str, bool]],
) -> list[dict[str, Any]]:
    """Every condition of either run with both accuracies, paired on problem id where both hold the same problems."""
    tables = [{row["name"]: row for row in report["conditions"]} for report in (before, after)]
    rows = []
    for name in dict.fromkeys([*tables[0], *tables[1]]):
        sides = [table.get(name) for table in tables]
        shown = [{key: side.get(key) for key in ("n", "accuracy", "digest")} if side else None for side in sides]
        paired = _paired(answers_before.get(name) or {}, answers_after.get(name) or {})
        rows.append(
            {
                "name": name,
                "before": shown[0],
                "after": shown[1],
                "same_interventions": None not in sides and shown[0]["digest"] == shown[1]["digest"],  # type: ignore[index]
                "paired": paired,
            }
        )
    return rows


def _answers(folder: Path) -> dict[str, dict[str, bool]]:
    """Which problems each condition got right, by problem id; empty without the side table."""
    table = (folder.parent if folder.suffix == ".json" else folder) / PREDICTIONS
    answers: dict[str, dict[str, bool]] = {}
    for row in read_json(table) if table.is_file() else ():
        answers.setdefault(row["condition"], {})[row["problem_id"]] = row["outcome"] == "CORRECT"
    return answers


def _paired(before: Mapping[str, bool], after: Mapping[str, bool]) -> dict[str, Any] | None:
    """The paired difference of accuracy, None unless both hold the same problems."""
    if not before or before.keys() != after.keys():
        return None
    from ctlab.statistics import paired_difference

    pairs = [(before[name], after[name]) for name in before]
    effect = paired_difference(pairs.count((True, False)), pairs.count((False, True)), len(pairs), alpha=0.05)
    return {
        "broken": effect.lost,
        "fixed": effect.gained,
        "n": effect.n,
        "estimate": effect.estimate,
        "low": effect.low,
        "high": effect.high,
        "level": effect.level,
    }
