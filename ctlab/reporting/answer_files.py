"""answers.json and answers.parquet: all problems × all conditions, written a few hundred problems at a time."""

from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

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
_AT_ONCE = 500
"""Problems of a row group: 20,000 rows with 40 conditions, some megabytes in memory whatever the size of the run."""


def write_answers(directory: Path, table: AnswerTable, earlier: Sequence[Path] = ()) -> list[Path]:
    """Write both files, each whole or not at all, or take over an ``earlier`` folder's; `OSError` comes as it is."""
    of = table.of and f"{table.of} {source_digest(__name__)} pyarrow {version('pyarrow')}"
    return [
        made(path, of, earlier, partial(write, path, table))
        for path, write in ((directory / ANSWERS, _write_json), (directory / ANSWER_ROWS, _write_rows))
    ]


def _write_json(path: Path, table: AnswerTable) -> Path:
    """Write one problem a line, so that two runs can be compared line by line."""
    head = {"schema": 1, "conditions": list(table.conditions), "n": len(table)}
    with replacing(path) as file:
        file.write(encoded(head)[:-1] + b', "problems": [')
        for number, problem in enumerate(table.problems()):
            file.write((b",\n" if number else b"\n") + encoded(problem.to_json()))
        file.write(b"\n]}\n")
    return path


def _write_rows(path: Path, table: AnswerTable) -> Path:
    """Write one row a problem and condition, of a problem all conditions after one another."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, problems = _schema(table), table.problems()
    texts = [f"feature_{name}" for name in table.features() if schema.field(f"feature_{name}").type == pa.string()]
    with replacing(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(problems, _AT_ONCE)):
            rows = [row for problem in some for row in _rows(problem, table.conditions)]
            for row in rows:
                row |= {name: _text(row.get(name)) for name in texts}
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    return path


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
