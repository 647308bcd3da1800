"""Where a text that is no bare number gives its answer: up to the end token, after the last answer marker."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ctlab.problems.phrases import spelled

# What tokenizers of the published families write before and after a generation.
_END = re.compile(
    r"<\|(?:endoftext|end_of_text|im_end|eot_id|eos|end)\|>|</s>|<eos>|<end_of_turn>|<pad>|\[(?:EOS|PAD|SEP)\]"
)
_BEGIN = re.compile(r"(?:\s*+(?:<\|(?:endoftext|begin_of_text|im_start|bos)\|>|<s>|<bos>|\[(?:BOS|CLS)\]))++\s*+")
_LAYOUT = re.compile(r"[*`]++")
_STYLED = re.compile(r"\\(?:text|textbf|textit|mathrm|mathbf)\s*+\{([^{}\n]*+)\}")
_BOXED = re.compile(r"\\f?boxed\s*+\{([^{}\n]*+)\}")
# A model that goes on with a question of its own has answered before.
_OWN_QUESTION = re.compile(r"\n[ \t]*+(?:Q|Question|Problem|Input)\s*+\d*+\s*+:", re.IGNORECASE)
_WORD = re.compile(r"\w")
_SEEN = re.compile(r"\S")
# The answer is, Answer:, ####, and the ### of some models. A: stands before an answer, but is an option of a choice.
_MARKER = re.compile(
    r"(?:\banswer|\b(?:correct|right|best|final)\s++(?:option|choice))\s++(?:is|was|would\s++be|should\s++be|must\s++be)"
    r"\b\s*+:?|\banswer\s*+:|\#{3,}+|(?:^|\n)[ \t]*+A:",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=\w\w\w[.!?])\s++(?=[A-Z\d\"'(])")


@dataclass(frozen=True, slots=True)
class Said:
    """A text without its tokens and layout, and the part of it that answers."""

    text: str
    """The text, in one spelling."""
    start: int
    """Where the part begins."""
    end: int
    """Where it ends."""
    marker: str | None
    """The marker before it; None without any: then the part is the whole text."""

    @property
    def part(self) -> str:
        """The part that answers."""
        return self.text[self.start : self.end]


def bare(text: str) -> str:
    """Take off a text the tokens before and after it, bold and boxes; a box becomes a line after ``####``."""
    begun = _BEGIN.match(text)
    text = text[begun.end() :] if begun else text
    ended = _END.search(text)
    text = spelled(text[: ended.start()] if ended else text)
    text = _BOXED.sub(r"#### \1\n", _STYLED.sub(r"\1", _LAYOUT.sub("", text)))
    answered = _WORD.search(text)
    again = _OWN_QUESTION.search(text, answered.end()) if answered else None
    return (text[: again.start()] if again else text).strip()


@lru_cache(maxsize=65536)
def said(text: str, *, letters: bool = False) -> Said:
    """Find the part of a text that answers: the line after the last marker that anything follows, or all of it.

    ``letters`` says that options have letters, so that ``A:`` is no marker.
    """
    text = bare(text)
    last_word = next((at for at in range(len(text) - 1, -1, -1) if _WORD.match(text, at)), -1)
    for marker in reversed(list(_MARKER.finditer(text))):
        if marker.end() > last_word or (letters and marker[0].strip().upper() == "A:"):
            continue
        start = _SEEN.search(text, marker.end())
        begins = _WORD.search(text, marker.end())
        if start and begins:
            end = text.find("\n", begins.start())
            return Said(text, start.start(), len(text) if end < 0 else end, marker[0].strip())
    return Said(text, 0, len(text), None)


def sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Split a part of a text into sentences and lines, each as (start, end); "St. Louis" and initials stay whole."""
    found = []
    for line in re.finditer(r"[^\n]++", text[start:end]):
        at = line.start()
        for stop in [*(cut.start() for cut in _SENTENCE_END.finditer(line[0])), len(line[0])]:
            found.append((start + at, start + line.start() + stop))
            at = line.start() + stop
    return tuple((a, b) for a, b in found if _WORD.search(text, a, b))
