"""Strata: problems that agree in every feature a claim adjusts for."""

from collections.abc import Hashable, Mapping, Sequence

from ctlab.errors import StatisticsError

Strata = Mapping[str, Sequence[Hashable]]
"""Each problem's value of every feature that is held fixed, by the feature's name."""


def strata_rows(strata: Strata, n: int) -> dict[str, list[int]]:
    """Return the rows of each stratum by its name, such as `n_operations = 2`, in order of the values.

    Raises
    ------
    StatisticsError
        For no feature, and a feature without one value for each of the `n` problems.
    """
    if not strata:
        raise StatisticsError("Strata need a feature that is held fixed, got none; leave them out or name one.")
    for name, values in strata.items():
        if len(values) != n:
            raise StatisticsError(
                f"Strata need one value of {name} a problem, got {len(values)} for {n} problems; give both alike."
            )
    rows: dict[tuple[Hashable, ...], list[int]] = {}
    for row, values in enumerate(zip(*strata.values(), strict=True)):
        rows.setdefault(values, []).append(row)
    return {
        ", ".join(f"{name} = {_value(value)}" for name, value in zip(strata, values, strict=True)): rows[values]
        for values in sorted(rows, key=_order)
    }


def _order(values: Sequence[Hashable]) -> list[tuple[bool, float, str]]:
    """Order numbers by size before everything else by its text: problems without a value come last."""
    return [
        (False, float(value), "") if isinstance(value, int | float) else (True, 0.0, str(value)) for value in values
    ]


def _value(value: Hashable) -> str:
    """Write a value: whole numbers without a fraction, so that 2 and 2.0 are one stratum's name."""
    return f"{value:g}" if isinstance(value, float) else str(value)
