"""What of a sentence answers: the clause after "so", before "because"; and whether it answers at all."""

import re
from dataclasses import dataclass

from ctlab.problems.phrases import words

# Behind a mark or "and": "so" and "thus" stand in names and phrases, too.
_SO = re.compile(
    r"(?:[,;:.—–]\s*+(?:and\s++|but\s++)?|\band\s++)(?:so|thus|hence|then)\b(?!\s++that\b)[\s,:]*+"
    r"|[,;:.]\s*+but\b(?!\s++not\b)|\b(?P<unmarked>so)\b(?!\s++that\b)\s"
    r"|(?:[,;:.—–]\s*+)?\b(?:therefore|consequently|as\s++a\s++result|for\s++this\s++reason|in\s++conclusion"
    r"|(?:which|this|that)\s++(?:means|implies|shows|proves|makes)|meaning|it\s++follows|(?:we|i)\s++(?:can\s++)?conclude)\b[\s,:]*+(?:that\b\s*+)?",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"(?<!\s)[,;—–]?\s++(?:because|since|given\s++that|seeing\s++that|whereas|(?<=[,;]\s)as)\b", re.IGNORECASE
)
_FOR_A_REASON = re.compile(r"\s*+(?:because|since|given\s++that|as|if)\b[^\n]*,\s*+(?=\w)", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|was|were)(?:\b|n't)", re.IGNORECASE)
_WORD = re.compile(r"\w")
_NOT = re.compile(r"\b(?:not|never|cannot|neither)\b|n't\b", re.IGNORECASE)
COMMON = frozenset(
    re.split(
        r"\s++",
        """is are was were be been am do does did has have had can could will would should may might must to of in on at
        for from with by as and or but not no if so than that this these those it its he she they them his her i we you
        us me my your our what which who whom whose when where why how there here more most some any all every each tell
        say please""",
    )
)
"""Words of which a sentence is made whatever it is about."""
# Who speaks or is spoken to in a text that answers nothing: "Please tell us more."
_ADDRESSED = frozenset(
    ("please", "i", "we", "us", "me", "my", "our", "thank", "thanks", "sorry", "hello", "i'm", "let's")
)
_ASKS = frozenset(("what", "which", "who", "why", "how", "when", "where", "can", "could", "would", "is", "are", "do"))
_LEAST = 3
"""Words from which on a text is a sentence, and not a name."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause of a sentence that answers."""

    start: int
    end: int
    how: str = ""
    """What was left off, in words that go on with how the sentence was found."""
    ambiguous: bool = False
    """Whether it rejects something, and the clause before it does not."""


def concluded(sentence: str) -> Clause:
    """Find the clause after the last "so", "therefore" and the like, without a reason before or behind it."""
    start, end, how, torn = 0, len(sentence), "", False
    opens, closes = _first_word(sentence), _last_word(sentence)
    verbs = [verb.start() for verb in _VERB.finditer(sentence)]
    found = [
        so
        for so in _SO.finditer(sentence)
        if opens < so.start()
        and so.end() < closes
        # Without a mark before it, "so" stands between two sentences only.
        and (so["unmarked"] is None or (verbs and verbs[0] < so.start() and so.end() < verbs[-1]))
    ]
    if found:
        start, how = found[-1].end(), ", what it concludes"
        torn = bool(_NOT.search(sentence, start)) and not _NOT.search(sentence[:start])
    reason = _FOR_A_REASON.match(sentence, start)
    if reason is not None:
        start, how = reason.end(), how or ", without its reason"
    behind = _BECAUSE.search(sentence, start)
    if behind is not None and _WORD.search(sentence, start, behind.start()):
        end, how = behind.start(), how or ", without its reason"
    return Clause(start, end, how, ambiguous=torn)


def _first_word(text: str) -> int:
    found = _WORD.search(text)
    return found.start() if found else len(text)


def _last_word(text: str) -> int:
    return next((at + 1 for at in range(len(text) - 1, -1, -1) if text[at].isalnum()), 0)


def is_beside(sentence: str, *, is_a: bool) -> bool:
    """Whether a sentence that names no candidate is of another sort than an answer: a request, a question, an aside.

    ``is_a`` says that the reference answer is of the form "NAME is a X", so that another sentence of this form is an
    answer; elsewhere a name in the midst of a sentence is ("I think Lyon").
    """
    mine = words(sentence)
    if len(mine) < _LEAST:
        return False
    named = [
        word for word in sentence.split()[1:] if word[:1].isupper() and word.casefold().strip(".,!?") not in _ADDRESSED
    ]
    if is_a:
        return not (re.search(r"\b(?:is|was)(?:n't|\s++not)?\s++an?\b", sentence) and sentence.lstrip()[:1].isupper())
    if named:
        return False
    return bool(_ADDRESSED.intersection(mine)) or (mine[0] in _ASKS and sentence.rstrip().endswith(("?", "!")))
