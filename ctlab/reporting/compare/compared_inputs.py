"""What went into two runs: model, problems, decoding, versions, and what each condition does."""

import json

from pydantic import JsonValue

from ctlab.reporting.model.compared_runs import ComparedInput
from ctlab.reporting.model.record import Form
from ctlab.reporting.model.run_report import Report


def compared_inputs(before: Report, after: Report) -> list[ComparedInput]:
    """What went into each run, with the environment; only what either of them states."""
    return [
        *_compared(_stated(before), _stated(after)),
        *_compared(_made(before), _made(after)),
        *_compared(before.environment, after.environment),
        *_other_interventions(before, after),
    ]


def _compared(earlier: Form, later: Form) -> list[ComparedInput]:
    rows = []
    for what in {**earlier, **later}:
        sides = earlier.get(what), later.get(what)
        if sides != (None, None):
            rows.append(ComparedInput(what=what, before=sides[0], after=sides[1], changed=sides[0] != sides[1]))
    return rows


def _stated(report: Report) -> Form:
    """Everything but the environment that can change an answer, in words."""
    return {
        "model": report.model.id,
        "model digest": report.model.digest,
        "problem set": report.problems.name,
        "problem set digest": report.problems.digest,
        "problems": report.problems.n,
        "limit": report.problems.limit,
        "padding": report.decoding.padding,
        "dtype": report.decoding.dtype,
        "most new tokens": report.decoding.max_new_tokens,
        "family α": report.alpha,
        "ctlab": report.ctlab,
        "commit": report.commit or None,
    }


def _made(report: Report) -> Form:
    """With which versions and where answers were made, which a warm store keeps from an earlier run."""
    words = dict.fromkeys(made.words for row in report.conditions for made in row.made)
    return {"answers made with": "; ".join(words) or None}


def _other_interventions(before: Report, after: Report) -> list[ComparedInput]:
    """Conditions of one name that do two things, a row for each value that differs: a seed, a factor, a position."""
    rows = []
    for later in after.conditions:
        earlier = before.condition(later.name)
        if earlier is None or earlier.digest == later.digest:
            continue
        sides = [row.to_json().get("interventions") for row in (earlier, later)]
        found = list(_leaves(sides[0], sides[1], ""))
        # Digests can differ where interventions do not: both are then said as they are.
        for path, one, other in found or [(" digest", earlier.digest, later.digest)]:
            rows.append(ComparedInput(what=f"condition {later.name}{path}", before=one, after=other, changed=True))
    return rows


def _leaves(one: JsonValue, other: JsonValue, path: str) -> list[tuple[str, JsonValue, JsonValue]]:
    """Where two values of JSON differ: as deep as they have the same shape."""
    if one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        names = {**one, **other}
        return [leaf for name in names for leaf in _leaves(one.get(name), other.get(name), f"{path} {name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        numbered = len(one) > 1
        pairs = enumerate(zip(one, other, strict=True), start=1)
        return [leaf for number, pair in pairs for leaf in _leaves(*pair, f"{path} {number}" if numbered else path)]
    return [(path, _short(one), _short(other))]


def _short(value: JsonValue) -> JsonValue:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
