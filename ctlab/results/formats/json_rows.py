"""Tables in JSON: an array of objects, lines of objects, and a logged table of ``columns`` and ``data``."""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.records.result_row import Results
from ctlab.results.columns import Rows
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ALL_ROLES, ReadOptions, ResultFormat
from ctlab.results.table_rows import table_results


class JsonTable(ResultFormat):
    """An array of objects, one a row."""

    def recognises(self, file: ResultFile) -> bool:
        """By being an array whose first element is an object."""
        return isinstance(file.document, list) and bool(file.first)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every element."""
        rows: list[tuple[str, Mapping[str, Any]]] = []
        for at, row in enumerate(file.document, start=1):
            if not isinstance(row, dict):
                raise RecordedError(f"{file.name}, row {at}: a row is an object, not {shown(row)}")
            rows.append((f"row {at}", row))
        return table_results(file, rows, options, format=self.name)


class JsonLinesTable(ResultFormat):
    """One object a line, by whatever names."""

    def recognises(self, file: ResultFile) -> bool:
        """By being lines of objects."""
        return file.is_lines and bool(file.first)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every line."""
        rows: Rows = [(f"line {number}", row) for number, row in file.rows]
        return table_results(file, rows, options, format=self.name)


class LoggedTable(ResultFormat):
    """A table as Weights & Biases logs one, and pandas with ``orient="split"``."""

    def recognises(self, file: ResultFile) -> bool:
        """By its two keys."""
        form = file.document
        return isinstance(form, dict) and isinstance(form.get("columns"), list) and isinstance(form.get("data"), list)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every row of ``data``."""
        names = [str(name) for name in file.document["columns"]]
        rows: list[tuple[str, Mapping[str, Any]]] = []
        if len(set(names)) < len(names):
            raise RecordedError(f"{file.name}: a column name stands twice in its columns; rename one of them")
        for at, cells in enumerate(file.document["data"], start=1):
            if not isinstance(cells, list) or len(cells) != len(names):
                raise RecordedError(
                    f"{file.name}, row {at}: a row is a list of {len(names)} cells, one a column, not {shown(cells)}"
                )
            rows.append((f"row {at}", dict(zip(names, cells, strict=True))))
        return table_results(file, rows, options, format=self.name)


JSON_TABLE = JsonTable(name="json", described="a JSON array of objects", maps=ALL_ROLES)
JSONL_TABLE = JsonLinesTable(
    name="jsonl",
    described="JSONL rows with columns such as id, question, prediction, correct",
    keys=("id", "question", "prediction", "gold", "correct"),
    maps=ALL_ROLES,
)
LOGGED_TABLE = LoggedTable(
    name="wandb",
    described='a table of Weights & Biases, "columns" and "data"',
    keys=("columns", "data"),
    maps=ALL_ROLES,
)
