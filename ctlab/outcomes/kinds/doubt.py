"""Negations, doubts and hesitation before an answer: "I don't think it is true", "maybe Paris"."""

import re
from collections.abc import Mapping

# What hesitates before an answer: "I am not sure, maybe Paris", "No one knows, but Paris".
_MAYBE = r"(?:maybe|perhaps|possibly|probably|presumably)\b[\s,:]*+"
_UNSURE = (
    r"(?:(?:(?:i'?m|i\s++am|we\s++are|it\s++is|it's)\s++)?(?:not\s++(?:\w++\s++)?(?:sure|certain|clear|known)|unsure"
    r"|uncertain|unclear)|i\s++(?:do\s++not|don't|cannot|can't)\s++(?:really\s++)?(?:know|remember|say|tell|be\s++sure)"
    r"|(?:no\s++one|nobody|who)\s++knows|hard\s++to\s++(?:say|tell))\b"
)
_YET = rf"(?:\s*+[,;:.—–…-]++\s*+(?:but\b\s*+)?|\s++but\b\s*+|\s++(?={_MAYBE}))(?:{_MAYBE})?"
_HESITATION = re.compile(rf"\s*+(?:{_UNSURE}[^,;:.\n—–]{{0,40}}?{_YET}|{_MAYBE})(?=[^\W_])", re.IGNORECASE)
# What denies the name behind it: "anything but Paris", "I doubt it is Paris".
_DENIED = re.compile(
    r"\b(?:(?:anything|anyone|anywhere|everything|everyone|all)\s++(?:but|except(?:\s++for)?|other\s++than)"
    r"|i\s++(?:really\s++)?(?:doubt|disagree|deny)"
    r"|i\s++(?:do\s++not|don't|would\s++not|wouldn't)\s++(?:think|believe|say|agree))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:!?\n()]")
_NEGATIONS = frozenset(
    re.split(
        r"\s++",
        """not never neither nor hardly rarely barely scarcely nobody none cannot doubt doubtful dubious unlikely
        improbable impossible implausible disagree disagrees deny denies dispute reject disbelieve unconvinced""",
    )
)
_WRONG = frozenset(("wrong", "false", "incorrect", "untrue", "mistake", "inaccurate"))
"""Words that negate what follows "that" or "to" behind them: "wrong to say yes"."""
# "all but true" rejects, "all true" does not; "far from true", "hard to believe".
_WITH: Mapping[str, frozenset[str]] = {
    "far": frozenset(("from",)),
    "anything": frozenset(("but",)),
    "everything": frozenset(("but",)),
    "all": frozenset(("but",)),
    "no": frozenset(("way", "chance", "reason", "one")),
    "hard": frozenset(("to",)),
    "difficult": frozenset(("to",)),
    **dict.fromkeys(_WRONG, frozenset(("that", "to"))),
}
_BETWEEN = frozenset(
    re.split(
        r"\s++",
        """a an the be been being is are was were it's that's it this that he she they we i you one case
        way chance reason thinks believes convinced persuaded
        statement claim at all say saying says answer actually always completely definitely entirely
        exactly fully logically quite really very think believe agree claim feel suppose guess consider
        assume conclude call argue accept to as of for from but with do does did can could would will
        should may might must have has likely possible probable honestly still just""",
    )
)
"""What may stand between a negation and the word that it turns round; "not wooden so true" is not turned."""
_NO_DOUBT = frozenset(("no", "without", "any", "beyond", "a"))
_LAST = 14
"""Words: as far as a negation is looked for."""


def past_hesitation(text: str, start: int, end: int) -> int:
    """Return where an answer begins behind what hesitates at the start of a part; the start where nothing does."""
    found = _HESITATION.match(text, start, end)
    return found.end() if found else start


def denies(sentence: str) -> bool:
    """Whether a sentence denies what it goes on to name."""
    return _DENIED.search(sentence) is not None


def negations(before: str) -> int:
    """Count the negations that bear on the word behind a text; two turn it round and back."""
    clause = _CLAUSE.split(before)[-1].lower().replace('"', " ")
    count, next_one = 0, ""
    told = clause.split()[-_LAST:]
    for at in range(len(told) - 1, -1, -1):
        word = told[at].strip("'")
        if word == "doubt" and at and told[at - 1] in _NO_DOUBT:
            break
        negates = next_one in _WITH[word] if word in _WITH else word in _NEGATIONS or word.endswith("n't")
        if not negates and word not in _BETWEEN:
            break
        count += negates
        next_one = word
    return count
