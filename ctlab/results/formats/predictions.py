"""Per-sample files of studies: ``predictions`` with a row a sample, and lists of right and wrong alone."""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.filtered import take_filter
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ALL_ROLES, ReadOptions, ResultFormat
from ctlab.results.row_values import score_of, text_of
from ctlab.results.table_rows import table_results


class Predictions(ResultFormat):
    """One object whose ``predictions`` holds a row a sample."""

    def recognises(self, file: ResultFile) -> bool:
        """By ``predictions`` being a list of objects."""
        rows = file.document.get("predictions") if isinstance(file.document, dict) else None
        return isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every row, all of them being there."""
        details = file.document["predictions"]
        if (stated := file.document.get("n_samples", len(details))) != len(details):
            raise RecordedError(
                f"{file.name} says n_samples {shown(stated)} but holds {len(details)} predictions: it was cut off"
            )
        rows: list[tuple[str, Mapping[str, Any]]] = []
        for at, row in enumerate(details, start=1):
            if not isinstance(row, dict):
                raise RecordedError(f"{file.name}, row {at}: a row is an object, not {shown(row)}")
            rows.append((f"row {at}", row))
        return table_results(file, rows, options, format=self.name, model=text_of(file.document.get("model")))


class Correctness(ResultFormat):
    """One object of lists, each right and wrong on one set or of one model; ``filter`` says which."""

    def recognises(self, file: ResultFile) -> bool:
        """By holding nothing but lists of right and wrong."""
        lists = file.document.values() if isinstance(file.document, dict) else ()
        return bool(lists) and all(isinstance(each, list) and _is_flags(each) for each in lists)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read one list; which must be said where there are several, because each is another set or model."""
        lists = file.document
        if options.filter is None and len(lists) > 1:
            raise RecordedError(
                f"{file.name} holds {len(lists)} lists of right and wrong; choose one with ?filter=: {', '.join(lists)}"
            )
        taken, notes = take_filter([(name, each) for name, each in lists.items()], options.filter, file.name)
        return Results(
            path=str(file.path),
            format=self.name,
            rows=tuple(
                ResultRow(name=f"row {at + 1}", problem=str(at), answer="", score=score_of(value, ""))
                for at, value in enumerate(taken[0])
            ),
            positional=True,
            scores_only=True,
            notes=(*notes, "it holds scores and no answers"),
        )


PREDICTIONS = Predictions(
    name="predictions",
    described='a JSON object with "predictions", a row a sample',
    keys=("model", "test_set", "n_samples", "predictions"),
    maps=ALL_ROLES,
)
CORRECTNESS = Correctness(name="correctness", described="a JSON object of lists of right and wrong", filters=True)


def _is_flags(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, bool | int) and value in (0, 1) for value in values)
