"""ctlab's own recorded answers: JSONL rows with ``problem_index`` or ``problem_id``, and ``output``."""

from ctlab.records.result_row import Results
from ctlab.results.formats.own_row import own_row
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat

_PROBLEM = {"problem_index", "problem_id", "problem_idx"}
_ANSWER = {"output", "pred_answer"}


class OutputRows(ResultFormat):
    """One answer a line; the study's field names are read, too."""

    def recognises(self, file: ResultFile) -> bool:
        """By what names the problem and what holds the answer, in the first row."""
        names = set(file.first) if file.is_lines else set()
        return bool(names & _PROBLEM and names & _ANSWER) or "pred_answer" in names

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every line."""
        rows = (
            own_row(row, name=f"line {number}", at=at, file=file.name) for at, (number, row) in enumerate(file.rows)
        )
        return Results(path=str(file.path), format=self.name, rows=tuple(rows), own_names=True)


OUTPUT_ROWS = OutputRows(
    name="ctlab",
    described='JSONL rows with "problem_index" or "problem_id", and "output"',
    keys=("problem_index", "problem_id", "output"),
)
