"""Rows of result files for tests."""

from collections.abc import Iterable, Mapping
from typing import Any

from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results


def results(rows: Iterable[Mapping[str, Any]], *, positional: bool = False, path: str = "file.jsonl") -> Results:
    """Results of rows that say what matters to a test."""
    made = []
    for place, row in enumerate(rows):
        values = {"problem": str(place), "answer": "", **row}
        values["fields"] = Fields(values.get("fields"))
        made.append(ResultRow(name=f"line {place + 1}", **values))
    return Results(path=path, format="test", rows=tuple(made), positional=positional)


def scored(values: Iterable[float], **options: Any) -> Results:
    """Results of scores alone."""
    return results([{"score": float(value)} for value in values], **options)
