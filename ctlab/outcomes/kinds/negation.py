"""Whether what a text names is rejected there: "not (A) but (B)", "(A) is wrong"."""

import re

# Words that may stand between a negation and what it rejects: "not in a desk", and not "not a desk so river".
_BEFORE = re.compile(
    r"(?:\b(?:not|never|neither|nor|cannot|except|rather\s++than|instead\s++of)\b|n't\b"
    r"|\b(?:all|anything|anyone|everything|everyone|(?:any|every)(?:\s++\w++)?)\s++"
    r"(?:but|except(?:\s++for)?|besides|other\s++than|apart\s++from)\b)"
    r"(?:\s++(?:a|an|the|be|is|it|at|by|for|from|in|of|on|to|with|answer|choice|letter|option|likely|necessarily|really)\b)"
    r"{0,4}[\s(\[\"']*+\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s)\].,\"']*+(?:is|was|are|were)(?:\s++not\b|n't\b|\s++(?:wrong|incorrect|false)\b)"
    r"|[\s)\]\"']*+,?\s*+but\s++(?:no|not|(?:it|that)(?:'s|\s++is)\s++(?:not|wrong)|(?:it|that)\s++isn't)\s*+(?:[.!\n]|\Z)",
    re.IGNORECASE,
)
_BACK = 60  # as far as four of these words and their blanks reach


def rejected(text: str, first: int, start: int, end: int) -> bool:
    """Whether the words from start to end are rejected, by what stands beside them, not before ``first``."""
    return bool(_BEFORE.search(text[max(first, start - _BACK) : start]) or _AFTER.match(text, end))
