"""A made-up claim that was judged by a sweep of any axes: two cells differ, the last but one was picked."""

from math import prod
from typing import Any

from tests.reporting.fake_report import claim, paired_row

THOUGHTS = [f"CT{k}" for k in range(6)]


def sweep_details(cells: int | None = None, **axes: Any) -> dict[str, Any]:
    """What the statistic keeps of a sweep; ``cells`` where some places of the axes have none."""
    cells = cells or prod(len(values) for values in axes.values() if values and values[0] is not None)
    estimates = [0.001 * (number % 7 - 3) for number in range(cells)]
    marked = [False] * cells
    estimates[0], estimates[-2], marked[0], marked[-2] = -0.125, -0.06, True, True
    return {"grid": axes, "cell": cells - 2, "estimates": estimates, "marked": marked, "n": 1319, "alpha": 0.025}


def sweep_claim(id: str = "some-place-is-needed", **fields: Any) -> dict[str, Any]:
    """The claim's row; ``sweep`` is what it keeps of the sweep, thoughts × layers × heads where it is not given."""
    sweep = fields.pop("sweep", None) or sweep_details(positions=THOUGHTS, layers=[0, 1, 2], heads=[0, 1, 2, 3])
    details = {"picked": "CT5, layer 2, head 2", "where_picked": -0.08, "sweep": sweep}
    effect = paired_row(40, 5, 659, -0.07, -0.03, 1e-6, details=details, margin=0.02, boundary=-0.02)
    row = claim(id, "Hiding some thought in one head costs accuracy.", verdict="SUPPORTED", effect=effect)
    return row | {"kind": "most", "family": "sweeps", "margin": 0.02, "conditions": ["baseline"]} | fields
