"""What a bare answer is: a number, true or false, or the words of an entity, told by its value."""

from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import WrittenNumber, shown
from ctlab.problems.rows.row_form import number_text
from ctlab.problems.text.numbers import parse_number

TRUTH = {"true": "true", "false": "false", "yes": "true", "no": "false"}
"""How sets write a truth value, and how it is kept."""
# The longest answer of ProsQA has 24 characters, of StrategyQA and ProntoQA 5: a text of many lines is a solution.
_LONGEST = 200


def answer_of(value: Any) -> tuple[str, str | int]:
    """Return answer kind and reference answer; ProblemSetError for what is neither."""
    if isinstance(value, bool):
        return "boolean", TRUTH[str(value).lower()]
    if isinstance(value, int):
        return "number", value
    if isinstance(value, float | WrittenNumber):
        return "number", number_text(value)
    if not isinstance(value, str) or not value.strip():
        raise ProblemSetError(f'an "answer" is a number, true or false, or a short text, not {shown(value)}')
    text = value.strip()
    if (truth := TRUTH.get(text.lower().rstrip("."))) is not None:
        return "boolean", truth
    if parse_number(number := number_text(text)) is not None:
        return "number", number
    if "####" in text or "<<" in text or "\n" in text or len(text) > _LONGEST:
        raise ProblemSetError('an "answer" that is a worked solution ends with #### and the gold answer')
    return "entity", text
