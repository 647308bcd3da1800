r"""What announces an answer: ``The answer is``, ``####``, ``A:``, ``\boxed{``, ``Final answer:``; and what ends it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ctlab.problems.text.number_words import NUMBER_WORDS

_EMPHASIS = r"[\"'*_`]*+"
_IS = r"(?:is|was|are|(?:will|would|should|must|may|might|could|has\sto|to)\sbe|comes\sto|equals|be)(?![A-Za-z])"
_OF = r"(?:to|for|of|in|I|we|that)"
# The published models, GSM8K and the recorded answers write "The answer is:", "####" and "A:" (not the A of "Q&A:" or
# of a word); some models write "###"; the rest is what models that were not trained on these write.
# It begins with a set of characters, so that the search skips all others: what stands before is looked at afterwards.
_MARKER = re.compile(
    rf"""
    [aArR\#\\答] (?:
        (?<=[aA]) (?<![A-Za-z/][aA]) (?:
            (?P<denied> (?i:nswer) \s (?: (?:is|was) \s not\b | isn't\b | wasn't\b | can(?:'t|not) \s be\b ) )
          |
            (?P<answer> (?i:nswers?)\b
                (?: \s?\([^()\n]{{1,40}}+\) | ,\s[^.:=\n,]{{1,40}}+, | \s{_OF}\s[^.:=\n]{{1,80}}? )?
                {_EMPHASIS} \s{{0,3}}+ (?: (?i:{_IS}) (?:{_EMPHASIS} \s*+ : )?+ | [:=>] | -> | → | -(?=\s) ) )
          |
            (?P<heading> (?i:nswer) [ \t*_]*+ (?=\n) )
          |
            (?P<short> (?i:ns) {_EMPHASIS} (?: \s?[:=] | \.(?=\s?[\d$-]) ) )
          |
            (?P<german> (?i:ntwort) \s? (?: lautet | ist | : ) )
          |
            (?P<letter> (?<=A) (?<![\w&]A) : )
        )
      |
        (?<=[rR]) (?P<romance> (?i: espuesta (?:\sfinal)? \s? (?:es\b|:) | éponse (?:\sfinale)? \s? (?:est\b|:)
            | esposta (?:\sfinal)? \s? (?:é\b|:) ) )
      |
        (?<=答) (?P<chinese> 案 \s? (?:是|为|為|:) | え \s? (?:は|:) )
      |
        (?<=\#) (?P<hashes> \#{{2,}} (?= (?P<content> [^\n]{{0,40}} ) ) )
      |
        (?<=\\) (?P<boxed> f?boxed [ ]? \{{?+ )
    )
    """,
    re.VERBOSE,
)
_LEAD = re.compile(r"(?i:(?:\b(?:the|my|our|la|die|a)\s)?(?:\b(?:final|correct|right|numeric|numerical)\s)?)$")
_ALONE = re.compile(r"(?:^|\n)[ \t#*_]*$")
_VERB = re.compile(rf"(?i:\b{_IS})")
# Markers are rarely longer; what they are written with stands beside them.
_WITH_LEAD = frozenset(("answer", "heading", "german", "romance"))
_LONGEST_LEAD = 24
# "18 is the answer": what it announces stands before it.
_CLOSING = re.compile(r"(?i:\b(?:is|are) (?:the|our|my) (?:final |correct )?answer\b)")
_END_TOKEN = re.compile(r"<\|[^|<>\n]{1,30}\|>|</s>|<eos>|<pad>")
# Not <answer>, which is a marker.
_TAG = re.compile(r"</?(?:b|i|u|p|em|strong|br|span|div|sup|sub|code|li|ul|td|tr|think)\b[^<>]{0,40}>")
# Markdown's emphasis; 2**3 is a power and "3 * 4 * 5" a product.
_STRONG = re.compile(r"\*\*(?!\s?\d)|(?<!\d)(?<!\d\s)\*\*|`")
_MARKED = re.compile(r"(?<![\w*])\*([^*\s](?:[^*\n]{0,80}[^*\s])?)\*(?![\w*])")
_OWN_QUESTION = re.compile(
    r"\n[ \t]{0,4}+[*_#]{0,4}+[ ]?(?i:question|problem|exercise|user|human|q)\b *\d{0,4} *[*_]*:"
)
# "### Step 2", "#### 3. Add them up": a heading, unless it is a number in words.
_HEADING = re.compile(r"[ *_]*(?:(?P<word>[A-Z][a-z]+)|\d{1,2}[.)] +[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Marker:
    """One announcement of an answer."""

    text: str
    """As written."""
    start: int
    """First character."""
    end: int
    """One past the last character: the answer begins here."""
    stop: int
    """Where its answer ends at the latest."""
    kind: str
    """The branch of the grammar that it is: ``answer``, ``hashes``, ``boxed``, ``letter`` …"""

    @property
    def opens(self) -> bool:
        """Whether a whole solution may follow, as after ``A:``, not only the answer, as after ``The answer is``."""
        return self.kind in ("letter", "heading") or (self.text.endswith(":") and not _VERB.search(self.text))

    @property
    def final(self) -> bool:
        """Whether it says itself that what came before was no answer yet."""
        return "final" in self.text.lower()


def find_markers(text: str) -> list[Marker]:
    """Find every marker of a spelled text, in order; one that denies (``The answer is not 12``) is none."""
    return [*_markers(text)]


def closing(text: str) -> tuple[int, int] | None:
    """Where the last ``… is the answer`` stands; None without any."""
    spans = [match.span() for match in _CLOSING.finditer(text)] if "answer" in text else []
    return spans[-1] if spans else None


def answered_part(text: str) -> str:
    """Leave out what was thought before, tags and Markdown's emphasis, and what comes after an end token."""
    if "<" in text and (end := _END_TOKEN.search(text)) and any(map(str.isalnum, text[: end.start()])):
        text = text[: end.start()]
    if "</" in text or "<br" in text:
        thought = text.rpartition("</think>")[2]
        text = _TAG.sub(" ", (thought if any(map(str.isalnum, thought)) else text).replace("<sup>", "^"))
    return _MARKED.sub(r"\1", _STRONG.sub("", text)) if "*" in text or "`" in text else text


def own_question(text: str, start: int) -> int | None:
    """Where, from ``start`` on, the model begins a question of its own; None where it does not."""
    return None if (match := _OWN_QUESTION.search(text, start)) is None else match.start()


def _markers(text: str) -> Iterator[Marker]:
    found = list(_MARKER.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=False):
        kind = "hashes" if match.lastgroup == "content" else match.lastgroup or ""
        start = match.start()
        lead = _LEAD.search(text, max(0, start - _LONGEST_LEAD), start) if kind in _WITH_LEAD else None
        start = start if lead is None else lead.start()
        if kind == "denied" or (kind == "hashes" and _is_heading(match)):
            continue
        if kind == "heading" and not _ALONE.search(text[max(0, start - _LONGEST_LEAD) : start]):
            continue
        stop = len(text) if following is None else following.start()
        if kind == "boxed":
            stop = _closed(text, match.end(), stop)
        yield Marker(text[start : match.end()].strip(), start, match.end(), stop, kind)


def _is_heading(match: re.Match[str]) -> bool:
    content = _HEADING.match(match["content"])
    if content is None:
        return False
    if content["word"]:
        return content["word"].lower() not in NUMBER_WORDS
    return len(match["hashes"]) == 2


def _closed(text: str, start: int, stop: int) -> int:
    """Where, up to ``stop``, the brace closes that was opened before ``start``; the end of the line without one."""
    depth = 1
    for at in range(start, min(stop, start + 400) if text[start - 1] == "{" else start):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if not depth:
            return at
    end = text.find("\n", start, stop)
    return stop if end < 0 else end
