"""When a claim was registered, which commit shows it, and when its answers were first seen: the order of things."""

from collections.abc import Mapping

from ctlab.claims import Claim, Registry
from ctlab.claims.registered import Event, What
from ctlab.claims.registry_file import event_lines
from ctlab.errors import RegistryError
from ctlab.inputs import read_text
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.commits import Commit, commits_of
from ctlab.lab.registered_claims import looks_here


def registration(claims: ClaimRun, claim: Claim, commits: Mapping[tuple[str, Event], Commit]) -> str:
    """Say when a claim was registered for these answers, in which commit, and when its answers were first seen here."""
    registered, experiment = claims.registered, claims.lab
    found = registered.standing(claim, experiment).registered
    if found is None or found.what != What.REGISTERED:
        return ""
    drawn = ", before its problems were drawn" if registered.registry.subjects[found.subject].announced else ""
    commit = commits.get((claim.id, found))
    seen = answers_seen(claims, claim)
    first = f"first answers seen here {_minute(min(seen))}" if seen else "no answers seen here yet"
    shown = commit.words if commit else "no committed history here shows the order"
    # A line can be written with any date; a commit that came after the answers proves nothing of what was before them.
    late = ", before that commit" if seen and commit and commit.digest and commit.date > min(seen) else ""
    return f"registered {_minute(found.date)}{drawn} ({shown}); {first}{late}"


def answers_seen(claims: ClaimRun, claim: Claim) -> list[str]:
    """Return when a verdict on answers that tell something of a claim was seen: of any claim, under whatever name."""
    registered, experiment = claims.registered, claims.lab
    registry, now = registered.registry, registered.now(claim)
    does = {now.does[name] for name in now.compared if name in now.does}
    seen = [look.date for look in looks_here(experiment) if look.claim_id == claim.id or does & {*look.conditions}]
    for other in {claim.id, *registry.claims}:
        for version, event in registry.events(other):
            shared = other == claim.id or does & {version.does[n] for n in version.compared if n in version.does}
            if (
                event.what == What.ACCEPTED
                and shared
                and experiment.subject.shares_answers_with(registry.subjects[event.subject])
            ):
                seen.append(event.date)
    return seen


def unproven(claims: ClaimRun, claim: Claim, commits: Mapping[tuple[str, Event], Commit]) -> str:
    """Say why no commit proves that a claim was registered before its answers were seen; empty where one does.

    Of a claim that was not registered, or late, nothing is said: it is exploratory for that reason.
    """
    found = claims.registered.standing(claim, claims.lab).registered
    if found is None or found.what != What.REGISTERED:
        return ""
    commit, seen = commits.get((claim.id, found)), answers_seen(claims, claim)
    if commit is None:
        return "no committed history shows when it was registered (of a shallow clone: git fetch --unshallow)"
    if not commit.digest:
        return f"its registration is not committed; commit {claims.registered.file.name} before the answers are made"
    if seen and commit.date > min(seen):
        return f"answers that tell of it were seen {_minute(min(seen))}, before the commit that registered it"
    return ""


def _minute(date: str) -> str:
    return f"{date[:10]} {date[11:16]} UTC"


def commits_of_events(claims: ClaimRun) -> dict[tuple[str, Event], Commit]:
    """Return the commit that brought each event of the registry, nothing without git's history."""
    file = claims.registered.file
    if not file.is_file() or not (lines := commits_of(file)):
        return {}
    # As the file is now: accepting has added lines to it since the run began.
    registry, found = Registry.load(file), {}
    for claim_id, version, place, number in event_lines(read_text(file, error=RegistryError)):
        if number in lines:
            found[claim_id, registry.versions(claim_id)[version].history[place]] = lines[number]
    return found
