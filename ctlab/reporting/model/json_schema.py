"""The JSON Schema of a report's files, generated from the records: docs/report.schema.json is this and nothing else."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise

from pydantic import JsonValue
from pydantic.json_schema import models_json_schema

from ctlab.reporting.model.case_table import CaseStudies
from ctlab.reporting.model.compared_runs import Comparison
from ctlab.reporting.model.effects import KnownDetails
from ctlab.reporting.model.history_row import HistoryRun
from ctlab.reporting.model.outcome_table import Prediction
from ctlab.reporting.model.problem_answers import AllAnswers
from ctlab.reporting.model.record import Form, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: Mapping[str, type[Record]] = {
    "report.json": Report,
    "case_studies.json": CaseStudies,
    "answers.json": AllAnswers,
    "error_taxonomy_full.json, a row": Prediction,
    "problem_sensitivity_full.json, a row": ProblemRow,
    "comparison.json": Comparison,
    "history.jsonl, a line": HistoryRun,
}
"""Files whose form is published, with the record that each holds; the summaries are parts of the report."""


def json_schema() -> Form:
    """Return the schema: that of report.json at its top, every other record under ``$defs``."""
    records: list[type[Record]] = [*FILES.values(), KnownDetails]
    _, schema = models_json_schema([(record, "validation") for record in records], ref_template="#/$defs/{model}")
    definitions = schema["$defs"]
    for record in _records(Record):
        if record.__name__ in definitions:
            _describe(definitions[record.__name__], record)
    files = ", ".join(f"{name}: $defs/{record.__name__}" for name, record in FILES.items())
    return {
        "$schema": DIALECT,
        "title": "Report of ctlab, schema 1",
        "description": f"Generated from ctlab.reporting.model. {files}.",
        "$ref": f"#/$defs/{Report.__name__}",
        "$defs": definitions,
    }


def _records(base: type[Record]) -> Iterator[type[Record]]:
    for record in base.__subclasses__():
        yield record
        yield from _records(record)


def _describe(definition: dict[str, JsonValue], record: type[Record]) -> None:
    """Put each field's docstring beside its type, in place of the title that repeats its name."""
    properties = definition.get("properties")
    if not isinstance(properties, dict):
        return
    words = {name: text for parent in reversed(record.__mro__) for name, text in _docstrings(parent).items()}
    for name, field in record.model_fields.items():
        described = properties[str(field.validation_alias or name)]
        if isinstance(described, dict):
            described.pop("title", None)
            described["description"] = words[name]


def _docstrings(record: type) -> dict[str, str]:
    """Docstrings under the fields of a class, read off its source: pydantic would do it at every import."""
    if not issubclass(record, Record) or record is Record:
        return {}
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(record))).body
    words = {}
    for field, text in pairwise(body.body if isinstance(body, ast.ClassDef) else []):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(docstring))):
                words[name] = inspect.cleandoc(docstring)
    return words
