"""ctlab's own recorded answers: JSONL rows with ``problem_index`` or ``problem_id``, and ``output``."""

import re
from collections.abc import Iterator
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import read_text
from ctlab.outcomes.recorded.recorded_format import RecordedFormat, RecordedRow, read_row
from ctlab.problems.sources.jsonl import read_jsonl

_FIRST_ROW = re.compile(r'\s*+\{[^\n]*?"(?:output|pred_answer)"\s*+:')


class OutputRows(RecordedFormat):
    """One answer a line; the study's field names are read, too."""

    def recognises(self, file: Path) -> bool:
        """By its suffix, or by a first line that holds an answer."""
        if file.suffix == ".jsonl":
            return True
        # By its look alone: what is wrong with a row is said when it is read.
        return bool(_FIRST_ROW.match(read_text(file, error=RecordedError)))

    def rows(self, file: Path) -> Iterator[RecordedRow]:
        """Read every line."""
        for at, (number, fields) in enumerate(read_jsonl(file, RecordedError)):
            yield read_row(fields, name=f"line {number}", at=at, file=file)


OUTPUT_ROWS = OutputRows(described='JSONL rows with "problem_index" or "problem_id", and "output"')
