"""Text that a model wrote, made fit for a page: its invisible marks made visible, and cut when very long."""

from ctlab.untrusted_text import visible

LONGEST = 600
"""Characters of a text that a page shows; the JSON has all of them."""


def clip(text: str, longest: int = LONGEST) -> str:
    """Cut a long text in the open and make its invisible marks visible."""
    shown = visible(text[:longest])
    return f"{shown} … ({len(text):,} characters in all)" if len(text) > longest else shown
