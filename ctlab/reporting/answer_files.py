"""answers.json and answers.parquet: all problems × all conditions, written a few hundred problems at a time."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ctlab.files import replacing
from ctlab.reporting.made_of import made
from ctlab.reporting.model.problem_answers import AnsweredProblem, Value, change
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.report_files import encoded
from ctlab.reporting.summaries.all_answers import AnswerTable
from ctlab.source_digest import source_digest

if TYPE_CHECKING:
    import pyarrow as pa

ANSWERS = "answers.json"
ANSWER_ROWS = "answers.parquet"
MOST_ON_A_PAGE = 2**26
"""Most bytes of answers.json that a page is made of: some 20,000 problems under 40 conditions, a browser's limit."""
_AT_ONCE = 500
"""Problems of a row group: 20,000 rows with 40 conditions, some megabytes in memory whatever the size of the run."""


def write_answers(directory: Path, table: AnswerTable, earlier: Sequence[Path] = ()) -> list[Path]:
    """Write both files, each whole or not at all, or take over an ``earlier`` folder's; `OSError` comes as it is."""
    whole, rows = directory / ANSWERS, directory / ANSWER_ROWS
    of = table.of and f"{table.of} {source_digest(__name__)} pyarrow {version('pyarrow')}"

    def make() -> None:
        with replacing(whole) as text, replacing(rows) as columns:
            # Together: to put a problem's answers side by side takes longer than to write them.
            _write(text, columns, table)

    return made([whole, rows], of, earlier, make)


def fits_a_page(directory: Path) -> bool:
    """Whether answers.json is small enough to be read back and shown on a page."""
    file = directory / ANSWERS
    return file.is_file() and file.stat().st_size <= MOST_ON_A_PAGE


def _write(text: IO[bytes], columns: IO[bytes], table: AnswerTable) -> None:
    """Write one problem a line, so that two runs can be compared line by line; and one row a problem and condition."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    head = {"schema": 1, "conditions": list(table.conditions), "n": len(table)}
    text.write(encoded(head)[:-1] + b', "problems": [')
    schema, problems, before = _schema(table), table.problems(), b"\n"
    words = [f"feature_{name}" for name in table.features() if schema.field(f"feature_{name}").type == pa.string()]
    with pq.ParquetWriter(columns, schema, compression="zstd") as writer:
        while some := list(islice(problems, _AT_ONCE)):
            for problem in some:
                text.write(before + encoded(problem.to_json()))
                before = b",\n"
            # Of a problem all conditions after one another.
            rows = [row for problem in some for row in _rows(problem, table.conditions)]
            for row in rows:
                row |= {name: _text(row.get(name)) for name in words}
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    text.write(b"\n]}\n")


def _schema(table: AnswerTable) -> "pa.Schema":
    """Columns by name; features and outcomes of the suite's own behind a prefix, as their names are free."""
    import pyarrow as pa

    text = pa.string()
    explanation = pa.struct([("outcome", text), ("detail", text)])
    return pa.schema(
        [
            *((name, text) for name in ("problem_id", "question", "solution", "gold", "condition", "text", "answer")),
            ("outcome", text),
            ("change", text),
            ("explanations", pa.list_(explanation)),
            *((f"own_{name}", pa.bool_()) for name in table.own),
            *((f"feature_{name}", _type(values)) for name, values in table.features().items()),
        ]
    )


def _type(values: Sequence[Value]) -> "pa.DataType":
    """Return the narrowest type that holds all values of a feature; text where they are of several kinds."""
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.bool_()
    if kinds <= {int} and all(abs(value) < 2**63 for value in values if isinstance(value, int)):
        return pa.int64()
    return pa.float64() if kinds <= {int, float} else pa.string()


def _rows(problem: AnsweredProblem, conditions: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield what one problem was answered, a row a condition that asked it."""
    before = problem.under(conditions.index(BASELINE)) if BASELINE in conditions else None
    shared: dict[str, object] = {
        name: _text(getattr(problem, name)) for name in ("problem_id", "question", "solution", "gold")
    }
    shared |= {f"feature_{name}": value for name, value in problem.features.items()}
    for place, condition in enumerate(conditions):
        if (answer := problem.under(place)) is None:
            continue
        ways = answer.explanations
        yield {
            **shared,
            "condition": _text(condition),
            "text": _text(answer.text),
            "answer": _text(answer.prediction),
            "outcome": answer.outcome,
            "change": None if condition == BASELINE else change(before, answer),
            "explanations": ways and [{"outcome": way.outcome, "detail": _text(way.detail)} for way in ways],
            **{f"own_{name}": has for name, has in answer.own.items()},
        }


def _text(value: object) -> str | None:
    """Return a text that UTF-8 can hold: half a surrogate pair, which a model can write, becomes a question mark."""
    return None if value is None else str(value).encode("utf-8", "replace").decode()
