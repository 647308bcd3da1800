"""Where attention goes, as JSON: who reads what under each condition, against baseline and against what must follow.

A condition that removes a key takes that key's share of attention away, and the softmax hands it to what is left: every
other cell rises whether or not the model does anything. ``minus_expected`` takes that out: it is the treated mass minus
what baseline's weights would be, had they only been renormalised without the removed edges.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import PairingError
from ctlab.reporting.summaries.cells import LEVEL, cells

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

BASELINE = "baseline"
ALL_LAYERS = "all layers"
"""Name of the table that holds the mean over layers."""
ANSWER = "answer"
"""Reader that is the mean of all answer tokens that a problem reached."""
MOST_TOKENS = 12
"""Answer tokens that get a row of their own; those behind them count in the mean only."""

_SEEN = 1e-4
"""Mass under baseline from which a cell that is exactly 0 under a condition counts as removed."""


def attention_flow(measurements: "Mapping[str, Measurement]") -> dict[str, Any]:
    """Return the content of attention_flow.json; empty where nothing was measured."""
    if not measurements:
        return {}
    baseline = measurements.get(BASELINE)
    first = baseline or next(iter(measurements.values()))
    fixed = first.thoughts + 1
    tokens = min(MOST_TOKENS, max(len(each.readers) for each in measurements.values()) - fixed)
    tables = {name: _answers_joined(each.mass, fixed, tokens) for name, each in measurements.items()}
    conditions = {}
    for name, each in measurements.items():
        if baseline is not None and each.problem_ids != baseline.problem_ids:
            raise PairingError(
                f"{name} and {BASELINE} were not measured on the same problems in the same order; "
                "measure them together."
            )
        before = tables[BASELINE] if baseline is not None and name != BASELINE else None
        expected = None if each.expected is None else _answers_joined(each.expected, fixed, tokens)
        conditions[name] = {
            "n": len(each.problem_ids),
            "cells": _kinds(tables[name], before),
            "layers": _by_layer(tables[name], before, expected),
        }
    return {
        "schema": 1,
        "level": LEVEL,
        "readers": [*first.readers[:fixed], *(f"{ANSWER} {number}" for number in range(1, tokens + 1)), ANSWER],
        "segments": list(first.segments),
        "layers": [ALL_LAYERS, *(f"layer {number}" for number in range(1, first.layers + 1))],
        "conditions": conditions,
    }


def _answers_joined(mass: "np.ndarray", fixed: int, tokens: int) -> "np.ndarray":
    """Thoughts and ``end``, then ``tokens`` answer tokens (NaN where there are fewer), then the mean of all answers."""
    import numpy as np

    answers = mass[:, fixed:]
    here = ~np.isnan(answers)
    count = here.sum(axis=1)
    total = np.where(here, answers, 0.0).sum(axis=1)
    mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    single = np.full((len(mass), tokens, *mass.shape[2:]), np.nan)
    single[:, : answers.shape[1]] = answers[:, :tokens]
    return np.concatenate([mass[:, :fixed], single, mean[:, None]], axis=1)


def _by_layer(mass: "np.ndarray", before: "np.ndarray | None", expected: "np.ndarray | None") -> dict[str, Any]:
    """Tables of means, over layers and for each: the mass, and what it differs by."""
    differences = {"mass": mass}
    if before is not None:
        differences["minus_baseline"] = mass - before
    if expected is not None:
        differences["minus_expected"] = mass - expected
    found: dict[str, Any] = {
        ALL_LAYERS: {name: _table(values.mean(axis=2)) for name, values in differences.items()},
    }
    for layer in range(mass.shape[2]):
        found[f"layer {layer + 1}"] = {name: _table(values[:, :, layer]) for name, values in differences.items()}
    return found


def _table(values: "np.ndarray") -> dict[str, Any]:
    """One table of cells; a reader's cells all have the same n."""
    table = cells(values)
    return {**table, "n": [row[0] for row in table["n"]]}


def _kinds(mass: "np.ndarray", before: "np.ndarray | None") -> list[list[str]]:
    """Say what each cell is: ``described``, ``removed`` (0 by construction) or ``absent`` (nothing there to read)."""
    now = _largest(mass)
    then = now if before is None else _largest(before)
    return [
        [
            "described" if here > 0.0 else "removed" if usual > _SEEN else "absent"
            for here, usual in zip(row, usual_row, strict=True)
        ]
        for row, usual_row in zip(now.tolist(), then.tolist(), strict=True)
    ]


def _largest(mass: "np.ndarray") -> "np.ndarray":
    """Largest mass of a cell over problems and layers; 0 where no problem has the cell."""
    import numpy as np

    largest: np.ndarray = np.where(np.isnan(mass), 0.0, mass).max(axis=(0, 2))
    return largest


def shown_readers(flow: Mapping[str, Any]) -> list[int]:
    """Rows that pictures and pages show: thoughts, ``end``, and all answer tokens as one."""
    return [place for place, name in enumerate(flow["readers"]) if not name.startswith(f"{ANSWER} ")]


def treated(names: Iterable[str]) -> list[str]:
    """Conditions other than baseline."""
    return [name for name in names if name != BASELINE]
