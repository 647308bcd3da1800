"""Where an interval lies: where the claim holds, where it is false, or across; and which groups decide nothing."""

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect

SMALLEST_GROUP = 50
"""Problems below which nothing is decided, in the whole sample and in every subgroup that is compared.

The smallest sample for which docs/calibration.md shows how often a verdict errs: of fewer nobody has counted it.
"""
WHOLE_SAMPLE = "the whole sample"


def holds_throughout(effect: Effect) -> bool:
    """Return whether the interval lies wholly where the claim holds; for a change, where there is one."""
    low, high, edge = effect.low, effect.high, effect.boundary
    match effect.alternative:
        case "equivalence":
            return -edge < low and high < edge
        case "greater":
            return low > edge
        case "less":
            return high < edge
        case "two-sided":
            return not low <= edge <= high
        case other:
            raise StatisticsError(f"No claim is decided by an effect with the alternative {other!r}.")


def fails_throughout(effect: Effect, interval: tuple[float, float]) -> bool:
    """Return whether an interval of the effect lies wholly where the claim is false; a change is false nowhere."""
    low, high = interval
    match effect.alternative:
        case "equivalence":
            return low > effect.boundary or high < -effect.boundary
        case "greater":
            return high < effect.boundary
        case "less":
            return low > effect.boundary
        case "two-sided":
            return False
        case other:
            raise StatisticsError(f"No claim is decided by an effect with the alternative {other!r}.")


def small_groups(effect: Effect) -> dict[str, int]:
    """Return the sample and the compared subgroups that have too few problems, by name, with their sizes."""
    sizes = {WHOLE_SAMPLE: effect.n, **effect.groups}
    return {name: size for name, size in sizes.items() if size < SMALLEST_GROUP}


def untested_cells(effect: Effect) -> int:
    """Count the cells that have problems and too few to be tested: what holds of some cell may hold of one of these."""
    return sum(row["n"] > 0 and row["p_value"] is None for row in effect.details.get("cells", ()))
