"""CODI's official evaluation prints each question with its answer: the log of ``test.py``."""

import re

from ctlab.errors import RecordedError
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat

_BEGINS = re.compile(r"Question (\d{1,9}) Starts\.\.\.\n")
_ENDS = re.compile(r"\nQuestion (\d{1,9}) Ends\nPrediction=([^;\n]{0,400}); Groundtruth=([^\n]{0,400})")
_ANSWER = re.compile(r"^The answer is", re.MULTILINE)


class CodiLog(ResultFormat):
    """Its own score is whether the two numbers that it prints are equal."""

    def recognises(self, file: ResultFile) -> bool:
        """By the lines around a question."""
        return not file.is_document and bool(_BEGINS.search(file.text)) and "\nPrediction=" in file.text

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every question; a log that stops within one is refused."""
        rows = []
        for begins in _BEGINS.finditer(file.text):
            name = f"question {begins[1]}"
            ends = _ENDS.search(file.text, begins.end() - 1)
            if ends is None or ends[1] != begins[1]:
                raise RecordedError(f"{file.name}, {name}: the log stops within this question; run it again to its end")
            rows.append(_row(file.text[begins.end() : ends.start()], name, begins[1], ends))
        return Results(path=str(file.path), format=self.name, rows=tuple(rows))


CODI_LOG = CodiLog(name="codi-log", described="what CODI's test.py prints")


def _row(text: str, name: str, index: str, ends: re.Match[str]) -> ResultRow:
    said = [*_ANSWER.finditer(text)]
    at = said[-1].start() if said else text.find("\n") + 1 or len(text)
    return ResultRow(
        name=name,
        problem=index,
        answer=text[at:].strip(),
        score=float(_same(ends[2], ends[3])),
        gold=ends[3].strip().removesuffix(".0"),
        question=text[:at].removeprefix("Q:").strip(),
    )


def _same(prediction: str, gold: str) -> bool:
    """As the official code compares: as floats."""
    try:
        return float(prediction) == float(gold)
    except ValueError:
        return prediction.strip() == gold.strip()
