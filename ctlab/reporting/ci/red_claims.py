"""Which claims made a run red, and of what kind each is: a changed verdict, VOID, no verdict at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.records import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RedClaim:
    """A claim whose test failed."""

    id: str
    """The claim's."""
    title: str
    """What happened, in a few words behind the claim's id."""
    message: str
    """Why, with the numbers, and what to do."""
    file: str = ""
    """The test's file from the root of the repository, empty where it is not known."""
    line: int | None = None
    """The test's line, from 1."""
    kind: str = ""
    """What made it red, in words that claims of one kind share."""


def red_claim(row: Mapping[str, Any], *, barred: str = "", file: str = "", line: int | None = None) -> RedClaim:
    """Say of a row whose test failed what happened; ``barred`` says why its verdict does not count in this run."""
    kind, what, more = _what(row, barred)
    message = " ".join(filter(None, [str(row["reason"]).strip(), more]))
    return RedClaim(id=row["id"], title=f"{row['id']}: {what}", message=message, file=file, line=line, kind=kind)


def _what(row: Mapping[str, Any], barred: str) -> tuple[str, str, str]:
    """Return the kind, what happened, and what more there is to say or to do."""
    verdict, accepted = row["verdict"], row["accepted"]
    if row["status"] == "error":
        return "stopped with an error before a verdict", "no verdict, the test stopped with an error", ""
    if verdict == Verdict.VOID:
        return "VOID", f"{verdict}, a control or certificate failed", ""
    if barred and (verdict == Verdict.SUPPORTED or accepted is None):
        return (
            f"{verdict}, which does not count in this run",
            f"{verdict}, which does not count in this run",
            f"It cannot pass: {barred}.",
        )
    if accepted not in (None, verdict):
        return (
            "with another verdict than was accepted",
            f"verdict changed, {accepted} was accepted and now it is {verdict}",
            "Find out why, then accept the new verdict with --ctlab-accept.",
        )
    if accepted == verdict:
        return (
            "accepted and not SUPPORTED, which --ctlab-strict makes red",
            f"{verdict}, which is accepted and not SUPPORTED",
            "With --ctlab-strict only SUPPORTED passes.",
        )
    return (
        "not SUPPORTED, with no verdict accepted",
        f"{verdict}, and no verdict is accepted",
        "Where that is the result, accept it with --ctlab-accept.",
    )
