"""A made-up report with numbers for every section and every picture."""

from functools import cache
from typing import Any

from ctlab.reporting import attention_flow, reasoning_paths
from ctlab.reporting.model import ProblemRow, read
from ctlab.reporting.model.record import Many
from tests.reporting.fake_cells import needed_claim
from tests.reporting.fake_measurements import CONDITIONS, fake_measurements
from tests.reporting.fake_report import fake_problems, fake_report

MEASURED = 12
"""Problems that were measured: enough for groups of broken and unbroken ones of which one is small."""


@cache
def report() -> dict[str, Any]:
    """JSON form; parts that lie in files of their own are in it."""
    form = fake_report(conditions=3)
    form["claims"] = [*form["claims"], needed_claim()]
    shift = {"lost": 3, "gained": 1, "estimate": -0.1, "low": -0.2, "high": 0.0, "level": 0.95}
    own = {"CONTAINS_UNIT": {"count": 30, "rate": 0.3}, "IS_LONG": {"count": 0, "rate": 0.0}}
    tables = {
        name: {"outcomes": table, "own": own, "shifts": {"NONE": shift, "IS_LONG": shift}}
        for name, table in form["outcomes"].items()
    }
    form["error_taxonomy"] = {"schema": 1, "conditions": tables}
    measured = fake_measurements(tuple(f"p{number}" for number in range(MEASURED)))
    right = {name: [number % 7 != 0 for number in range(MEASURED)] for name in measured}
    decoded = {"baseline": [{"thought": "CT0", "hits": 3, "n": MEASURED, "shuffled": 0.1}]}
    form["commitment"] = fake_commitment()
    form["attention_flow"] = attention_flow(measured)
    form["reasoning_paths"] = reasoning_paths(measured, conditions=CONDITIONS, correct=right, decoded=decoded)
    return form


def fake_commitment() -> dict[str, Any]:
    """Answers after 0 to 3 thoughts, of problems of one and of two operations."""
    counts = {None: (200, (20, 60, 120, 140), (30, 90, 160, 200)), 1: (100, (10, 50, 70, 75), (20, 80, 95, 100))}
    counts[2] = (100, (10, 10, 50, 65), (10, 10, 65, 100))
    strata = [
        {
            "value": value,
            "n": n,
            "points": [
                {"fed": fed, "right": right, "same": same}
                for fed, (right, same) in enumerate(zip(rights, sames, strict=True))
            ],
        }
        for value, (n, rights, sames) in counts.items()
    ]
    return {"feature": "n_operations", "strata": strata}


@cache
def problems() -> tuple[ProblemRow, ...]:
    """Some rows of the full table of problems."""
    return read(Many[ProblemRow], fake_problems(report())[:50], "problems")
