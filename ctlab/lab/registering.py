"""Claims go into the registry before their answers exist, or say that they came after; and leave it with a reason."""

from collections.abc import Mapping

from ctlab import formatting
from ctlab.claims import Claim, Registry
from ctlab.claims.registered import Registered, What
from ctlab.claims.standing import past, withdrawn_after_answers
from ctlab.claims.subject import Subject
from ctlab.errors import RegistryError
from ctlab.lab.answers_seen import AnswersSeen, Seen
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.lost_entries import lost_entries


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
    registry, subjects = registered.registry, dict[str, None]()
    done: dict[str, list[str]] = {}
    refused, answers = [], AnswersSeen(claims)
    lost = lost_entries(registered.file)
    for claim in claims.selected:
        subject = experiment.subject_of(claim)
        subjects[subject.words] = None
        now = registered.now(claim)
        same = registry.version(claim.id, now)
        entry = None if same is None else registry.entry(claim.id, same, subject)
        stands = late or _stands(registry, claim.id, now, subject)
        if entry is not None and stands and not registry.withdrawn(claim.id):
            done.setdefault(f"{entry.what} already, on {entry.day}", []).append(claim.id)
            continue
        if claim.id in lost:
            refused.append(f"{claim.id}: {lost[claim.id].words(registered.file)}")
            continue
        known = answers_known(claims, claim, answers)
        if bool(known) != late:
            late_alone = f"{known}; --ctlab-register-late enters it, EXPLORATORY on these answers"
            refused.append(f"{claim.id}: {late_alone if known else 'nobody has its answers here: --ctlab-register it'}")
            continue
        was = past(claim.id, now, registry, subject, experiment.looks_at(subject)) if late else ""
        what = What.REGISTERED if not late else What.CHANGED if was else What.LATE
        family = registered.families[claim.family]
        gone = len(withdrawn_after_answers(registry, family, subject, experiment.looks_at(subject)))
        registry = registry.enter(what, claim, family, subject, registered.definitions, was=was, withdrawn=gone)
        done.setdefault(str(what), []).append(claim.id)
    registry.knowing(claims.declared).save(registered.file)
    lines = [f"{what}: {formatting.listed(ids)}" for what, ids in done.items()]
    about = formatting.listed(list(subjects) or [experiment.subject.words])
    return [f"{about}, into {registered.file.name}", *lines], refused


def _stands(registry: Registry, claim_id: str, now: Registered, subject: Subject) -> bool:
    """Whether what is registered for these answers is the claim as it is now."""
    version = registry.registered(claim_id, subject)
    return version is not None and not version.changes(now)


def answers_known(claims: ClaimRun, claim: Claim, answers: AnswersSeen | None = None) -> str:
    """Say where answers are that tell something of a claim: in the history, or in the store; empty for nowhere."""
    answers = answers or AnswersSeen(claims)
    if seen := answers.of(claim):
        return _known_since(seen[0])
    if claims.lab.settings.recorded and claims.lab.ids:
        return "its answers are recorded"
    return answers.stored(claim)


def _known_since(seen: Seen) -> str:
    late = "" if seen.event is None else " at the latest"  # a line of the history is written after what it tells
    said = f"its answers are known since {seen.date[:10]}{late}, when {seen.words}"
    return f"{said}; {seen.how}" if seen.how else said


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
