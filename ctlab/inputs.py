"""Text, JSON, JSONL and TOML that anybody may have written: read as a whole, or refused in one sentence.

Every such file of a user, a model's author or an earlier run is read here, so that what a file can do to a program
(another encoding, half a file, a number of a million digits, brackets without an end) is known in one place. A refusal
names the file, the line where there is one, the rule, the value shortened, and the next step.
"""

import codecs
import json
import math
import re
import stat
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from ctlab.errors import CtlabError
from ctlab.mistaken_files import LOOKED_AT, told_by_start, why_no_json

MOST_BYTES = 1 << 30
"""A longer file is refused before it fills the memory: worked answers to GSM8K's test split take half a megabyte."""
MOST_DIGITS = 300
"""A longer whole number is refused: up to here each is a float as well (which end at 1.8e308); Python reads 4,300."""
MOST_DEPTH = 100
"""Deeper lists and tables are refused: a report has 9 levels, and what walks over values may call itself for each."""
NO_FILE = "it is a folder, a pipe or a device, and a file is needed here"
_SHOWN = 60  # characters of a value in a sentence
_LONGEST_MESSAGE = 200  # characters of what another library says
_ADVICE = "mend the file, or make it again"
_AS_UTF8 = "save it as UTF-8"
_MARKS = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32", codecs.BOM_UTF16_LE: "UTF-16"}
_MARKS |= {codecs.BOM_UTF16_BE: "UTF-16"}  # in this order: UTF-32's first mark begins with UTF-16's
_LONG_NUMBER = re.compile(rf"(?<![\w.])[-+]?+\d(?:_?\d){{{MOST_DIGITS},}}+(?![\w.])")
_MOST_BITS = (10**MOST_DIGITS).bit_length()
_TOO_DEEP = f"lists and tables stand inside one another more than {MOST_DEPTH} deep"


class WrittenNumber(str):
    """A number with decimals as its file writes it: 18.50 is not 18.5, and ``"18.50"`` in quotes is no number."""

    __slots__ = ()


class _Origin:
    """One file, or a text that came from one, and how what is wrong with it is said."""

    def __init__(self, name: str, error: type[CtlabError], advice: str = _ADVICE) -> None:
        self._name = name
        self._error = error
        self._advice = advice

    def refuse(self, rule: str, *, line: int | None = None, advice: str = "") -> NoReturn:
        """Raise the sentence: where, what the rule is, what to do."""
        where = self._name if line is None else f"{self._name}, line {line}"
        raise self._error(f"{where}: {rule}; {advice or self._advice}") from None


def read_text(path: Path, *, error: type[CtlabError], advice: str = _ADVICE, absent: str | None = None) -> str:
    """Read a file as UTF-8, with a byte order mark or without; ``absent`` is what one that is not there counts as.

    Anything but a regular file is refused: a pipe can be read once only, and a device never ends.
    """
    return _text(path, _Origin(str(path), error, advice), absent)


def read_start(path: Path, count: int, *, error: type[CtlabError], advice: str = _ADVICE) -> bytes:
    """Read the first ``count`` bytes of a file, by which its kind is known."""
    source = _Origin(path.name, error, advice)
    try:
        if is_no_file(path):
            source.refuse(NO_FILE)
        with path.open("rb") as file:
            return file.read(count)
    except OSError as problem:
        source.refuse(f"it cannot be read ({problem.strerror or problem})")


def read_bytes(path: Path, *, error: type[CtlabError], advice: str = _ADVICE) -> bytes:
    """Read a file that is no text, such as an archive; what is no file or too long is refused as text is."""
    return _content(path, _Origin(path.name, error, advice)) or b""


def read_json(
    path: Path,
    *,
    error: type[CtlabError],
    advice: str = _ADVICE,
    absent: str | None = None,
    as_written: bool = False,
) -> Any:
    """Read a JSON file; see `parse_json`."""
    source = _Origin(str(path), error, advice)
    return _parsed(_text(path, source, absent), source, as_written=as_written)


def read_json_lines(path: Path, *, error: type[CtlabError], advice: str = _ADVICE) -> Iterator[tuple[int, Any]]:
    """Read a file with one JSON value a line as (line from 1, value); numbers with decimals stay as they are written.

    Blank lines are passed over.
    """
    source = _Origin(path.name, error, advice)
    # Not splitlines(): a JSON string may hold U+2028, which that would split at.
    for number, line in enumerate(_text(path, source).split("\n"), start=1):
        if line.strip():
            yield number, _parsed(line, source, line=number, as_written=True)


def read_lines(
    path: Path, refused: Callable[[str], None], *, error: type[CtlabError], advice: str = _ADVICE
) -> Iterator[tuple[int, Any]]:
    """Read one JSON value a line, as (line from 1, value), of a file that may be absent, or cut off anywhere.

    A line that is none is told to ``refused`` in a sentence, and costs no other.
    """
    source = _Origin(str(path), error, advice)
    for number, line in enumerate((_content(path, source, absent=True) or b"").split(b"\n"), start=1):
        try:
            if line.strip():
                yield number, _parsed(line.decode("utf-8", "replace"), source, line=number)
        except error as problem:
            refused(str(problem))


def parse_json(
    text: str, name: str, *, error: type[CtlabError], advice: str = _ADVICE, as_written: bool = False
) -> Any:
    """Read JSON; ``name`` is what it is called in a refusal.

    Refused are keys that stand twice in an object (one of the two would be lost), whole numbers of more than
    ``MOST_DIGITS`` digits, and more than ``MOST_DEPTH`` levels. NaN, Infinity and numbers beyond floats are no JSON and
    refused as well, except ``as_written``, which keeps numbers with decimals as `WrittenNumber` and the
    literals as floats: other people's rows hold them in fields that nobody reads.
    """
    return _parsed(text, _Origin(name, error, advice), as_written=as_written)


def read_toml(
    path: Path, *, error: type[CtlabError], advice: str = _ADVICE, absent: str | None = None
) -> dict[str, Any]:
    """Read a TOML file; whole numbers and levels are bounded as in JSON."""
    source = _Origin(str(path), error, advice)
    text = _text(path, source, absent)
    try:
        content = tomllib.loads(text)
    except RecursionError:
        source.refuse(_TOO_DEEP)
    except tomllib.TOMLDecodeError as problem:
        source.refuse(f"it is not TOML ({shortened(str(problem))})")
    except ValueError as problem:  # of int(), float() and datetime, which tomllib hands the text to
        long = _LONG_NUMBER.search(text)
        source.refuse(_too_long(long[0]) if long else f"a value of it cannot be read ({shortened(str(problem))})")
    _refuse_depth(content, source)
    for level in _levels(content):
        for value in level:
            if isinstance(value, int) and value.bit_length() > _MOST_BITS:
                source.refuse(f"{shown(value)}, and at most {MOST_DIGITS} digits are read")
    return content


def shortened(message: str) -> str:
    """Bring what another library says of a value into one line of a bearable length."""
    line = " ".join(message.split())
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 1]}…"


def is_no_file(path: Path) -> bool:
    """Whether something other than a file lies there: a pipe can be read once and may never open, a device never ends.

    An `OSError` comes as it is, that nothing lies there too.
    """
    return not stat.S_ISREG(path.stat().st_mode)


def is_text(text: str) -> bool:
    """Whether UTF-8 can hold a text: half a surrogate pair, which JSON and a terminal can bring, is no character."""
    return text.encode("utf-8", "replace").decode() == text


def shown(value: object) -> str:
    """Write any value for a sentence: short, and without walking into what is deep or endless."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_SHOWN:
        return f"a whole number of {value.bit_length():,} bits"
    if isinstance(value, list | tuple | dict | set | frozenset):
        return _container(value)
    return text if len(text := repr(value)) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _container(value: Any) -> str:
    """A short one as it is, of any other what it is and how long."""
    plain = (str, int, float, type(None))
    items = [part for pair in value.items() for part in pair] if isinstance(value, dict) else [*value]
    if len(items) <= _SHOWN // 2 and all(isinstance(item, plain) for item in items):
        text = repr(value) if all(not isinstance(item, int) or abs(item) < 10**_SHOWN for item in items) else ""
        if text and len(text) <= _SHOWN:
            return text
    name = {"dict": "an object", "list": "a list"}.get(type(value).__name__, f"a {type(value).__name__}")
    more = f" and {len(value) - 1} more" if len(value) > 1 else ""
    return f"{name} with {shown(next(iter(value)))}{more}" if isinstance(value, dict) else f"{name} of {len(value)}"


def _text(path: Path, source: _Origin, absent: str | None = None) -> str:
    content = _content(path, source, absent=absent is not None)
    return absent or "" if content is None else _decoded(content, source)


def _content(path: Path, source: _Origin, *, absent: bool = False) -> bytes | None:
    """Read a file's bytes; None where it is not there and may be ``absent``."""
    try:
        state = path.stat()
        if is_no_file(path):
            source.refuse(NO_FILE)
        if state.st_size > MOST_BYTES:
            source.refuse(f"it has {state.st_size:,} bytes, and a file of at most {MOST_BYTES:,} is read")
        return path.read_bytes()
    except OSError as problem:
        if absent and isinstance(problem, FileNotFoundError):
            return None
        source.refuse(f"it cannot be read ({problem.strerror or problem})")


def _decoded(content: bytes, source: _Origin) -> str:
    if coding := next((coding for mark, coding in _MARKS.items() if content.startswith(mark)), ""):
        source.refuse(f"it is {coding} text, and text is read as UTF-8", advice=_AS_UTF8)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if told := told_by_start(content[:LOOKED_AT]):
            what, _, step = told.partition("; ")
            source.refuse(f"it is {what}", advice=step)
        # ``problem.object`` lacks the mark where there was one; lines are counted in it all the same.
        at, whole = problem.start, problem.object
        line = whole.count(b"\n", 0, at) + 1
        source.refuse(f"the byte 0x{whole[at]:02x} is no UTF-8", line=line, advice=_AS_UTF8)


def _parsed(text: str, source: _Origin, *, line: int | None = None, as_written: bool = False) -> Any:
    def at(part: str) -> int:
        return text.count("\n", 0, text.find(part)) + 1 if line is None else line

    def whole(digits: str) -> int:
        if len(digits.lstrip("-")) > MOST_DIGITS:
            source.refuse(_too_long(digits), line=at(digits))
        return int(digits)

    def decimal(written: str) -> float:
        if math.isinf(value := float(written)):
            source.refuse(f"the number {shown(written)} is beyond what a float holds (1.8e308)", line=at(written))
        return value

    def literal(name: str) -> float:
        if not as_written:
            source.refuse(f"{name} is no number of JSON; write null", line=at(name))
        return float(name)

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) < len(pairs):
            twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            source.refuse(f"{shown(twice)} stands twice in one object, and one of the two would be lost", line=line)
        return content

    try:
        content = json.loads(
            text,
            parse_int=whole,
            parse_float=WrittenNumber if as_written else decimal,
            parse_constant=literal,
            object_pairs_hook=table,
        )
    except RecursionError:
        source.refuse(_TOO_DEEP, line=line)
    except json.JSONDecodeError as problem:
        why, advice = why_no_json(text, problem.msg, problem.pos)
        source.refuse(why, line=problem.lineno if line is None else line, advice=advice)
    _refuse_depth(content, source, line)
    return content


def _refuse_depth(content: object, source: _Origin, line: int | None = None) -> None:
    for depth, _ in enumerate(_levels(content)):
        if depth > MOST_DEPTH:
            source.refuse(_TOO_DEEP, line=line)


def _levels(content: object) -> Iterator[list[Any]]:
    """Yield what stands at each depth: no call inside a call, however deep it is."""
    level = [content]
    while level:
        yield level
        containers = [part for part in level if isinstance(part, list | dict)]
        level = [item for part in containers for item in (part.values() if isinstance(part, dict) else part)]


def _too_long(digits: str) -> str:
    bare = digits.lstrip("+-").replace("_", "")
    return f"a whole number of {len(bare):,} digits ({bare[:12]}…), and at most {MOST_DIGITS} are read"
