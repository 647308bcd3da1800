"""Text as LaTeX: nobody's words become a command, and every sign that a report writes has one."""

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


def escaped(text: str) -> str:
    """Make text harmless; a sign that no command is known of is named by its number, so that it compiles anywhere."""
    pieces = (_COMMANDS.get(char) or (char if char.isascii() else f"[U+{ord(char):04X}]") for char in in_line(text))
    return "".join(pieces)


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
