"""every_eval_ever, ``<uuid>_samples.jsonl``: one row a problem and evaluation, which for lm-eval is a filter."""

from collections.abc import Mapping
from typing import Any

from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow, Results
from ctlab.results.filtered import take_filter
from ctlab.results.prompts import content_of, question_in
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat
from ctlab.results.row_values import failure_of, golds_of, score_of, text_of

_NEEDED = {"evaluation_name", "sample_id", "evaluation"}


class EveryEvalEver(ResultFormat):
    """What it converts from lm-eval keeps of each answer only what the filter found in it."""

    def recognises(self, file: ResultFile) -> bool:
        """By the keys of its first row."""
        return file.is_lines and set(file.first) >= _NEEDED

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read the rows of one evaluation; ``filter`` is its name, or the last part of it."""
        rows = [(text_of(row.get("evaluation_name")), (number, row)) for number, row in file.rows]
        names = {name for name, _ in rows}
        asked = options.filter
        if asked is not None and asked not in names:
            asked = next((name for name in names if name.rpartition("/")[2] == asked), asked)
        taken, notes = take_filter(rows, asked, file.name)
        if any(_group(row, "metadata").get("filter") for _, row in taken):
            notes += ("converted from lm-eval: the answer is what the filter found, and not the whole text",)
        return Results(
            path=str(file.path),
            format=self.name,
            rows=tuple(_row(row, f"line {number}", file.name) for number, row in taken),
            model=text_of(file.first.get("model_id")),
            notes=notes,
        )


EVERY_EVAL_EVER = EveryEvalEver(
    name="every-eval-ever",
    described="*_samples.jsonl of every_eval_ever",
    keys=("schema_version", "evaluation_name", "sample_id", "input", "output", "evaluation"),
    filters=True,
)


def _row(row: Mapping[str, Any], name: str, file: str) -> ResultRow:
    asked, said, judged = _group(row, "input"), _group(row, "output"), _group(row, "evaluation")
    prompt = asked.get("raw")
    score = judged.get("is_correct")
    answer = text_of(said.get("raw")) if said else _last_said(row.get("messages"))
    return ResultRow(
        name=name,
        problem=text_of(row.get("sample_id")),
        answer=answer,
        score=score_of(judged.get("score") if score is None else score, f"{file}, {name}"),
        gold=golds_of(asked.get("reference")),
        question=question_in(prompt) if isinstance(prompt, str) else None,
        fields=Fields({"evaluation_name": row.get("evaluation_name"), **_group(row, "metadata")}),
        failure=failure_of(row.get("error")),
    )


def _last_said(messages: Any) -> str:
    """The model's last message, where a conversation was recorded and no output."""
    if not isinstance(messages, list):
        return ""
    said = [each for each in messages if isinstance(each, Mapping) and each.get("role") == "assistant"]
    return content_of(said[-1].get("content")) if said else ""


def _group(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    return value if isinstance(value, dict) else {}
