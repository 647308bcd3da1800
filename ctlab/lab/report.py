"""A run as JSON: what report.json holds, put together from the claims' rows and the runs; nothing here is generated."""

import platform
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from ctlab.claims import Family, Kind
from ctlab.claims.roles import explanation, roles_of
from ctlab.lab.by_model import alone, with_baseline
from ctlab.lab.chance_rates import kept_chance_rates
from ctlab.lab.claim_rows import with_holm
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.commits import head
from ctlab.lab.measurements import pass_line
from ctlab.lab.problem_flags import audit_line
from ctlab.lab.recorded_scores import recorded_scores, score_lines
from ctlab.lab.report_models import form_line, has_own, model_of
from ctlab.lab.reproduction import reproduction_line
from ctlab.lab.thought_counts import thoughts_line
from ctlab.outcomes import Run
from ctlab.problems.audit.finding import Finding
from ctlab.reporting import ProbedProblems
from ctlab.reporting.report_parts import Parts

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels
    from ctlab.records.measurement import Measurement
    from ctlab.reporting import AnswerTable

_LIBRARIES = ("pytest", "torch", "transformers", "statsmodels", "scipy", "numpy")
_PLACES = 20  # problems that a finding names in the report
Rows = list[dict[str, Any]]


def run_report(
    claims: ClaimRun, rows: Sequence[Mapping[str, Any]], parts: Parts | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the content of report.json, and what else `ctlab.reporting.write_report` takes by name.

    ``parts`` is told which tables could not be made; report.json is made without them.
    """
    parts = parts or Parts()
    lab = claims.lab
    reached = [row for row in rows if row["status"] in ("judged", "error")]
    names = _needed(reached, lab)
    runs = {name: lab.run(name) for name in lab.available(names)}
    conditions = [_condition(lab, name, runs.get(name)) for name in names]
    said = notes(lab, runs, claims.registered.families.values()) + score_lines(conditions)
    report = {
        "ctlab": _version("ctlab"),
        "selection": {"deselected": 0, "is_selection": any(_unselected(row) for row in rows)},
        "environment": environment(),
        "commit": head(claims.registered.file),
        "model": model_of(lab, names),
        "models": lab.cards(names),
        "problems": {
            "name": lab.problems.name,
            "digest": lab.problems_digest,
            "n": len(lab.problems),
            "limit": lab.settings.limit,
            "audit": [_found(finding) for finding in lab.problem_audit.findings] if lab.ids else [],
        },
        "decoding": {} if lab.settings.recorded else lab.decoding_asked.to_json(),
        "alpha": max((family.alpha for family in claims.registered.families.values()), default=0.05),
        "families": [
            {"name": family.name, "alpha": family.alpha, "claims": len(family.claims)}
            for family in claims.registered.families.values()
        ],
        "conditions": conditions,
        "claims": with_holm(rows, claims.registered.families.values()),
        "notes": said,
        "forms": lab.forms.to_json() if has_own(runs, lab) else None,
    }
    with parts.part("the paragraph about what thoughts do"):
        report["explanation"] = explanation(rows).to_json()
        report["roles"] = [role.to_json() for role in roles_of(rows)]
    beside: dict[str, Any] = _add_tables(report, lab, reached, runs, parts)
    seen = _add_measurements(report, lab, reached, runs, parts)
    with parts.part("all conditions' answers"):
        beside["answers"] = _all_answers(lab, reached, runs, parts)
    report["notes"] = [*said, *filter(None, [pass_line(seen)]), *parts.missing]
    return report, {**beside, "details": ProbedProblems(seen, runs), "parts": parts}


def notes(lab: "SeveralModels", runs: Mapping[str, Run], families: Collection[Family]) -> list[str]:
    """Return what a reader must know of the whole run, a sentence each."""
    card = {} if lab.settings.recorded else lab.engine.card()
    said = (form_line(lab, runs), thoughts_line(runs, card), audit_line(lab), lab.trust())
    lines = (reproduction_line(lab), study_line(families), *said)
    return [note for note in lines if note]


def study_line(families: Collection[Family]) -> str:
    """Say how often, at most, a study of several families calls any false claim SUPPORTED; empty for one family."""
    if len(families) < 2:
        return ""
    bound = min(1.0, sum(family.alpha for family in families))  # Boole's inequality
    return (
        f"{len(families)} families of claims, each at its own α: over the whole study the probability that any false "
        f"claim is called SUPPORTED is at most {bound:.2f} (ctlab_study_alpha divides one α among them)"
    )


def environment() -> dict[str, str]:
    """Versions of what can change a number."""
    found = {"python": platform.python_version(), "platform": platform.platform(terse=True)}
    return found | {name: number for name in _LIBRARIES if (number := _version(name))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _found(finding: Finding) -> dict[str, Any]:
    """A finding of the audit, with the first problems that it is true of; `ctlab problems` lists them all."""
    form = finding.to_json()
    places = [place for example in form.pop("examples") for place in example["places"]]
    return {**form, "problems": places[:_PLACES]}


def _unselected(row: Mapping[str, Any]) -> bool:
    return bool(row["status"] == "not_run" and row["reason"] == "not selected")


def _needed(rows: Sequence[Mapping[str, Any]], lab: "SeveralModels") -> list[str]:
    """Conditions of the claims that were reached, controls included; everything that was recorded."""
    recorded = lab.settings.recorded
    names = []
    for row in rows:
        names += row["conditions"]
        names += [control["control"][end] for control in row["controls"] for end in ("reference", "condition")]
    if rows and ("baseline" in recorded if recorded else "baseline" in with_baseline(names, lab.conditions)):
        names = ["baseline", *names]
    return [name for name in dict.fromkeys([*names, *recorded]) if name in lab.conditions]


def _condition(lab: "SeveralModels", name: str, run: Run | None) -> dict[str, Any]:
    from ctlab.reporting import hesitations

    condition = lab.conditions[name]
    certificate = lab.certificate(name)
    if certificate is not None:
        certificate = replace(certificate, checks=(*certificate.checks, *lab.probes.checks(name)))
    file = lab.settings.recorded.get(name)
    ambiguous, examples = (None, []) if run is None else hesitations(run)
    return {
        **condition.to_json(),
        "digest": alone(condition).digest if condition.model in lab.models else condition.digest,
        "answered_by": lab.answered_in_words(condition.model) if condition.model in lab.models else "",
        "certificate": None if certificate is None else certificate.to_json(),
        "recorded": None if file is None else str(file),
        "unknown": name in lab.unknown,
        "n": None if run is None else len(run.problems),
        "accuracy": None if run is None else run.accuracy(),
        "scores": recorded_scores(lab, name, run),
        "ambiguous": ambiguous,
        "hesitations": examples,
        "made": [{**made.to_json(), "answers": len(ids)} for made, ids in lab.origins(name).items()],
    }


def _add_tables(
    report: dict[str, Any],
    lab: "SeveralModels",
    rows: Sequence[Mapping[str, Any]],
    runs: Mapping[str, Run],
    parts: Parts,
) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Add the summaries of errors and of problems to the report; return their full tables."""
    from ctlab.reporting import commitment, error_taxonomy, problem_sensitivity

    tables: dict[str, Sequence[Mapping[str, Any]]] = {}
    about_errors = [
        row for row in rows if row["outcome"] != "CORRECT" or Kind(row["kind"]).rules.about_errors or lab.own.outcomes
    ]
    with parts.part("the table error_taxonomy"):
        if shown := _shown(about_errors, runs, lab.settings.recorded):
            chance = kept_chance_rates(lab, shown)
            own = _own_outcomes(lab, shown, parts)
            tables["predictions"], report["error_taxonomy"] = error_taxonomy(shown, chance=chance, own=own)
    with parts.part("the table problem_sensitivity"):
        about_features = [row for row in rows if Kind(row["kind"]).rules.about_problems]
        shown = _shown(about_features, runs)
        if "baseline" in shown and len(shown) > 1:
            features = _own_features(about_features, shown["baseline"], parts)
            tables["problems"], report["problem_sensitivity"] = problem_sensitivity(shown, own=features)
    with parts.part("the table commitment"):
        report["commitment"] = commitment(runs, report["model"].get("num_thoughts"))
    return tables


def _all_answers(
    lab: "SeveralModels", rows: Sequence[Mapping[str, Any]], runs: Mapping[str, Run], parts: Parts
) -> "AnswerTable | None":
    """Every condition's answers, with the features that ctlab, the suite and its claims know of the problems."""
    from ctlab.reporting import AnswerTable

    if not runs:
        return None
    ordered = {name: runs[name] for name in dict.fromkeys(["baseline", *runs]) if name in runs}
    first = next(iter(ordered.values()))
    asked = [*rows, *({"feature": name} for name in lab.own.features)]
    features = _own_features([row for row in asked if row["feature"]], first, parts)
    own = _own_outcomes(lab, ordered, parts)
    return AnswerTable(ordered, features=features, own=own, of=lab.values.of(ordered, features, own))


def _own_outcomes(
    lab: "SeveralModels", runs: Mapping[str, Run], parts: Parts
) -> dict[str, dict[str, tuple[bool, ...]]]:
    """Which answers have each outcome of the suite's own, by its name and by condition."""
    found = {}
    for name in lab.own.outcomes:
        with parts.part(f"the own outcome {name}"):
            found[name] = {condition: run.has(name) for condition, run in runs.items()}
    return found


def _own_features(rows: Sequence[Mapping[str, Any]], run: Run, parts: Parts) -> dict[str, list[Hashable]]:
    """Each problem's value of the features that claims name and ctlab does not measure, by name."""
    from ctlab.statistics.moderators.feature import MEASURED, feature_groups, feature_name

    found = {}
    names = [feature_name(feature) for row in rows for feature in (row["feature"], *row.get("adjust", ()))]
    for name in dict.fromkeys(name for name in names if name and name not in MEASURED):
        with parts.part(f"the feature {name}"):
            found[name] = feature_groups(run, name)
    return found


def _add_measurements(
    report: dict[str, Any],
    lab: "SeveralModels",
    rows: Sequence[Mapping[str, Any]],
    runs: Mapping[str, Run],
    parts: Parts,
) -> "dict[str, Measurement]":
    """Add where attention goes and where paths part, under the conditions of the claims that were judged on it."""
    from ctlab.measures import decoded_rates
    from ctlab.reporting import attention_flow, reasoning_paths

    found: dict[str, dict[str, Measurement]] = {}
    for need in ("A", "H"):
        wanted = [name for row in rows if row["needs"] == need for name in row["conditions"]]
        found[need] = lab.probes.available(list(dict.fromkeys(["baseline", *wanted]))) if wanted else {}
    with parts.part("the table attention_flow"):
        report["attention_flow"] = attention_flow(found["A"])
    told = list(found["H"])[:2]  # baseline, and the treated condition that the first of these claims compares with it
    problems = lab.problems.problems
    with parts.part("the table reasoning_paths"):
        report["reasoning_paths"] = reasoning_paths(
            found["H"],
            conditions=lab.conditions,
            correct={name: runs[name].correct() for name in found["H"] if name in runs},
            decoded={
                name: decoded_rates(each, problems)
                for name, each in found["H"].items()
                if name in told and lab.problems.kind == "number"
            },
        )
    return {**found["A"], **found["H"]}


def _shown(rows: Sequence[Mapping[str, Any]], runs: Mapping[str, Run], also: Iterable[str] = ()) -> dict[str, Run]:
    """Runs that some claims compare, baseline first."""
    names = [*(name for row in rows for name in row["conditions"]), *also]
    return {name: runs[name] for name in dict.fromkeys(["baseline", *names]) if names and name in runs}
