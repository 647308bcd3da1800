"""Text that a model wrote, made fit to be shown: cut when very long, control and direction marks made visible.

Escaping for HTML is the template engine's work; this is about what escaping leaves alone.
"""

import unicodedata

LONGEST = 600
"""Characters of a text that a page shows; the JSON has all of them."""


def clip(text: str, longest: int = LONGEST) -> str:
    """Cut a long text in the open and make its invisible marks visible."""
    shown = visible(text[:longest])
    return f"{shown} … ({len(text):,} characters in all)" if len(text) > longest else shown


def visible(text: str) -> str:
    """Write control characters, direction marks and lone surrogates as what they are, such as U+202E."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _harmless(char) else f"[U+{ord(char):04X}]" for char in text)


def _harmless(char: str) -> bool:
    # Cc control, Cf format (direction marks, zero-width characters), Cs lone surrogate, Co and Cn unassigned.
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
