"""Rows of JSONL files as problems: ``question`` and ``answer`` (GSM8K's form), or ``question`` and ``gold``."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import Problem

_GOLD_MARK = "####"


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a JSONL file as (line number from 1, object); blank lines are passed over."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProblemSetError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProblemSetError(f"{path.name} is not UTF-8 text") from None
    # Not splitlines(): a JSON string may hold U+2028, which that would split at.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str)
        except (json.JSONDecodeError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise ProblemSetError(f"{path.name}, line {number}: not a JSON object ({reason})") from None
        if not isinstance(row, dict):
            raise ProblemSetError(f"{path.name}, line {number}: a row is a JSON object, not {type(row).__name__}")
        yield number, row


def problems_of_rows(rows: Iterable[tuple[int, Mapping[str, Any]]], name: str) -> list[Problem]:
    """Make problems of numbered rows; an error names the row's line."""
    problems = []
    for number, row in rows:
        try:
            problems.append(problem_of_row(row))
        except ProblemSetError as error:
            raise ProblemSetError(f"{name}, line {number}: {error}") from None
    return problems


def problem_of_row(row: Mapping[str, Any]) -> Problem:
    """Make one problem of a row in either form."""
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        raise ProblemSetError('a row needs a "question" that is a text')
    if "gold" in row:
        gold, solution = row["gold"], row.get("solution", row.get("answer", ""))
    elif isinstance(answer := row.get("answer"), str):
        solution, mark, gold = answer.rpartition(_GOLD_MARK)
        if not mark:
            raise ProblemSetError('an "answer" ends with #### and the gold answer; a bare number is called "gold"')
        solution, gold = answer, gold.strip()
    else:
        raise ProblemSetError('a row needs an "answer" (worked solution ending in ####) or a "gold" number')
    if isinstance(gold, bool) or not isinstance(gold, str | int):
        raise ProblemSetError(f'"gold" is a number or its text, not {gold!r}')
    if isinstance(gold, str):
        gold = gold.removesuffix(".0")  # a JSON float that is whole; its .0 is no written precision
    return Problem(question=question, solution=solution or "", gold=gold)
