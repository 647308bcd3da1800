"""A run's verdicts as a badge: how many are as claimed, how many as accepted, how many red; grey of a look."""

from collections.abc import Sequence
from typing import Literal

from ctlab.records.judgement import Verdict
from ctlab.reporting.model.claim_row import ClaimRow

BADGE = "verdicts.svg"
"""Name of the file in a report's folder."""
Stands = Literal["as claimed", "accepted", "not accepted", "red"]
_LABEL = "claims"
_WIDTH, _SPACE = 6.6, 12
"""Pixels of a letter of 11-pixel sans, its widest digits and lower case, and room around a text; the text is then
fitted to that width, so that no font runs over."""
_RED, _GREEN, _GREY = "#b3261e", "#2b6a30", "#5b5e66"
"""White on each has a contrast of at least 6 (WCAG 2.1 asks for 4.5)."""


def stands(claim: ClaimRow, *, look: bool = False) -> Stands | None:
    """How a claim stands, by the rule that makes its test red; None where it was not run.

    In a ``look`` nothing was accepted of any claim, and what is not SUPPORTED is not red.
    """
    if claim.status == "error":
        return "red"
    if claim.verdict is None:
        return None
    if claim.verdict == Verdict.VOID or claim.accepted not in (None, claim.verdict):
        return "red"
    if claim.verdict == Verdict.SUPPORTED:
        return "as claimed"
    return "accepted" if claim.accepted is not None else "not accepted" if look else "red"


def verdict_badge(claims: Sequence[ClaimRow], *, look: bool = False) -> str:
    """Draw the badge as SVG: attributes alone, no font of its own, the text also for those who do not see it."""
    found = [stands(claim, look=look) for claim in claims]
    kinds: tuple[Stands, ...] = ("as claimed", "not accepted" if look else "accepted", "red")
    text = " · ".join(f"{found.count(kind)} {kind}" for kind in kinds) if any(found) else "none judged"
    colour = _RED if "red" in found else _GREEN if any(found) and not look else _GREY
    left, right = (round(len(part) * _WIDTH) + _SPACE for part in (_LABEL, text))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{_LABEL}: {text}">\n'
        f"<title>{_LABEL}: {text}</title>\n"
        f'<rect width="{left + right}" height="20" rx="3" fill="{colour}"/>\n'
        f'<path d="M3 0h{left - 3}v20h-{left - 3}a3 3 0 0 1-3-3v-14a3 3 0 0 1 3-3z" fill="#444"/>\n'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">\n'
        f"{_text(_LABEL, left / 2, left)}\n{_text(text, left + right / 2, right)}\n</g>\n</svg>\n"
    )


def _text(text: str, middle: float, width: int) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - _SPACE}" lengthAdjust="spacingAndGlyphs">{text}</text>'
