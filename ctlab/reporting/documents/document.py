"""A text of headings, paragraphs, lists, tables and pictures, written once and shown as Markdown or as HTML."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

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
    links: tuple[tuple[str, str], ...] = ()
    """What each item begins with, with the file beside the document to which that leads; empty for no links."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where to read on: files beside the document."""

    before: str
    """What stands before them."""
    items: tuple[tuple[str, str], ...]
    """Text and address of each, relative to the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Blocks that are out of sight until somebody opens them."""

    summary: str
    """What is in there."""
    blocks: "tuple[Block, ...]"
    """What it is."""


Block = Heading | Paragraph | Bullets | Quotation | Table | Image | Links | Folded


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
            links = [f"{_link(*link)}: " for link in block.links] or [""] * len(block.items)
            return "\n".join(f"- {link}{_one_line(item)}" for link, item in zip(links, block.items, strict=True))
        case Quotation():
            lines = escaped(block.text or "(nothing)").split("\n")
            return f"**{escaped(block.label)}**\n\n" + "  \n".join(f"> {line}".rstrip() for line in lines)
        case Table():
            head, *rows = (f"| {' | '.join(map(_one_line, line))} |" for line in (block.heads, *block.rows))
            return "\n".join([head, f"|{' --- |' * len(block.heads)}", *rows])
        case Image():
            return f"![{_one_line(block.words)}]({block.file})"
        case Links():
            return f"{escaped(block.before)} {', '.join(_link(text, to) for text, to in block.items)}."
        case Folded():
            # GitHub and other readers of Markdown fold this; those that do not show it all.
            inner = markdown(block.blocks).rstrip("\n")
            return f"<details><summary>{html.escape(visible(block.summary))}</summary>\n\n{inner}\n\n</details>"


def _link(text: str, to: str) -> str:
    return f"[{_one_line(text)}]({quote(to, safe='/#')})"


def escaped(text: str) -> str:
    """Make text harmless in Markdown: no markup, no HTML, no list or rule at the start of a line."""
    return _LEADING.sub(_guarded, _SPECIAL.sub(r"\\\1", visible(text).replace("\t", " ")))


def _guarded(match: re.Match[str]) -> str:
    """Put the backslash where Markdown reads it: before a sign, but behind the digits of a list number."""
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _one_line(text: str) -> str:
    return escaped(text).replace("\n", " ")
