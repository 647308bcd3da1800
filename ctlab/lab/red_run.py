"""Why a run is red although no test of it failed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ctlab.claims.standing import NOT_REGISTERED
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.gate import NOTHING_ACCEPTED, unguarded
from ctlab.lab.lost_entries import lost_entries
from ctlab.lab.registration import Registrations
from ctlab.lab.seen_verdicts import moved_away

Rows = Sequence[Mapping[str, Any]]
UNTESTED = "no test judges it"
"""Reason of a registered claim that the whole suite has no test for."""


def red_reasons(
    claims: ClaimRun, rows: Rows, registrations: Callable[[], Registrations], *, collected: bool
) -> list[str]:
    """Return the reasons, a sentence each; ``collected`` says whether any claim's test was.

    ``registrations`` is called where the order of things matters only: it asks git.
    """
    registered = claims.registered
    standing = set(registered.registry.standing())
    lost = [row["id"] for row in rows if row["reason"] == UNTESTED and row["id"] in standing]
    lines = [f"{', '.join(lost)}: registered, and no test judges it any more"] if lost else []
    lines += [
        f"{claim_id}: registered, and gone from the code; --ctlab-withdraw '{claim_id}=REASON' says why"
        for claim_id in registered.vanished()
    ]
    lines += [f"{claim_id}: {lost.words(registered.file)}" for claim_id, lost in lost_entries(registered.file).items()]
    lines += filter(None, [registered.registry.other_problems(claims.lab.subject)])
    lines += [] if claims.settings.accept else _moved(claims, rows)
    lines += _barred(claims, rows)
    lines += _skipped(claims, rows)
    if asked := unguarded(claims):
        new = [row["id"] for row in rows if row["status"] == "judged" and row["deviation"] == NOT_REGISTERED]
        enter = "enter the claims with --ctlab-register-late and " if new else ""
        lines.append(f"{asked}: {NOTHING_ACCEPTED}; where these are the result, {enter}accept them with --ctlab-accept")
    lines += _unproven(claims, rows, registrations()) if claims.settings.confirmatory else []
    judged = any(row["status"] in ("judged", "error") for row in rows)
    if claims.settings.recorded and not judged and collected:
        lines.append("nothing was judged: no selected claim has all its conditions among the recorded answers")
    return lines


def barred(claims: ClaimRun, row: Mapping[str, Any]) -> str:
    """Say why a claim's SUPPORTED does not count in this run; empty where it does."""
    claim = claims.registered.claims.get(row["id"])
    return claims.barred(claim) if claim is not None else ""


def _barred(claims: ClaimRun, rows: Rows) -> list[str]:
    """Say which claims are judged at another α of their family than was registered: no such run is green."""
    why: dict[str, list[str]] = {}
    for row in rows:
        if row["status"] == "judged":
            why.setdefault(barred(claims, row), []).append(row["id"])
    return [f"{words}: {', '.join(ids)}" for words, ids in why.items() if words]


def _skipped(claims: ClaimRun, rows: Rows) -> list[str]:
    """Say which accepted verdicts a gate could not guard, because a mark or a fixture skipped the test."""
    if not (claims.settings.gate or claims.settings.confirmatory):
        return []
    return [
        f"{row['id']}: accepted as {row['accepted']}, and its test was skipped ({row['reason']}): a gate must run it"
        for row in rows
        if row["status"] == "skipped" and row["accepted"]
    ]


def _unproven(claims: ClaimRun, rows: Rows, registrations: Registrations) -> list[str]:
    """Say which claims no commit shows to have been registered before their answers."""
    why: dict[str, list[str]] = {}
    for row in rows:
        if row["status"] == "judged":
            claim = claims.registered.claims[row["id"]]
            why.setdefault(registrations.of(claim).unproven, []).append(claim.id)
    return [f"--ctlab-confirmatory: {words}: {', '.join(ids)}" for words, ids in why.items() if words]


def _moved(claims: ClaimRun, rows: Rows) -> list[str]:
    """Say which accepted verdicts stand on another estimate than was accepted."""
    registered, lab = claims.registered, claims.lab
    judged = [row for row in rows if row["status"] == "judged" and row["accepted"] and row["effect"]]
    moved = [moved_away(row, registered.accepted(registered.claims[row["id"]], lab)) for row in judged]
    return [*filter(None, moved)]
