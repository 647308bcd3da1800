"""Where paths part, as JSON: how far the hidden states of a condition are from baseline's, position by position.

Everything here describes; what is claimed about it is judged by the claims of its family.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import PairingError
from ctlab.interventions import Condition, Intervention
from ctlab.reporting.model.path_table import Breaking, CascadeRow, GridMeans, PathCondition, PointMean, ReasoningPaths
from ctlab.reporting.model.record import BASELINE, Form
from ctlab.reporting.summaries.cells import LEVEL, as_lists, cells

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

SAME = 1e-4
"""Relative distance up to which two hidden states count as the same; 32-bit sums in another order leave less."""
EMBEDDING = "input"
"""Name of level 0: what is fed at a position, for a thought the projection of the state before it."""
_FEWEST = 10  # problems that a group needs before its mean and interval say anything


def reasoning_paths(
    measurements: "Mapping[str, Measurement]",
    *,
    conditions: Mapping[str, Condition] | None = None,
    correct: Mapping[str, Sequence[bool]] | None = None,
    decoded: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
) -> Form:
    """Return the content of reasoning_paths.json; empty where no condition was compared with baseline.

    ``conditions`` tells which conditions hide one thought from one reader only, ``correct`` (problem order) which
    answers are right, ``decoded`` for each condition how often each thought decodes to an intermediate result:
    ``{"thought", "hits", "n", "shuffled"}``, the last a rate.
    """
    paired = {name: measured for name, measured in measurements.items() if measured.distance is not None}
    if not paired:
        return {}
    first, right = next(iter(paired.values())), correct or {}
    paths = {
        "schema": 1,
        "level": LEVEL,
        "same": SAME,
        "positions": first.positions,
        "levels": [EMBEDDING, *(f"layer {number}" for number in range(1, first.layers + 1))],
        "conditions": {
            name: _condition(measurement, right.get(BASELINE), right.get(name)) for name, measurement in paired.items()
        },
        "cascade": _cascade(paired, conditions or {}),
        "decoded": {name: list(rows) for name, rows in (decoded or {}).items()},
    }
    return ReasoningPaths.model_validate(paths).to_json()


def _condition(
    measurement: "Measurement", right_before: Sequence[bool] | None, right_after: Sequence[bool] | None
) -> PathCondition:
    """One condition's path beside baseline's."""
    distance, cosine = _present(measurement)
    mean = distance.mean(axis=0)
    parts = [
        (place, level) for place in range(mean.shape[0]) for level in range(mean.shape[1]) if mean[place, level] > SAME
    ]
    return PathCondition.model_validate(
        {
            "n": len(measurement.problem_ids),
            "cosine": GridMeans.model_validate(cells(cosine)),
            "distance": GridMeans.model_validate(cells(distance)),
            "largest": as_lists(distance.max(axis=0)),
            "parts_at": parts[0] if parts else None,
            "breaking": _breaking(distance[:, :, -1], right_before, right_after, measurement.condition),
        }
    )


def _present(measurement: "Measurement") -> "tuple[np.ndarray, np.ndarray]":
    """Distance and cosine of a treated measurement in full precision."""
    if measurement.distance is None or measurement.cosine is None:
        raise PairingError(f"{measurement.condition} was not compared with {BASELINE}; measure the two together.")
    return measurement.distance.astype(float), measurement.cosine.astype(float)


def _breaking(
    last: "np.ndarray", before: Sequence[bool] | None, after: Sequence[bool] | None, name: str
) -> Breaking | None:
    """Distance after the last layer of broken and of unbroken problems, among those that baseline answers correctly."""
    import numpy as np

    if before is None or after is None:
        return None
    if not len(before) == len(after) == len(last):
        raise PairingError(
            f"{name} has {len(after)} answers and {len(last)} measured paths, {BASELINE} {len(before)} answers; "
            "take them from the same problems."
        )
    was, is_ = np.asarray(before, dtype=bool), np.asarray(after, dtype=bool)
    groups = {"broken": last[was & ~is_], "unbroken": last[was & is_]}
    return Breaking.model_validate(
        {group: {"n": len(rows), **(cells(rows) if len(rows) >= _FEWEST else {})} for group, rows in groups.items()}
    )


def _cascade(paired: "Mapping[str, Measurement]", conditions: Mapping[str, Condition]) -> list[CascadeRow]:
    """For each thought hidden from one reader only: its direct effect there, beside that of hiding it from all."""
    rows = []
    for direct, measurement in paired.items():
        alone = _single(conditions.get(direct))
        if alone is None:
            continue
        key, reader = alone
        whole = next((name for name in paired if _hides_from_later(conditions.get(name), key)), None)
        if whole is None or reader not in measurement.positions:
            continue
        place = measurement.positions.index(reader)
        only, every = (_present(paired[name])[0][:, place, -1] for name in (direct, whole))
        rows.append(
            CascadeRow(
                thought=key,
                position=reader,
                direct=direct,
                whole=whole,
                n=len(measurement.problem_ids),
                direct_distance=_mean(only),
                whole_distance=_mean(every),
                beyond=_mean(every - only),
            )
        )
    return sorted(rows, key=lambda row: (row.thought, row.whole, _order(row.position)))


def _mean(values: "np.ndarray") -> PointMean:
    return PointMean.model_validate(cells(values))


def _order(position: str) -> tuple[int, str]:
    return (len(position), position) if position.startswith("CT") else (99, position)


def _only(condition: Condition | None) -> Intervention | None:
    """The one thing that a condition does, where it removes edges for good and in all layers and heads."""
    if condition is None or len(condition.interventions) != 1 or condition.num_thoughts is not None:
        return None
    only = condition.interventions[0]
    if not isinstance(only, Intervention):
        return None
    return only if only.keep == 0 and only.everywhere else None


def _single(condition: Condition | None) -> tuple[str, str] | None:
    """The one key and the one reader of a condition that has just these."""
    only = _only(condition)
    if only is None or len(only.keys) != 1 or isinstance(only.keys, str) or isinstance(only.readers, str):
        return None
    return (only.keys[0], only.readers[0]) if len(only.readers) == 1 else None


def _hides_from_later(condition: Condition | None, key: str) -> bool:
    only = _only(condition)
    return only is not None and tuple(only.keys) == (key,) and only.readers in ("later", "thoughts")
