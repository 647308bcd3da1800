"""Claims go into the registry before their answers exist, or say that they came after; and leave it with a reason."""

from collections.abc import Iterable, Mapping

from ctlab import formatting
from ctlab.claims import Claim, Registry
from ctlab.claims.registered import Event, Registered, Subject, What
from ctlab.claims.standing import past
from ctlab.errors import RegistryError
from ctlab.interventions import Condition
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.registered_claims import looks_here


def register(claims: ClaimRun, *, late: bool = False) -> tuple[list[str], list[str]]:
    """Enter the selected claims for the answers at hand; return what was done, and which claims were refused and why.

    Without ``late`` a claim is refused whose answers exist, with ``late`` one whose answers do not.
    """
    registered, experiment = claims.registered, claims.lab
    if experiment.settings.recorded and not late:
        raise RegistryError("recorded answers exist already, so no claim can be registered before them")
    with registered.changing(experiment.log.say):
        return _register(claims, late)


def _register(claims: ClaimRun, late: bool) -> tuple[list[str], list[str]]:
    registered, experiment = claims.registered, claims.lab
    registry, subject = registered.registry, experiment.subject
    done: dict[str, list[str]] = {}
    refused = []
    for claim in claims.selected:
        now = registered.now(claim)
        same = registry.version(claim.id, now)
        entry = None if same is None else registry.entry(claim.id, same, subject)
        stands = late or _stands(registry, claim.id, now, subject)
        if entry is not None and stands and not registry.withdrawn(claim.id):
            done.setdefault(f"{entry.what} already, on {entry.day}", []).append(claim.id)
            continue
        known = answers_known(claims, claim)
        if bool(known) != late:
            refused.append(f"{claim.id}: {known or 'nobody has its answers here: --ctlab-register it'}")
            continue
        was = past(claim.id, now, registry, subject, looks_here(experiment)) if late else ""
        what = What.REGISTERED if not late else What.CHANGED if was else What.LATE
        family = registered.families[claim.family]
        registry = registry.enter(what, claim, family, subject, registered.definitions, was=was)
        done.setdefault(str(what), []).append(claim.id)
    registry.save(registered.file)
    lines = [f"{what}: {formatting.listed(ids)}" for what, ids in done.items()]
    return [f"{subject.words}, into {registered.file.name}", *lines], refused


def _stands(registry: Registry, claim_id: str, now: Registered, subject: Subject) -> bool:
    """Whether what is registered for these answers is the claim as it is now."""
    version = registry.registered(claim_id, subject)
    return version is not None and not version.changes(now)


def answers_known(claims: ClaimRun, claim: Claim) -> str:
    """Say where answers are that tell something of a claim: in the history, or in the store; empty for nowhere.

    By what is asked and what is done, not by keys of runs: whatever the precision, the length of answers, the engine's
    version or the names of conditions, these are the model's answers to the problems.
    """
    experiment, registered = claims.lab, claims.registered
    if not experiment.ids:  # of a set that is still to be drawn nobody has answers
        return ""
    now, subject = registered.now(claim), experiment.subject
    compared = {name: registered.definitions.get(name, name) for name in now.compared}
    for claim_id, version, event in _events(registered.registry):
        if event.what in (What.REGISTERED, What.WITHDRAWN):
            continue
        there = registered.registry.subjects[event.subject]
        theirs = {version.does.get(name, name) for name in version.compared}
        if subject.shares_answers_with(there) and not theirs.isdisjoint(compared.values()):
            what = f"was {event.verdict}" if event.verdict else str(event.what)
            return f"its answers are known since {event.day} at the latest, when {claim_id} {what} on {there.words}"
    for look in looks_here(experiment):
        if not set(look.conditions).isdisjoint(compared.values()):
            return f"its answers are known since {look.day}, when {look.claim_id} was {look.verdict} on n = {look.n:,}"
    if experiment.settings.recorded:
        return "its answers are recorded"
    if n := experiment.store.answered(experiment.answered_by, _digests(claims, compared), experiment.ids):
        return (
            f"the store holds answers to {formatting.counted(n, 'problem')} under {formatting.listed(list(compared))}"
        )
    return ""


def _events(registry: Registry) -> Iterable[tuple[str, Registered, Event]]:
    for claim_id in registry.claims:
        for version, event in registry.events(claim_id):
            yield claim_id, version, event


def _digests(claims: ClaimRun, names: Iterable[str]) -> set[str]:
    """Digests under which a store holds runs of conditions; one a limit where a condition draws on other problems."""
    ids = claims.lab.problems.whole.ids
    digests = set[str]()
    for name in names:
        condition: Condition | None = claims.lab.conditions.get(name)
        if condition is None:
            continue
        digests.add(condition.digest)
        if condition.draws_on_others:
            digests.update(condition.digest_among(ids[:n]) for n in range(1, len(ids) + 1))
    return digests


def withdraw(claims: ClaimRun, reasons: Mapping[str, str]) -> list[str]:
    """Withdraw claims that are gone from the code; return what to say."""
    registered = claims.registered
    with registered.changing(claims.lab.log.say) as registry:
        for claim_id, reason in reasons.items():
            if claim_id in registered.claims:
                raise RegistryError(
                    f"claim {claim_id!r} is still in the code; delete it and its test, then withdraw it"
                )
            registry = registry.withdraw(claim_id, reason)
        registry.save(registered.file)
    return [f"withdrawn in {registered.file.name}: {claim_id} ({reason})" for claim_id, reason in reasons.items()]
