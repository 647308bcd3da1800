"""iCoT's text files (Deng et al. 2023): ``question||<<3+4=7>> <<7*2=14>> #### 14``, one a line."""

from collections.abc import Iterator
from pathlib import Path

from ctlab.errors import ProblemSetError
from ctlab.inputs import read_text, shown
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.sources.source import Source, Table, file_begins, set_name

_BETWEEN = "||"
_GOLD_MARK = "####"


class IcotText(Source):
    """A file whose lines hold question, chain of thought and answer."""

    def recognises(self, name: str) -> bool:
        """By the first line."""
        path = Path(name).expanduser()
        first = file_begins(path, 1 << 16).partition(b"\n")[0] if path.is_file() else b""
        return _BETWEEN.encode() in first and _GOLD_MARK.encode() in first

    def table(self, name: str, split: str) -> Table:
        """Read every line as a row in GSM8K's form."""
        path = Path(name).expanduser()
        return Table(name=set_name(path), origin=path.name, rows=_rows(path))


ICOT_TEXT = IcotText(described="a text file of lines question||steps #### answer (iCoT)")


def _rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    for number, line in enumerate(read_text(path, error=ProblemSetError).split("\n"), start=1):
        if not line.strip():
            continue
        question, between, answer = line.strip().partition(_BETWEEN)
        if not between or _GOLD_MARK not in answer:
            yield number, BadRow(f"a line is question||steps #### answer, not {shown(line)}")
            continue
        yield number, {"question": question.strip(), "answer": answer.strip()}
