"""Text with one spelling for each character that numbers are written with.

Full-width and other scripts' digits, typographic minus signs and vulgar fractions become ASCII; marks that only steer
rendering (zero-width, right-to-left) vanish; NUL and other controls become spaces. Raised digits are a power (``10⁵``
is ``10^5``), lowered ones an index (``H₂O`` is ``H_2O``), and digits in circles stay what they are: marks, no digits.
"""

import re
import unicodedata

_MINUS_SIGNS = (
    "\N{MINUS SIGN}\N{EN DASH}\N{FIGURE DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{SMALL HYPHEN-MINUS}\N{HEAVY MINUS SIGN}"
)
_TIMES_SIGNS = (
    "\N{MULTIPLICATION SIGN}\N{MULTIPLICATION X}\N{DOT OPERATOR}\N{MIDDLE DOT}\N{BULLET OPERATOR}\N{ASTERISK OPERATOR}"
)
_SPELLINGS = {
    **dict.fromkeys(_MINUS_SIGNS, "-"),
    **dict.fromkeys(_TIMES_SIGNS, "*"),
    "\N{DIVISION SIGN}": "/",
    "\N{FRACTION SLASH}": "/",
    "\N{DIVISION SLASH}": "/",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
}
_UNUSUAL = re.compile(r"[^\n\t\r -~]")
# A dash that touches a number and nothing before it is a sign; between blanks it is punctuation.
_DASH_SIGN = re.compile(r"(?<![^\s:=(\[*$])[\N{EM DASH}\N{HORIZONTAL BAR}](?=[$€£¥]?\d)")
# So is a minus sign that stands apart, unless something is taken from something; a hyphen there may be a bullet.
_MINUS_APART = re.compile(r"(?<![^\s:=(\[*$])(?<![\w)\]%.$]\s)\N{MINUS SIGN}\s(?=[$€£¥]?\d)")
_UP = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_DOWN = "₀₁₂₃₄₅₆₇₈₉"
_SMALL = str.maketrans(_UP + _DOWN, "0123456789+-0123456789")
# It begins where the raised digits do: a search that began again at each of them would take quadratic time.
_SMALL_FRACTION = re.compile(rf"(?<![{_UP}])[{_UP}]++[\N{{FRACTION SLASH}}/][{_DOWN}]++")
# "1 ½" is "1½": the blank that a vulgar fraction gets is there already.
_BLANK_BEFORE = re.compile(r"(?<=\d)[ \u00a0](?=[\u00bc-\u00be\u2150-\u215e])")
_RAISED = re.compile(rf"[{_UP}]++(?![{_UP}])")
_LOWERED = re.compile(rf"[{_DOWN}]++(?![{_DOWN}])")


class _Spelling(dict[int, str]):
    """Table for ``str.translate`` that looks a character up when it is first met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _spell(chr(code)))


def _spell(character: str) -> str:
    if character in _SPELLINGS:
        return _SPELLINGS[character]
    # Nd: digits of any script. Cf: zero-width and direction marks. Cc, Cs, Z*: controls, halves of characters, blanks.
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf":
        return ""
    if category in ("Cc", "Cs", "Zs", "Zl", "Zp") and character not in "\n\t\r":
        return " "
    wide = unicodedata.normalize("NFKC", character)
    # No: vulgar fractions, digits in circles. A blank goes before a fraction, because 2½ is 2 1/2 and not 21/2.
    if category == "No" and "\N{FRACTION SLASH}" in wide:
        return " " + wide.replace("\N{FRACTION SLASH}", "/")
    if category == "No":
        return character
    return wide if len(wide) == 1 else character


_TABLE = _Spelling()


def plain(text: str) -> str:
    """Spell the text's digits, minus signs, fractions and blanks in ASCII."""
    if not _UNUSUAL.search(text):
        return text
    text = _BLANK_BEFORE.sub("", text)
    text = _SMALL_FRACTION.sub(lambda match: " " + match[0].translate(_SMALL), text)
    text = _RAISED.sub(lambda match: "^" + match[0].translate(_SMALL), text)
    text = _LOWERED.sub(lambda match: "_" + match[0].translate(_SMALL), text)
    text = _MINUS_APART.sub("-", text)
    return _DASH_SIGN.sub("-", text.translate(_TABLE))
