"""What a notebook names: a registered claim by its id, a condition by its name or as data."""

from collections.abc import Mapping
from typing import Any

from ctlab.claims import Claim
from ctlab.errors import ClaimError, ConditionError
from ctlab.inputs import shown
from ctlab.lab.notebook_run import NotebookRun, read_conditions
from ctlab.records.own_functions import nearest


def named_claim(given: Any, known: Mapping[str, Claim]) -> Claim:
    """Return a claim, or the registered one of an id; ClaimError for anything else."""
    if isinstance(given, Claim):
        return given
    if not isinstance(given, str):
        raise ClaimError(f"a claim is a ctlab.claims.Claim or the id of a registered one, not {shown(given)}")
    if given not in known:
        there = nearest(given, known) if known else "; name their module: Lab(…, registry='hypotheses.registry')"
        raise ClaimError(f"there is no registered claim {given!r}{there}")
    return known[given]


def condition_name(given: Any, run: NotebookRun) -> str:
    """Return the name of a condition, after making known what was handed over as data."""
    maker = run.lab
    if isinstance(given, str):
        if given not in maker.conditions:
            hint = nearest(given, maker.conditions) or "; lab.conditions are known, others are handed over as data"
            raise ConditionError(f"there is no condition {given!r}{hint}")
        return given
    conditions = () if isinstance(given, list | tuple) else read_conditions(given, {})
    if len(conditions) != 1:
        raise ConditionError(f"{shown(given)} is not one condition; hand over a name, a ctlab.Condition or its form")
    condition = maker.resolve(conditions[0])
    run.declare(condition)
    return condition.name
