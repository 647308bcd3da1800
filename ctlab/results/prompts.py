"""The question inside of what a model was asked."""

import re
from collections.abc import Mapping
from typing import Any

from ctlab.results.row_values import text_of

_HEAD = re.compile(r"\s*+(?:question|problem|q)\s*+:\s*+", re.IGNORECASE)
_TAIL = re.compile(r"\n(?:let's think step by step\.?+\n)?+\s*+(?:answer|a)\s*+:\s*+\Z", re.IGNORECASE)
_TAIL_LENGTH = 60  # characters; what stands before it can be long and is not searched
_KEYS = ("question", "problem", "query", "input")


def question_in(prompt: str) -> str:
    """Take the labels ``Question:`` and ``Answer:`` off a prompt that asks one question."""
    head = _HEAD.match(prompt)
    bare = prompt[head.end() :] if head else prompt
    tail = _TAIL.search(bare, max(0, len(bare) - _TAIL_LENGTH))
    return (bare[: tail.start()] if tail else bare).strip()


def question_of(row: Mapping[str, Any]) -> str | None:
    """Find the question in a data set's row by the usual names; None where there is none."""
    if isinstance(row.get("Body"), str) and isinstance(row.get("Question"), str):  # SVAMP
        return f"{row['Body'].strip()} {row['Question'].strip()}"
    for key in _KEYS:
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, Mapping) and isinstance(value.get("stem"), str):  # CommonsenseQA, ARC
            return str(value["stem"])
    return None


def last_question(messages: Any) -> str | None:
    """Find what was asked last in a conversation: the last message of the user, as text."""
    if isinstance(messages, str):
        return messages
    if not isinstance(messages, list):
        return None
    asked = [each for each in messages if isinstance(each, Mapping) and text_of(each.get("role")).lower() in _USERS]
    return None if not asked else content_of(asked[-1].get("content", asked[-1].get("prompt")))


_USERS = ("user", "human")


def content_of(content: Any) -> str:
    """Write a message's content as text: its parts of text one after the other."""
    if isinstance(content, list):
        parts = [text_of(part.get("text")) if isinstance(part, Mapping) else text_of(part) for part in content]
        return "\n".join(filter(None, parts))
    return text_of(content)
