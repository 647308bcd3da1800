"""Tables of pandas, for notebooks: the one place that imports it, and only when a table is asked for."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab.errors import InputError

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame


def frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> "DataFrame":
    """Return rows as a `pandas.DataFrame`; ``columns`` name those that are there although there is no row.

    Raises
    ------
    InputError
        Where pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError:
        raise InputError(
            "to_frame() needs pandas, which is not installed: pip install 'ctlab[notebook]', or pip install pandas"
        ) from None
    table: DataFrame = pandas.DataFrame.from_records(list(rows), columns=None if rows else list(columns))
    return table
