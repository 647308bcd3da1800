"""Blocks of HTML for a notebook's cell: a heading, sentences, a small table. Everything that is put in is escaped.

Colours are those of what is around (``currentColor``), so that a block reads in a dark notebook as in a light one; the
few that mean something are strong enough on both.
"""

from collections.abc import Iterable, Sequence
from html import escape

from ctlab import formatting
from ctlab.untrusted_text import visible

LONGEST = 200
"""Characters of a text in a table's cell: a question of a word problem, as a rule."""
_VERDICTS = {"SUPPORTED": "#2a7fc4", "REFUTED": "#c9561f", "INCONCLUSIVE": "#7d8088", "VOID": "#a45fd0"}
# The hues of a report's page, between its light and its dark ones: each has a contrast of at least 3 on white and on
# #111 (WCAG 2, 1.4.11), and letters that are large and bold need no more.
_WIDE = "max-width:62em;line-height:1.4"
_CELL = "text-align:left;vertical-align:top;padding:.15em .8em .15em 0"


def text(value: object) -> str:
    """Escape a text and make its invisible marks visible."""
    return escape(visible(str(value)))


def cut(value: str, longest: int = LONGEST) -> str:
    """Cut a long text at its end, in the open."""
    return value if len(value) <= longest else f"{value[: longest - 2].rstrip()} …"


def block(*parts: str) -> str:
    """Put parts, which are HTML, one below the other."""
    return f'<div class="ctlab" style="{_WIDE}">{"".join(filter(None, parts))}</div>'


def heading(words: object) -> str:
    """Say what is shown."""
    return f'<div style="font-weight:600">{text(words)}</div>'


def verdict_heading(verdict: str, words: object) -> str:
    """Say a verdict, by mark, word and colour, and of what it is."""
    mark, colour = formatting.VERDICT_MARKS[verdict], _VERDICTS[verdict]
    badge = f'<span style="color:{colour};font-weight:700">{mark} {text(verdict)}</span>'
    return f'<div style="font-size:1.1em">{badge} <span style="font-weight:600">{text(words)}</span></div>'


def sentence(words: object, *, aside: bool = False) -> str:
    """Say something, ``aside`` in smaller letters."""
    if not str(words):
        return ""
    look = ' style="opacity:.75;font-size:.92em"' if aside else ""
    return f"<div{look}>{text(words)}</div>"


def drawing(svg: str, title: str) -> str:
    """Frame a drawing that takes the width that it is given, with what its axis shows."""
    below = f'<div style="opacity:.75;font-size:.85em">{text(title)}</div>'
    return f'<div style="max-width:36em;margin:.4em 0">{svg}{below}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay out a small table; cells are texts, and long ones are cut."""
    top = "".join(f'<th style="{_CELL};font-weight:600">{text(head)}</th>' for head in heads)
    body = "".join(
        f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{text(cut(str(cell)))}</td>' for cell in row)}</tr>"
        for row in rows
    )
    look = "border-collapse:collapse;font-size:.92em;margin:.3em 0;background:none"
    return f'<table style="{look}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
