"""Text that somebody else wrote, made fit to be shown: control and direction marks made visible.

A terminal obeys what it is shown (ESC begins a command), and direction marks turn a line around in terminal and browser
alike. Escaping for HTML and Markdown is done where these are written; this is about what escaping leaves alone.
"""

import unicodedata


def visible(text: str) -> str:
    """Write control characters, direction marks and lone surrogates as what they are, such as U+202E."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _harmless(char) else f"[U+{ord(char):04X}]" for char in text)


def in_line(text: str) -> str:
    """The same for what stands within a line, such as a folder's name: a line break in it would begin another one."""
    return visible(text).replace("\n", "[U+000A]")


def in_log(text: str) -> str:
    """The same for what stands in a log that a runner of GitHub may read, which obeys what looks like a command.

    A command begins with ``::`` at the start of a line, or, in its older form, with ``##[`` anywhere in one.
    """
    return in_line(text).replace("##[", "[U+0023]#[")


def _harmless(char: str) -> bool:
    # Cc control, Cf format (direction marks, zero-width characters), Cs lone surrogate, Co and Cn unassigned, and the
    # two separators that break a line for some readers and not for others.
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
