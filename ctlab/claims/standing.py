"""What a claim is worth on the answers at hand: confirmatory if it was registered for them first, else exploratory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.claim import Claim, Family
from ctlab.claims.registered import ENTERED, Event, Registered, What
from ctlab.claims.registry import Registry
from ctlab.claims.subject import Subject
from ctlab.records.judgement import Verdict
from ctlab.records.look import Look

REWORDED = "reworded since it was registered, and the same claim"
"""Begins what is said of a claim that has other words for the same."""


NOT_REGISTERED = "not registered"
"""Why a claim is EXPLORATORY that was never registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a claim stands to a subject."""

    deviation: str = ""
    """Why it is EXPLORATORY on these answers; empty where it is confirmatory."""
    registered: Event | None = None
    """How it was entered for this subject, as it is; None where it never was."""
    alpha: float
    """Level that it is judged at: its family's share now, and never a laxer one than was registered."""
    barred: str = ""
    """Why SUPPORTED cannot pass: its family's level is not the registered one; empty where it is."""
    remarks: tuple[str, ...] = ()
    """What a reader must know and what makes nobody exploratory."""
    looks: tuple[Look, ...] = ()
    """What was seen of it before, of this model on this source of problems, a look each number of problems."""


def standing(
    claim: Claim,
    family: Family,
    registry: Registry,
    subject: Subject,
    *,
    definitions: Mapping[str, str] | None = None,
    looks: Sequence[Look] = (),
    source: str = "",
) -> Standing:
    """Return how a claim stands to a subject.

    Parameters
    ----------
    claim, family : Claim, Family
        The claim and its family as they are now.
    registry : Registry
        What was registered, accepted and withdrawn.
    subject : Subject
        Model, problems and decoding at hand.
    definitions : mapping of str to str, optional
        Digest of what each condition does, by name: a claim that names one means it.
    looks : sequence of Look, optional
        What the store has of this claim and this model.
    source : str, optional
        Digest of the whole set that the subject's problems are the first of.
    """
    now = Registered.of(claim, definitions)
    same = registry.version(claim.id, now)
    withdrawn = withdrawn_after_answers(registry, family, subject, looks)
    share = family.alpha / (len(family.claims) + len(withdrawn))
    mine = None if same is None else registry.entry(claim.id, same, subject)
    # Where it was not registered for these answers, the level that it was last registered at holds all the same.
    entries = same.events(*ENTERED) if same is not None else ()
    level = mine or (entries[-1] if entries else None)
    before = tuple(look for look in looks if look.claim_id == claim.id and look.source == source)
    return Standing(
        deviation=_deviation(claim.id, now, registry, subject, looks)
        or _moved(claim, family, same, level, registry, subject, looks),
        registered=mine,
        alpha=min(share, level.alpha or 1.0) if level else share,
        barred=_barred(level, family),
        remarks=(*_wording(same, now), *_family(level, family, len(withdrawn)), *_counted(before, subject.n)),
        looks=before,
    )


def past(claim_id: str, now: Registered, registry: Registry, subject: Subject, looks: Sequence[Look]) -> str:
    """Say what had become, on answers that the subject shares, of the claim as it was before; empty for nothing."""
    seen = [
        (event.date, f"{event.verdict}{_worded(version.statement, now)} on {event.day}")
        for version, event in registry.events(claim_id)
        if event.what == What.ACCEPTED
        and subject.shares_answers_with(registry.subjects[event.subject])
        and version.changes(now)
    ]
    seen += [
        (look.date, f"{look.verdict}{_worded(look.statement, now)} on {look.day}")
        for look in looks
        if look.claim_id == claim_id and look.claimed != now.digest
    ]
    return min(seen)[1] if seen else ""


def _worded(statement: str, now: Registered) -> str:
    """Return the words in which a claim was made, where they are not those of now."""
    return "" if statement == now.statement else f" as “{statement}”"


def _deviation(claim_id: str, now: Registered, registry: Registry, subject: Subject, looks: Sequence[Look]) -> str:
    versions = registry.versions(claim_id)
    if not versions:
        return NOT_REGISTERED
    if (withdrawn := registry.withdrawn(claim_id)) is not None:
        return f"withdrawn on {withdrawn.day}: {withdrawn.reason}"
    same, registered = registry.version(claim_id, now), registry.registered(claim_id, subject)
    if same is not None and registered is same:
        return ""
    entry = None if same is None else registry.entry(claim_id, same, subject)
    was = (entry.was if entry else "") or past(claim_id, now, registry, subject, looks)
    changes = (registered or versions[0]).changes(now)
    # A look at another form of the claim, which is gone again, has changed nothing.
    if was and (changes or (entry is not None and entry.was)):
        return f"was {was}; changed after the answers were seen" + (f": {changes}" if changes else "")
    if entry is not None and entry.what == What.LATE:
        return "registered only after its answers were seen"
    if registered is not None:
        return f"changed since it was registered: {registered.changes(now)}"
    if same is None:
        return f"changed since it was registered: {versions[-1].changes(now)}"
    return _elsewhere(same, registry, subject)


def _elsewhere(version: Registered, registry: Registry, subject: Subject) -> str:
    """Say for which answers a claim was registered that was not registered for the ones at hand."""
    if other := registry.other_problems(subject):
        return other
    others = [registry.subjects[event.subject] for event in version.events(*ENTERED)]
    sizes = sorted({o.n for o in others if o.model == subject.model and o.problems_name == subject.problems_name})
    if sizes and subject.n not in sizes:
        registered = formatting.listed([f"{n:,}" for n in sizes])
        return f"n = {subject.n:,} was not registered, n = {registered} was"
    return "not registered for this model and these problems"


def _barred(level: Event | None, family: Family) -> str:
    if level is None or level.family_alpha == family.alpha:
        return ""
    return f"α of a family was {level.family_alpha:g} when it was registered and is {family.alpha:g} in this run"


def _wording(same: Registered | None, now: Registered) -> tuple[str, ...]:
    if same is None or same.statement == now.statement:
        return ()
    return (f"{REWORDED}: it was “{same.statement}”",)


def _family(level: Event | None, family: Family, withdrawn: int) -> tuple[str, ...]:
    """Say how a claim's family differs from the one that it was registered in, with both levels."""
    size = len(family.claims) + withdrawn
    counted = f" ({withdrawn} of them withdrawn after their answers were seen)" if withdrawn else ""
    if level is None or level.alpha is None:
        return (f"its family counts {size} claims{counted}",) if withdrawn else ()
    moved = f"its family was {level.family} and is {family.name}; " if level.family != family.name else ""
    if not moved and not withdrawn and level.family_size == size:
        return ()
    said = f"its family had {level.family_size} claims at registration and has {size}{counted}"
    then, today = f"{level.alpha:.4g}", f"{family.alpha / size:.4g}"
    kept = ", which is laxer: the registered one holds" if family.alpha / size > level.alpha else ""
    return (f"{moved}{said}, so that α was {then} and is {today}{kept}",)


def withdrawn_after_answers(
    registry: Registry, family: Family, subject: Subject, looks: Sequence[Look] = ()
) -> dict[str, Verdict]:
    """Return the claims that were withdrawn from a family after a verdict on these answers was seen, with the last.

    They keep counting: who leaves out what did not come out has made as many tries as before.
    """
    last: dict[str, Verdict] = {}
    for claim_id in registry.claims:
        events = [event for _, event in registry.events(claim_id)]
        entries = [event.family for event in events if event.what in ENTERED]
        if registry.withdrawn(claim_id) is None or not entries or entries[-1] != family.name:
            continue
        seen = [
            (event.date, event.verdict)
            for event in events
            if event.what == What.ACCEPTED and subject.shares_answers_with(registry.subjects[event.subject])
        ]
        seen += [(look.date, look.verdict) for look in looks if look.claim_id == claim_id]
        known = [(date, verdict) for date, verdict in seen if verdict is not None]
        if known:
            last[claim_id] = max(known)[1]
    return last


def _moved(
    claim: Claim,
    family: Family,
    same: Registered | None,
    level: Event | None,
    registry: Registry,
    subject: Subject,
    looks: Sequence[Look],
) -> str:
    """Say that a claim was moved into another family after its answers were seen; empty where it was not.

    An accepted verdict was judged in the family that the claim was entered in before; a look says itself in which.
    """
    if level is None or level.alpha is None or same is None or level.family == family.name:
        return ""
    seen = any(
        event.what == What.ACCEPTED
        and event.family in ("", level.family)
        and subject.shares_answers_with(registry.subjects[event.subject])
        for event in same.history
    )
    seen = seen or any(look.claim_id == claim.id and look.family in ("", level.family) for look in looks)
    if not seen:
        return ""
    return f"was judged at {level.alpha:.2g} in family {level.family}; moved after the answers were seen"


def _counted(before: Sequence[Look], n: int) -> tuple[str, ...]:
    """Say at how many numbers of problems a claim was judged, this run's included; nothing of one."""
    sizes = sorted({n, *(look.n for look in before)})
    if len(sizes) < 2:
        return ()
    return (f"looked at {len(sizes)} times, at n = {formatting.listed([f'{size:,}' for size in sizes])}",)
