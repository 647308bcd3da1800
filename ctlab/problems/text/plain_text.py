"""Text with one spelling for each character that numbers are written with.

Full-width and other scripts' digits, typographic minus signs and vulgar fractions become ASCII; marks that only steer
rendering (zero-width, right-to-left) vanish; NUL and other controls become spaces.
"""

import re
import unicodedata

_MINUS_SIGNS = (
    "\N{MINUS SIGN}\N{EN DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FULLWIDTH HYPHEN-MINUS}\N{SMALL HYPHEN-MINUS}"
)
_SPELLINGS = {
    **dict.fromkeys(_MINUS_SIGNS, "-"),
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{DIVISION SIGN}": "/",
    "\N{FRACTION SLASH}": "/",
    "\N{DIVISION SLASH}": "/",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
}
_UNUSUAL = re.compile(r"[^\n\t\r -~]")


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
    # No: vulgar fractions, superscripts. A blank goes before a fraction, because 2½ is 2 1/2 and not 21/2.
    if category == "No" and "\N{FRACTION SLASH}" in wide:
        return " " + wide.replace("\N{FRACTION SLASH}", "/")
    return wide if len(wide) == 1 else character


_TABLE = _Spelling()


def plain(text: str) -> str:
    """Spell the text's digits, minus signs, fractions and blanks in ASCII."""
    return text.translate(_TABLE) if _UNUSUAL.search(text) else text
