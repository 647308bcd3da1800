"""Text as LaTeX: nobody's words become a command, and every sign that a report writes has one."""

import re
import unicodedata
from collections.abc import Sequence

from ctlab.untrusted_text import in_line

_COMMANDS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "“": "``",
    "”": "''",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "−": r"\ensuremath{-}",
    "±": r"\ensuremath{\pm}",
    "≥": r"\ensuremath{\geq}",
    "≤": r"\ensuremath{\leq}",
    "×": r"\ensuremath{\times}",
    "→": r"\ensuremath{\rightarrow}",
    "α": r"\ensuremath{\alpha}",
    "\N{GREEK SMALL LETTER RHO}": r"\ensuremath{\rho}",
    "–": "--",
    "…": r"\ldots{}",
    "\N{NO-BREAK SPACE}": "~",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
"""Signs that LaTeX reads as something else, or that its fonts have under another name."""

_STANDING = frozenset(
    "¡¿«»£§"
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "ĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž"
)
"""Letters and signs of T1, the encoding of fonts that a document loads (Cork encoding, 1990)."""


def one_line(text: str) -> str:
    """Make one line of a text: a line break in a name is a blank, and begins no paragraph."""
    return re.sub(r"\s*[\n\r]\s*", " ", text.strip("\r\n"))


def escaped(text: str) -> str:
    """Make text harmless; a sign that no command is known of is named by its number, so that it compiles anywhere."""
    # Composed, as T1 has a letter with its accent as one sign.
    shown = in_line(one_line(unicodedata.normalize("NFC", text)))
    return "".join(_COMMANDS.get(char) or _standing(char) for char in shown)


def _standing(char: str) -> str:
    return char if char.isascii() or char in _STANDING else f"[U+{ord(char):04X}]"


def booktabs(heads: Sequence[str], rows: Sequence[Sequence[str]], columns: str, caption: str) -> str:
    """Write a table over pages, as booktabs rules them; the first row of heads is said again on each."""
    head = " & ".join(f"\\textbf{{{escaped(text)}}}" for text in heads) + r" \\"
    lines = [" & ".join(map(escaped, row)) + r" \\" for row in rows]
    return "\n".join(
        [
            r"\begingroup\footnotesize\raggedright",
            f"\\begin{{longtable}}{{{columns}}}",
            f"\\caption{{{escaped(caption)}}} \\\\",
            r"\toprule",
            head,
            r"\midrule",
            r"\endhead",
            *lines,
            r"\bottomrule",
            r"\end{longtable}",
            r"\endgroup",
        ]
    )


def figure(file: str, words: str, *, wide: bool) -> str:
    """Place a figure with its caption, over both columns where it is as wide as a text."""
    name = "figure*" if wide else "figure"
    return (
        f"\\begin{{{name}}}\n\\centering\n\\includegraphics{{{file}}}\n\\caption{{{escaped(words)}}}\n\\end{{{name}}}"
    )
