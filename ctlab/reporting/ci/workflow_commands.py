"""Annotations on GitHub: workflow commands, each a line of the log that the runner reads.

Form and escapes: https://docs.github.com/actions/reference/workflow-commands-for-github-actions and `@actions/core`,
whose ``escapeData`` and ``escapeProperty`` are followed here.
"""

from collections.abc import Sequence

from ctlab.reporting.ci.red_claims import RedClaim
from ctlab.reporting.prose.untrusted_text import clip
from ctlab.untrusted_text import visible

MOST = 10
"""Annotations of one type that GitHub keeps of a step (https://github.com/orgs/community/discussions/26680)."""
_LONGEST = 4_000  # characters: an annotation is read beside a line of code; GitHub's own limit is 64 KB
_LONGEST_TITLE = 255  # characters of a title in GitHub's API of checks


def error_commands(claims: Sequence[RedClaim], others: Sequence[str] = ()) -> list[str]:
    """Return a command for each claim and each other reason of a red run; the last one names what does not fit."""
    found = [*claims, *(RedClaim(id="", title="ctlab: the run is red", message=reason) for reason in others)]
    if len(found) <= MOST:
        return [error_command(claim) for claim in found]
    shown, rest = found[: MOST - 1], found[MOST - 1 :]
    named = "\n".join(claim.title if claim.id else claim.message for claim in rest)
    last = RedClaim(id="", title=f"ctlab: {len(rest)} more are red", message=named)
    return [error_command(claim) for claim in (*shown, last)]


def error_command(claim: RedClaim) -> str:
    """Return the command of one annotation."""
    properties = {"file": claim.file, "line": claim.line or "", "title": visible(claim.title)[:_LONGEST_TITLE]}
    told = ",".join(f"{name}={escaped_property(str(value))}" for name, value in properties.items() if value)
    return f"::error {told}::{escaped_data(clip(claim.message, _LONGEST))}"


def escaped_data(text: str) -> str:
    """Escape a command's message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """Escape the value of a command's property."""
    return escaped_data(text).replace(":", "%3A").replace(",", "%2C")
