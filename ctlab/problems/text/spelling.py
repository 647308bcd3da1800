r"""Text as numbers are looked for in it: LaTeX and typographic grouping of thousands spelled in ASCII.

``1'250'000``, ``25_000``, ``12 500`` with a no-break, thin or narrow space and ``40\,000`` are grouped by commas, so
that one rule reads them all. What is grouped by plain blanks stays: ``12 500`` is two numbers in many texts.
"""

import re

from ctlab.problems.text.latex import without_latex
from ctlab.problems.text.plain_text import plain

# Spaces that do not break a line or are narrower than a blank, apostrophes and what stands for them, the underscore of
# code, the Arabic separator of thousands.
_GROUPED = re.compile(
    r"(?<![\w.,])(\d{1,3}+)((?:[\u00a0\u2007\u2008\u2009\u200a\u202f'\u2019\u2018\u02bc\u00b4\uff07_\u066c]\d{3}(?!\d))++)"
    r"(,\d++(?!,?\d))?+"
)
_UNUSUAL = re.compile(r"[^\n\t\r -~]|\\|\{,\}|\d['_]\d")


def spelled(text: str) -> str:
    """Spell a text as numbers are looked for in it; positions of found numbers count in this."""
    if not _UNUSUAL.search(text):
        return text
    return plain(_GROUPED.sub(_with_commas, without_latex(text)))


def _with_commas(match: re.Match[str]) -> str:
    groups = re.sub(r"[^\d]", ",", match[2])
    if not match[3]:
        return match[1] + groups
    # 1 234,50: where something else groups, the comma is decimal.
    return (match[1] + groups).replace(",", "") + "." + match[3][1:]
