"""Where attention goes, as JSON: who reads what under each condition, against baseline and against what must follow.

A condition that removes a key takes that key's share of attention away, and the softmax hands it to what is left: every
other cell rises whether or not the model does anything. ``minus_expected`` takes that out: it is the treated mass minus
what baseline's weights would be, had they only been renormalised without the removed edges.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctlab.errors import PairingError
from ctlab.reporting.model.flow_table import ANSWER, AttentionFlow, CellState, FlowCondition, MeanTable, ReaderTables
from ctlab.reporting.model.record import BASELINE, Form
from ctlab.reporting.summaries.cells import LEVEL, cells

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

ALL_LAYERS = "all layers"
"""Name of the table that holds the mean over layers."""
MOST_TOKENS = 12
"""Answer tokens that get a row of their own; those behind them count in the mean only."""

_READ = 1e-4
"""Mass under baseline from which a cell that is exactly 0 under a condition counts as removed: below it nothing was
there to remove."""


def attention_flow(measurements: "Mapping[str, Measurement]") -> Form:
    """Return the content of attention_flow.json; empty where nothing was measured."""
    if not measurements:
        return {}
    baseline = measurements.get(BASELINE)
    first = baseline or next(iter(measurements.values()))
    fixed = first.thoughts + 1
    tokens = min(MOST_TOKENS, max(len(measurement.readers) for measurement in measurements.values()) - fixed)
    tables = {name: _answers_joined(measurement.mass, fixed, tokens) for name, measurement in measurements.items()}
    conditions = {}
    for name, measurement in measurements.items():
        if baseline is not None and measurement.problem_ids != baseline.problem_ids:
            raise PairingError(
                f"{name} and {BASELINE} were not measured on the same problems in the same order; "
                "measure them together."
            )
        before = tables[BASELINE] if baseline is not None and name != BASELINE else None
        expected = None if measurement.expected is None else _answers_joined(measurement.expected, fixed, tokens)
        conditions[name] = FlowCondition(
            n=len(measurement.problem_ids),
            cells=_kinds(tables[name], before),
            layers=_by_layer(tables[name], before, expected),
        )
    return AttentionFlow(
        schema_=1,
        level=LEVEL,
        readers=(*first.readers[:fixed], *(f"{ANSWER} {number}" for number in range(1, tokens + 1)), ANSWER),
        segments=tuple(first.segments),
        layers=(ALL_LAYERS, *(f"layer {number}" for number in range(1, first.layers + 1))),
        conditions=conditions,
    ).to_json()


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


def _by_layer(
    mass: "np.ndarray", before: "np.ndarray | None", expected: "np.ndarray | None"
) -> dict[str, ReaderTables]:
    """Tables of means, over layers and for each: the mass, and what it differs by."""
    differences = {"mass": mass}
    if before is not None:
        differences["minus_baseline"] = mass - before
    if expected is not None:
        differences["minus_expected"] = mass - expected
    pooled = {name: _table(values.mean(axis=2)) for name, values in differences.items()}
    tables = {ALL_LAYERS: ReaderTables.model_validate(pooled)}
    for layer in range(mass.shape[2]):
        single = {name: _table(values[:, :, layer]) for name, values in differences.items()}
        tables[f"layer {layer + 1}"] = ReaderTables.model_validate(single)
    return tables


def _table(values: "np.ndarray") -> MeanTable:
    """One table of cells, from shape (n, readers, segments); a reader's cells all have the same n."""
    import numpy as np

    known = (~np.isnan(values[:, :, 0])).sum(axis=0)
    return MeanTable.model_validate({**cells(values), "n": known.tolist()})


def _kinds(mass: "np.ndarray", before: "np.ndarray | None") -> tuple[tuple[CellState, ...], ...]:
    """Say what each cell is: ``described``, ``removed`` (0 by construction) or ``absent`` (nothing there to read)."""
    now = _largest(mass)
    then = now if before is None else _largest(before)
    return tuple(
        tuple(_kind(here, usual) for here, usual in zip(row, usual_row, strict=True))
        for row, usual_row in zip(now.tolist(), then.tolist(), strict=True)
    )


def _kind(here: float, usual: float) -> CellState:
    if here > 0.0:
        return "described"
    return "removed" if usual > _READ else "absent"


def _largest(mass: "np.ndarray") -> "np.ndarray":
    """Largest mass of a cell over problems and layers; 0 where no problem has the cell."""
    import numpy as np

    largest: np.ndarray = np.where(np.isnan(mass), 0.0, mass).max(axis=(0, 2))
    return largest
