"""Columns of people's own tables by the names that they usually have, where no form of rows knows them."""

import re
from collections.abc import Iterable, Mapping

IDS = (
    *("id", "qid", "problem_id", "question_id", "sample_id", "example_id", "instance_id", "item_id", "doc_id"),
    *("uid", "uuid", "nr", "no"),
)
"""Names of a column that names each row; the first that a table has is its. A counter such as ``index`` is none: where
tables are joined it begins anew, and nobody goes by it."""
BESIDE_IDS = (
    *("instance", "subject", "category", "split", "source", "part", "version", "variant", "config", "task", "dataset"),
    *("seed", "repeat", "epoch", "subset", "language", "level"),
)
"""Columns that may tell apart what has one id: GSM-Symbolic has 50 instances of each."""
_USUAL: Mapping[str, tuple[str, ...]] = {
    "question": (
        "question",
        "questions",
        "question_text",
        "problem",
        "problem_text",
        "query",
        "input",
        "prompt",
        "task",
    ),
    "gold": (
        *("gold", "answer", "answers", "result", "results", "target", "label", "expected", "expected_answer"),
        *("correct_answer", "final_answer", "gold_answer", "reference", "reference_answer", "ground_truth", "value"),
    ),
    "solution": (
        *("solution", "worked_solution", "rationale", "explanation", "reasoning", "cot", "chain_of_thought", "steps"),
        *("working", "derivation"),
    ),
}


def plain(name: str) -> str:
    """Write a column's name in small letters with underscores for all else."""
    return re.sub(r"[^a-z0-9]++", "_", name.casefold()).strip("_")


def guessed_columns(columns: Iterable[str]) -> dict[str, str]:
    """Return the column of question, gold and worked solution, where one alone has a usual name for it.

    Empty where question or gold is not told: half a guess helps nobody.
    """
    names = list(columns)
    found: dict[str, str] = {}
    for ours, usual in _USUAL.items():
        fitting = [name for name in names if plain(name) in usual]
        if len(fitting) == 1:
            found[ours] = fitting[0]
    return found if {"question", "gold"} <= set(found) else {}


def as_typed(columns: Mapping[str, str]) -> str:
    """Write columns as they stand behind a file's name: ``FILE?question=Task&gold=Result``."""
    return "FILE?" + "&".join(f"{ours}={column}" for ours, column in columns.items())


def id_column(columns: Iterable[str]) -> str | None:
    """Return the column that names each row by its usual name; None where none does."""
    names = {plain(name): name for name in reversed(list(columns))}
    return next((names[name] for name in IDS if name in names), None)
