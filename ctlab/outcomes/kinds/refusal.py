"""A text that says it has no answer: "I don't know.", "N/A", a dash."""

import re

from ctlab.outcomes.kinds.said import Said, sentences
from ctlab.problems import Problem
from ctlab.problems.phrases import phrase

_ONE = r"(?:i|we)(?:\s++(?:really|honestly|simply|just|still|sadly))?"
_TO_SAY = r"(?:answer|say|tell|know|determine|decide|help|respond)"
_REFUSAL = re.compile(
    r"[\s\"'(]*+(?:(?:i'?m|i\s++am|we\s++are)?\s*+(?:so\s++)?sorry[\s,.;:]*+|unfortunately[\s,]*+|well[\s,]++|but\s++)*+(?:"
    # A word or two, and nothing behind them.
    r"(?:n/?a|n\.a\.?|unknown|undetermined|indeterminate|unanswerable|idk|dunno|not\s++(?:known|available|applicable|given|stated|specified|mentioned)"
    r"|no\s++(?:answer|idea|response|clue|comment)|cannot\s++(?:be\s++determined|answer|say|tell))[\s.!?\"')]*+\Z"
    # A sentence, whatever it goes on to say.
    rf"|{_ONE}\s++(?:do\s++not|don't|did\s++not|didn't)\s++(?:know|remember|have)\b"
    rf"|{_ONE}\s++(?:cannot|can't|can\s++not|could\s++not|couldn't|will\s++not|won't|refuse\s++to|decline\s++to)\s++{_TO_SAY}\b"
    rf"|{_ONE}\s++have\s++(?:no\s++(?:idea|answer|clue|information)|not\s++enough)\b"
    rf"|{_ONE}\s++(?:need|require)\s++(?:some\s++)?more\s++(?:information|context|details?|facts)\b"
    rf"|(?:i'?m|i\s++am|we\s++are|we're)\s++(?:not\s++(?:really\s++)?sure|unsure|uncertain|(?:unable|not\s++able)\s++to\s++{_TO_SAY})\b"
    r"|not\s++sure\b|there\s++is\s++no\s++(?:answer|way\s++to\s++(?:know|tell|say))\b|(?:there\s++(?:is|isn't)\s++)?(?:not\s++|in)(?:enough|sufficient)\s++(?:information|context|data|facts)\b"
    r"|(?:it|this|that|the\s++(?:answer|question))\s++(?:cannot|can't|can\s++not|could\s++not)\s++be\s++"
    r"(?:answered|determined|known|decided|said)\b"
    r"|(?:it|this|that|the\s++answer)(?:\s++is|'s)\s++(?:unknown|unclear|unanswerable|not\s++(?:known|clear)"
    rf"|(?:impossible|not\s++possible)\s++to\s++{_TO_SAY})\b"
    r")",
    re.IGNORECASE,
)
# What a refusal goes on with where it answers all the same, or says between what it cannot choose.
_YET = re.compile(
    r"\b(?:but|so|though|although|however|yet|think|guess|believe|probably|maybe|perhaps|whether|if|or)\b"
    r"|\bthat\s++\w|:\s",
    re.IGNORECASE,
)
# A dash or a question mark where an answer should stand, alone or after a marker.
_BLANK = re.compile(r"\s*+(?:(?:the\s++)?answer(?:\s++is)?\s*+:?|\#{3,}+)?\s*+[-–—―?]++[\s.-]*+", re.IGNORECASE)


def refuses(found: Said) -> bool:
    """Whether the part of a text that answers says nothing but that there is no answer, in each of its sentences."""
    if _BLANK.fullmatch(found.part):
        return True
    parts = sentences(found.text, found.start, found.end)
    return bool(parts) and all(is_refusal(found.text[start:end]) for start, end in parts)


def is_refusal(sentence: str) -> bool:
    """Whether a sentence says that there is no answer, and gives none all the same."""
    begins = _REFUSAL.match(sentence)
    return begins is not None and _YET.search(sentence, begins.end()) is None


def is_meant(problem: Problem, text: str) -> bool:
    """Whether such words are an answer here: the reference answer, an alias of it or an option says just that."""
    return phrase(text) in {phrase(each) for each in (str(problem.gold), *problem.aliases, *problem.options)}
