"""ctlab's own recorded answers: JSONL rows with ``problem_index`` or ``problem_id``, and ``output``."""

from collections.abc import Iterator
from pathlib import Path

from ctlab.errors import ProblemSetError, RecordedError
from ctlab.outcomes.recorded.recorded_format import RecordedFormat, RecordedRow, read_row
from ctlab.problems.sources.jsonl import read_jsonl


class OutputRows(RecordedFormat):
    """One answer a line; the study's field names are read, too."""

    def recognises(self, file: Path) -> bool:
        """By its suffix, or by a first line that holds an answer."""
        if file.suffix == ".jsonl":
            return True
        try:
            _, first = next(read_jsonl(file), (0, {}))
        except ProblemSetError:
            return False
        return "output" in first or "pred_answer" in first

    def rows(self, file: Path) -> Iterator[RecordedRow]:
        """Read every line."""
        try:
            for at, (number, fields) in enumerate(read_jsonl(file)):
                yield read_row(fields, name=f"line {number}", at=at, file=file)
        except ProblemSetError as error:
            raise RecordedError(str(error)) from None


OUTPUT_ROWS = OutputRows(described='JSONL rows with "problem_index" or "problem_id", and "output"')
