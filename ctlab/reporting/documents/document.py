"""A text of headings, paragraphs, lists, tables and pictures, written once and shown as Markdown or as HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ctlab.untrusted_text import visible

# An underscore inside a word (ct0_blocked) and a lone < mark nothing up, and stay readable.
_SPECIAL = re.compile(r"([\\`*\[\]|~$&]|<(?=[<\w/!?])|(?<!\w)_|_(?!\w))")
_LEADING = re.compile(r"^(\s*)([-+=>#]|\d+(?=[.)]))", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading."""

    text: str
    """Its text."""
    level: int = 2
    """1 for the title, 2 for a section, 3 below."""
    anchor: str = ""
    """Where a link can lead; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    text: str
    """Its text."""
    note: bool = False
    """Whether it is an aside, such as a rule or a legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    """One line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What a person or a model wrote, word for word."""

    label: str
    """Who or what: the question, the condition."""
    text: str
    """The words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table."""

    heads: tuple[str, ...]
    """Column heads."""
    rows: tuple[tuple[str, ...], ...]
    """Cells as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that lies beside the document."""

    file: str
    """Path relative to the document."""
    words: str
    """What it shows, for those who do not see it."""


Block = Heading | Paragraph | Bullets | Quotation | Table | Image


def markdown(blocks: Iterable[Block]) -> str:
    """Write a document as Markdown in which nobody's words can become markup."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            anchor = f'<a id="{block.anchor}"></a>\n\n' if re.fullmatch(r"[\w.-]+", block.anchor) else ""
            return f"{anchor}{'#' * block.level} {escaped(block.text)}"
        case Paragraph():
            return f"*{escaped(block.text)}*" if block.note else escaped(block.text)
        case Bullets():
            return "\n".join(f"- {_one_line(item)}" for item in block.items)
        case Quotation():
            lines = escaped(block.text or "(nothing)").split("\n")
            return f"**{escaped(block.label)}**\n\n" + "  \n".join(f"> {line}".rstrip() for line in lines)
        case Table():
            head, *rows = (f"| {' | '.join(map(_one_line, line))} |" for line in (block.heads, *block.rows))
            return "\n".join([head, f"|{' --- |' * len(block.heads)}", *rows])
        case Image():
            return f"![{_one_line(block.words)}]({block.file})"


def escaped(text: str) -> str:
    """Make text harmless in Markdown: no markup, no HTML, no list or rule at the start of a line."""
    return _LEADING.sub(_guarded, _SPECIAL.sub(r"\\\1", visible(text).replace("\t", " ")))


def _guarded(match: re.Match[str]) -> str:
    """Put the backslash where Markdown reads it: before a sign, but behind the digits of a list number."""
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _one_line(text: str) -> str:
    return escaped(text).replace("\n", " ")
