r"""LaTeX as models write it in answers, spelled in plain text: ``\frac{3}{4}``, ``1{,}234``, ``3 \times 10^{4}``.

``\boxed{...}`` stays as it is: what stands in it is an answer, and who reads answers looks for it.
"""

import re

THIN = "\N{THIN SPACE}"
"""What ``\\,`` sets; between digits it groups thousands."""
_SIGNS = {
    **dict.fromkeys(("times", "cdot", "ast"), "*"),
    **dict.fromkeys(("div",), "/"),
    **dict.fromkeys(("approx", "simeq", "cong"), "≈"),
    **dict.fromkeys(("le", "leq", "leqslant"), "≤"),
    **dict.fromkeys(("ge", "geq", "geqslant"), "≥"),
    **dict.fromkeys(("to", "rightarrow", "Rightarrow", "implies", "therefore"), " → "),
    **dict.fromkeys(("dots", "ldots", "cdots"), "..."),
    **dict.fromkeys(("left", "right", "displaystyle", "big", "Big", "bigl", "bigr", "!"), ""),
    **dict.fromkeys(("quad", "qquad", "(", ")", "[", "]", "boldsymbol", "bf", "rm"), " "),
    **dict.fromkeys((",", ";", ":", " "), THIN),
    **{sign: sign for sign in "%$#&_"},
    **{"lt": "<", "gt": ">", "neq": "≠", "ne": "≠", "pm": "±", "pi": "π", "degree": "°", "circ": "°", "sim": "~"},
    "{": "(",
    "}": ")",
    "\\": "\n",
}
# Longer contents are no number, and bounds keep the search linear in hostile text.
_FRACTION = re.compile(
    r"(?P<digit>\d ?)?\\[dtc]?frac *(?:\{(?P<over>[^{}\n]{1,40}+)\}|(?P<o>\d))"
    r" *(?:\{(?P<under>[^{}\n]{1,40}+)\}|(?P<u>\d))"
)
_WORDS = re.compile(
    r"\\(?:text|mathrm|mathbf|mathit|mathsf|textbf|textit|textrm|texttt|mbox|operatorname|underline|emph)"
    r" *\{([^{}\n]{0,200}+)\}"
)
_RAISED = re.compile(r"\^ *\{([^{}\n]{1,12}+)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+|[^A-Za-z\n])")
_NUMERAL = re.compile(r"\s*-?\s*[\d.,]+\s*")


def without_latex(text: str) -> str:
    r"""Spell LaTeX commands as plain text; an unknown command stays as it is."""
    if "\\" not in text and "{,}" not in text:
        return text
    text = text.replace("{,}", ",").replace(",\\!", ",")
    text = _WORDS.sub(r"\1", _WORDS.sub(r"\1", text))
    text = _FRACTION.sub(_fraction, _FRACTION.sub(_fraction, text))
    text = _RAISED.sub(r"^\1", text)
    return _COMMAND.sub(lambda match: _SIGNS.get(match[1], match[0]), text).replace("^°", "°")


def _fraction(match: re.Match[str]) -> str:
    over, under = match["over"] or match["o"], match["under"] or match["u"]
    if _NUMERAL.fullmatch(over) and _NUMERAL.fullmatch(under):
        # A whole number in front is that of a mixed number: 2\frac{1}{2} is 2 1/2.
        return f"{match['digit'].strip() + ' ' if match['digit'] else ''}{over.strip()}/{under.strip()}"
    return f"{match['digit'] or ''}({over})/({under})"
