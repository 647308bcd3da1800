"""One sample of Inspect's log as a row."""

from collections.abc import Mapping
from typing import Any

from ctlab.errors import RecordedError
from ctlab.records.fields import Fields
from ctlab.records.result_row import ResultRow
from ctlab.results.prompts import content_of, last_question
from ctlab.results.row_values import golds_of, score_of, text_of

_LETTERS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Inspect's CORRECT, INCORRECT, PARTIAL and NOANSWER, with the numbers that its ``value_to_float`` gives them."""
_ATTACHED = "attachment://"


def sample_row(sample: Mapping[str, Any], scorer: str, name: str, file: str) -> ResultRow:
    """Read a sample with the score of one scorer; without a scorer, or where it is no number, there is none."""
    attachments = _group(sample.get("attachments"))
    asked = last_question(sample.get("input"))
    output, error = _group(sample.get("output")), _group(sample.get("error"))
    epoch = sample.get("epoch", 1)
    if sample.get("id") is None or not isinstance(epoch, int) or epoch < 1:
        raise RecordedError(f'{file}, {name}: a sample has an "id" and an "epoch" from 1')
    answer = _whole(_said(output), attachments)
    return ResultRow(
        name=name,
        problem=text_of(sample["id"]),
        answer=answer,
        score=_score(_group(_group(sample.get("scores")).get(scorer)).get("value"), f"{file}, {name}"),
        gold=golds_of(sample.get("target")),
        question=None if asked is None else _whole(asked, attachments),
        repeat=epoch - 1,
        fields=Fields(
            {
                **_group(sample.get("metadata")),
                **{key: sample[key] for key in ("choices",) if sample.get(key)},
            }
        ),
        failure=_failure(error, output) if not answer.strip() or error else "",
    )


def _failure(error: Mapping[str, Any], output: Mapping[str, Any]) -> str:
    return text_of(error.get("message")) or text_of(output.get("error")) or ("it failed" if error else "")


def _said(output: Mapping[str, Any]) -> str:
    """The model's text; logs of before 0.3.100 repeat it nowhere but in the first choice."""
    if output.get("completion"):
        return text_of(output["completion"])
    choices = output.get("choices")
    first = _group(choices[0]) if isinstance(choices, list) and choices else {}
    return content_of(_group(first.get("message")).get("content"))


def _whole(text: str, attachments: Mapping[str, Any]) -> str:
    """Follow the reference that stands for a long text."""
    if not text.startswith(_ATTACHED):
        return text
    return text_of(attachments.get(text.removeprefix(_ATTACHED), text))


def _score(value: Any, where: str) -> float | None:
    if isinstance(value, str) and value in _LETTERS:
        return _LETTERS[value]
    if isinstance(value, list | dict):  # a scorer of several values: which of them counts is not known
        return None
    return score_of(value, where)


def _group(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
