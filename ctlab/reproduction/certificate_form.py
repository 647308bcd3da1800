"""A reproduction as JSON: what `--json` writes, and what is kept beside the answers."""

import math
from collections.abc import Mapping
from typing import Any

from ctlab.reproduction.accusation import Accusation, Tried
from ctlab.reproduction.against_published import Result
from ctlab.reproduction.case import Cause, Looked
from ctlab.reproduction.diagnosis import Diagnosis
from ctlab.reproduction.second_look import SecondLook

VERSION = 2
"""Version of the form."""


def certificate_form(result: Result) -> dict[str, Any]:
    """Write a result as JSON's own types."""
    low, high = result.interval
    return {
        "version": VERSION,
        "model": {"name": result.model, "digest": result.digest},
        "problems": result.problems,
        "decoding": result.how,
        "n": result.n,
        "right": result.right,
        "accuracy": result.accuracy,
        "interval": {"low": low, "high": high, "level": 0.95, "method": "Wilson score"},
        "reference": "expected answers" if result.expected else "published accuracy",
        "published": result.published,
        "source": result.source,
        "source_digest": result.source_digest,
        "verdict": str(result.verdict),
        "sentence": result.sentence,
        "certified": not result.uncertified,
        "ended": result.ended,
        "usual_form": {"form": result.form[0], "answers": result.form[1]},
        "diagnosis": None if result.diagnosis is None else _diagnosis(result.diagnosis),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "n": diagnosis.n,
        "seed": diagnosis.seed,
        "seconds": round(diagnosis.seconds, 1),
        "right": diagnosis.given.count,
        "log_probability": _finite(diagnosis.given.mean_log_probability),
        "accused": [_accusation(each) for each in diagnosis.accused],
        "causes": [_cause(diagnosis, cause, looked) for cause, looked in diagnosis.looked],
        "second_look": None if diagnosis.second is None else _second(diagnosis.second),
    }


def _second(again: SecondLook) -> dict[str, Any]:
    return {
        "n": again.n,
        "right": again.given.count,
        "log_probability": _finite(again.given.mean_log_probability),
        "candidates": [{"cause": each.cause.name, **_tried(each)} for each in again.tried],
    }


def _accusation(accusation: Accusation) -> Mapping[str, Any]:
    return {"cause": accusation.cause.name, "remedy": accusation.remedy, "seen": accusation.finding is not None}


def _cause(diagnosis: Diagnosis, cause: Cause, looked: Looked) -> dict[str, Any]:
    return {
        "cause": cause.name,
        "note": looked.note,
        "clue": looked.clue,
        "findings": [{"says": each.says, "remedy": each.remedy} for each in looked.findings],
        "variants": [_tried(each) for each in diagnosis.tried if each.cause.name == cause.name],
        **looked.details,
    }


def _finite(mean: float | None) -> float | None:
    """What overflows, or a right answer that the model's logits do not reach, has no log-probability to write down."""
    return mean if mean is not None and math.isfinite(mean) else None


def _tried(tried: Tried) -> dict[str, Any]:
    if tried.trial is None:
        return {"change": tried.variant.change, "not_tried": tried.why}
    return {
        "change": tried.variant.change,
        "right": tried.trial.count,
        "p": tried.p,
        "log_probability": _finite(tried.trial.mean_log_probability),
        "ended": tried.trial.ended,
        "remedy": tried.variant.remedy,
    }
