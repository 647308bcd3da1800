"""The form of report.json (schema 1, written down in docs/reports.md): what must be there, and what is filled in once.

``complete`` runs before the JSON is written, so that everything a reader sees is in the file and views only project it.
"""

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

from ctlab.errors import InputError
from ctlab.reporting.prose.reason_words import SMALLEST_GROUP

SCHEMA = 1
_NORMAL = NormalDist()
_REQUIRED: dict[str, type | tuple[type, ...]] = {
    "model": Mapping,
    "problems": Mapping,
    "alpha": (int, float),
    "conditions": Sequence,
    "claims": Sequence,
}
_REQUIRED_OF = {
    "claims": ("id", "family", "statement", "status"),
    "conditions": ("name", "interventions"),
}
_DEFAULTS: dict[str, Any] = {
    "ctlab": "",
    "started": "",
    "seconds": None,
    "command": "",
    "interrupted": False,
    "selection": {},
    "environment": {},
    "decoding": {},
    "outcomes": {},
    "families": [],
    "notes": [],
    "files": [],
}
_INNER_DEFAULTS: dict[str, dict[str, Any]] = {
    "model": {"id": "", "digest": "", "family": "", "num_thoughts": None, "settings": {}},
    "problems": {"name": "", "digest": "", "n": 0, "limit": None},
    "selection": {"deselected": 0, "is_selection": False},
}
STATUSES = ("judged", "not_run", "error", "skipped")
VERDICTS = ("SUPPORTED", "REFUTED", "INCONCLUSIVE", "VOID")


def check(report: Any) -> dict[str, Any]:
    """Return the report when it has the form of schema 1, or say what is wrong with it and where."""
    if not isinstance(report, Mapping):
        raise InputError(f"report.json must hold an object, got {type(report).__name__}; was it written by ctlab?")
    if report.get("schema", SCHEMA) != SCHEMA:
        raise InputError(
            f"report.json has schema {report['schema']!r} and this ctlab reads schema {SCHEMA}; "
            "render it with the version named under 'ctlab'."
        )
    for name, kind in _REQUIRED.items():
        if not isinstance(report.get(name), kind) or isinstance(report[name], str):
            raise InputError(f"report.json: {name!r} is missing or has the wrong form: {report.get(name)!r}.")
    for name, fields in _REQUIRED_OF.items():
        for index, row in enumerate(report[name]):
            missing = [field for field in fields if not isinstance(row, Mapping) or field not in row]
            if missing:
                raise InputError(f"report.json: {name}[{index}] has no {missing[0]!r}; every one needs it.")
    for row in report["claims"]:
        _check_claim(row)
    return dict(report)


def _check_claim(row: Mapping[str, Any]) -> None:
    if row["status"] not in STATUSES:
        raise InputError(f"Claim {row['id']!r}: status must be one of {', '.join(STATUSES)}, got {row['status']!r}.")
    if (row["status"] == "judged") != (row.get("verdict") is not None):
        raise InputError(
            f"Claim {row['id']!r}: a verdict belongs to status 'judged' and to no other, "
            f"got status {row['status']!r} with verdict {row.get('verdict')!r}."
        )
    if row.get("verdict") not in (None, *VERDICTS):
        raise InputError(f"Claim {row['id']!r}: verdict must be one of {', '.join(VERDICTS)}, got {row['verdict']!r}.")


def complete(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a checked report with every optional part in place and each effect's unadjusted 95 % interval."""
    full = {"schema": SCHEMA, **_DEFAULTS, **check(report)}
    full |= {name: {**defaults, **full[name]} for name, defaults in _INNER_DEFAULTS.items()}
    if not full["outcomes"] and (taxonomy := full.get("error_taxonomy")):
        full["outcomes"] = {name: row["outcomes"] for name, row in taxonomy["conditions"].items()}
    full["claims"] = [_with_power(_with_plain_interval(row)) for row in full["claims"]]
    return full


def _with_plain_interval(row: Mapping[str, Any]) -> dict[str, Any]:
    """Add ``interval_95``: given by the statistics, from a paired difference's counts, or a Wald interval."""
    effect = row.get("effect")
    if "interval_95" in row or not effect or effect.get("estimate") is None:
        return {"interval_95": None, **row}
    return {**row, "interval_95": _plain_interval(effect)}


def _plain_interval(effect: Mapping[str, Any]) -> list[float] | None:
    given = (effect.get("details") or {}).get("interval_95")
    if given:
        return list(given)
    unit, counts = effect.get("unit", "points"), [effect.get("lost"), effect.get("gained")]
    if unit == "points" and None not in counts:
        from ctlab.statistics import paired_difference

        plain = paired_difference(effect["lost"], effect["gained"], effect["n"], alpha=0.05)
        # Lost and gained may belong to another comparison than the estimate (two treated conditions, say).
        return [plain.low, plain.high] if abs(plain.estimate - effect["estimate"]) < 1e-9 else None
    if str(effect.get("method", "")).endswith("Wald interval") and not effect.get("undecided"):
        # A Wald interval is the estimate ± a multiple of its standard error, so that its level can be changed.
        narrower = _NORMAL.inv_cdf(0.975) / _NORMAL.inv_cdf((1.0 + effect["level"]) / 2.0)
        half = (effect["high"] - effect["low"]) / 2.0 * narrower
        return [effect["estimate"] - half, effect["estimate"] + half]
    return None


def _with_power(row: Mapping[str, Any]) -> dict[str, Any]:
    """Add ``power`` where a claim is INCONCLUSIVE although nothing but the size of the sample stands in the way."""
    effect = row.get("effect")
    if "power" in row or row.get("verdict") != "INCONCLUSIVE" or not effect or _nothing_to_reach(effect):
        return {"power": None, **row}
    from ctlab.claims.power import prospects
    from ctlab.records import Effect

    found = prospects(Effect.from_json(effect), float(row["alpha"]))
    power: dict[str, Any] = {
        "detectable": found.detectable,
        "provable": found.provable,
        "problems_needed": found.needed,
    }
    if found.against:
        power["against"] = True
    if "tests" in (effect.get("details") or {}):
        power["together"] = found.together
    return {**row, "power": power}


def _nothing_to_reach(effect: Mapping[str, Any]) -> bool:
    smallest: int = min([effect["n"], *(effect.get("groups") or {}).values()])
    return bool(effect.get("undecided")) or smallest < SMALLEST_GROUP
