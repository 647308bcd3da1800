"""Which column of a table is what: chosen by its user, or guessed from its name where only one guess is possible."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.results.result_format import ROLES
from ctlab.results.row_values import score_of, text_of

Rows = Sequence[tuple[str, Mapping[str, Any]]]
"""Rows of a table, each with what an error calls it."""

NAMES: Mapping[str, Sequence[str]] = {
    "id": [
        *("id", "qid", "problem_id", "question_id", "sample_id", "example_id", "instance_id", "item_id", "doc_id"),
        *("task_id", "uid", "uuid", "index", "idx", "problem_index", "problem_idx", "question_index", "sample_idx"),
        *("sample_index", "example_index", "row_index", "unnamed_0", "nr"),
    ],
    "question": ["question", "question_text", "problem", "problem_text", "query", "input", "prompt"],
    "answer": [
        *("output", "outputs", "model_output", "model_outputs", "llm_output", "output_text", "pred", "preds"),
        *("prediction", "predictions", "predicted", "predicted_answer", "pred_answer", "model_prediction"),
        *("model_answer", "model_response", "generated_text", "generated_answer", "generated", "generation"),
        *("completion", "response", "resp"),
    ],
    "gold": [
        *("gold", "golds", "gold_answer", "target", "label", "reference", "references", "reference_answer"),
        *("ground_truth", "groundtruth", "gt", "expected", "expected_answer", "expected_output", "correct_answer"),
        *("true_answer", "answer_key", "answerkey"),
    ],
    "score": [
        *("correct", "is_correct", "iscorrect", "is_right", "passed", "score", "acc", "accuracy", "exact_match", "em"),
    ],
    "repeat": ["epoch", "repeat", "repetition", "seed", "trial"],
    "error": ["error", "failure", "exception"],
}
"""Names that a column of each role has, as `_plain` writes them; those of a question in the order of preference."""
EITHER = "answer"
"""The model's or the reference: what else is there decides."""
_SHOWN = 30  # columns in a sentence


def find_columns(rows: Rows, chosen: Mapping[str, str], file: str, *, answers_wanted: bool = False) -> dict[str, str]:
    """Return the column of each role that has one; RecordedError where one is missing or several are possible."""
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    for role, column in chosen.items():
        if column and column not in names:
            raise RecordedError(f"{file}: {role}={column} is none of its columns; they are {_listed(names)}")
    found = {role: column for role, column in chosen.items() if column}
    free = [name for name in names if name not in found.values()]
    for role in ROLES:
        if role not in chosen and (guess := _guess(role, free, rows, file)) is not None:
            found[role] = guess
    _settle_either(found, {"gold": "", **chosen} if answers_wanted else chosen, free, file)
    if "answer" not in found and "score" not in found:
        raise RecordedError(
            f"{file}: no column is known to hold the answers; its columns are {_listed(names)}; choose one with "
            f"FILE?answer=COLUMN"
        )
    return found


def _guess(role: str, free: Sequence[str], rows: Rows, file: str) -> str | None:
    candidates = sorted((name for name in free if _plain(name) in NAMES[role]), key=lambda name: _rank(role, name))
    if role == "score":
        candidates = [name for name in candidates if _all_scores(name, rows)]
    if len(candidates) <= 1 or role == "question":
        return candidates[0] if candidates else None
    first, *others = candidates
    if all(_same(role, first, other, rows) for other in others):
        return first
    raise RecordedError(
        f"{file}: the columns {_listed(candidates)} may each be the {role}, and they differ; choose one with "
        f"FILE?{role}=COLUMN (an empty name: none)"
    )


def _settle_either(found: dict[str, str], chosen: Mapping[str, str], free: Sequence[str], file: str) -> None:
    """A column ``answer`` is the model's beside a reference, the reference beside a model's, and else nobody's."""
    either = next((name for name in free if _plain(name) == EITHER), None)
    if either is None:
        return
    if "answer" in found and "gold" not in found and "gold" not in chosen:
        found["gold"] = either
    elif "answer" not in found and "answer" not in chosen:
        if not found.keys() & {"gold", "score"} and chosen.get("gold") != "":
            raise RecordedError(
                f"{file}: the column {shown(either)} may be the model's answer or the reference; say which with "
                f"FILE?answer={either} or FILE?gold={either}"
            )
        found["answer"] = either


def _same(role: str, first: str, other: str, rows: Rows) -> bool:
    """Whether two columns say the same: equal values, and for ids the same problems told apart."""
    pairs = {(text_of(row.get(first)), text_of(row.get(other))) for _, row in rows}
    if role == "score":
        return all(score_of(one, "") == score_of(two, "") for one, two in pairs)
    if role == "id":
        return len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs})
    return all(one == two for one, two in pairs)


def _all_scores(name: str, rows: Rows) -> bool:
    try:
        return any([score_of(row.get(name), "") is not None for _, row in rows])
    except RecordedError:
        return False


def _rank(role: str, name: str) -> int:
    return NAMES[role].index(_plain(name))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]++", "_", name.casefold()).strip("_")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(shown, names[:_SHOWN])) + more
