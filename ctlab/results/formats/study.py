"""The original study's JSON: one object whose ``results_detail`` holds a row a problem."""

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.records.result_row import Results
from ctlab.results.formats.own_row import own_row
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat
from ctlab.results.row_values import place_of, text_of


class Study(ResultFormat):
    """A run of the original study, or one that `ctlab.outcomes.write_study` wrote."""

    def recognises(self, file: ResultFile) -> bool:
        """By ``results_detail``."""
        return isinstance(file.document, dict) and "results_detail" in file.document

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every row, all of them being there."""
        details = file.document["results_detail"]
        if not isinstance(details, list):
            raise RecordedError(f'{file.name}: "results_detail" is a list of rows, not {shown(details)}')
        stated = file.document.get("n_problems", len(details))
        if place_of(stated) is None:
            raise RecordedError(f'{file.name}: "n_problems" is a whole number, not {shown(stated)}')
        if place_of(stated) != len(details):
            raise RecordedError(
                f"{file.name} says n_problems {shown(stated)} but holds {len(details)} rows: the raw answers are "
                f"needed in full"
            )
        rows = []
        for at, fields in enumerate(details):
            if not isinstance(fields, dict):
                raise RecordedError(f"{file.name}, row {at + 1}: a row is an object, not {shown(fields)}")
            rows.append(own_row(fields, name=f"row {at + 1}", at=at, file=file.name))
        model = text_of(file.document.get("model"))
        return Results(path=str(file.path), format=self.name, rows=tuple(rows), model=model, own_names=True)


STUDY = Study(
    name="study",
    described='a JSON object with "results_detail", as the original study writes it',
    keys=("results_detail", "n_problems", "n_correct", "accuracy"),
)
