"""What a run saw of its claims: noted in the store in any case, accepted into the registry where that was asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ctlab import formatting
from ctlab.claims import Claim, Registry
from ctlab.claims.registered import Event, What
from ctlab.claims.registry import utc_now
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.registered_claims import NOT_AS_IT_IS
from ctlab.records import Look, Verdict
from ctlab.store import append_looks


def accept(claims: ClaimRun, rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], bool]:
    """Accept the verdicts of a run for claims that are registered; return what to say, and whether all were accepted.

    VOID concludes nothing, so that there is nothing that a later run could be held to.
    """
    before = claims.registered.registry
    with claims.registered.changing(claims.lab.log.say):
        return _accept(claims, rows, before)


def _accept(claims: ClaimRun, rows: Sequence[Mapping[str, Any]], before: Registry) -> tuple[list[str], bool]:
    registered, experiment = claims.registered, claims.lab
    registry, accepted, left_out = registered.registry, [], dict[str, list[str]]()
    for row in rows:
        if row["status"] != "judged":
            continue
        claim, verdict = registered.claims[row["id"]], Verdict(row["verdict"])
        why = "VOID never is" if verdict == Verdict.VOID else registered.unacceptable(claim, experiment)
        why = why or _overtaken(claim.id, verdict, before, registry)
        if why:
            left_out.setdefault(why, []).append(claim.id)
            continue
        known = registered.accepted(claim, experiment)
        # The history is of what happened, not of every run: what this or another run accepted already is not new.
        if known is None or known.verdict != verdict or moved_away(row, known):
            sizes = {len(experiment.problems), *registered.sizes_noted(claim, experiment)}
            event = replace(_event(row, verdict, sizes), family=claim.family)
            registry = registry.accept(claim, event, experiment.subject_of(claim), registered.definitions)
        accepted.append(row)
    if accepted:  # else an empty file would be left where there was none
        registry.knowing(claims.declared).save(registered.file)
    moved = [row for row in accepted if row["accepted"] not in (None, row["verdict"])]
    changed = [f"{row['id']} was {row['accepted']}" for row in moved]
    said = f"accepted {formatting.counted(len(accepted), 'verdict')}"
    said += f" into {registered.file.name}" if accepted else f": {registered.file.name} is left as it was"
    lines = [said + (f" ({', '.join(changed)})" if changed else "")]
    lines += [f"not accepted, {why}: {', '.join(ids)}" for why, ids in left_out.items()]
    if NOT_AS_IT_IS in left_out:
        lines.append("--ctlab-register-late enters claims as they are now; then --ctlab-accept again")
    return lines, not left_out


def _overtaken(claim_id: str, verdict: Verdict, before: Registry, now: Registry) -> str:
    """Say what another run did to a claim while this one ran; empty where it did nothing, or accepted the same.

    The verdict was judged, and its test passed or failed, by the registry as it was before.
    """
    known = [event for _, event in before.events(claim_id)]
    new = [event for _, event in now.events(claim_id) if event not in known]
    if not new or new[-1].verdict == verdict:
        return ""
    what = f"{new[-1].what} as {new[-1].verdict}" if new[-1].verdict is not None else str(new[-1].what)
    return f"another run had it {what} meanwhile; run again"


def moved_away(row: Mapping[str, Any], accepted: Event | None) -> str:
    """Say that a verdict stands and its estimate does not: it lies outside of the interval that was accepted.

    The same model gave the same answers to the same problems, so that what measures them has changed.
    """
    effect = row["effect"]
    if accepted is None or accepted.interval is None or row["verdict"] != accepted.verdict or not effect["estimated"]:
        return ""
    low, high = accepted.interval
    if low <= effect["estimate"] <= high:
        return ""
    return (
        f"{row['id']}: still {row['verdict']}, and its estimate, {effect['estimate']:.6g}, lies outside of the "
        f"interval accepted on {accepted.day}, {low:g} to {high:g}: the same answers are measured otherwise"
    )


def _event(row: Mapping[str, Any], verdict: Verdict, noted: Collection[int]) -> Event:
    effect = row["effect"]
    sizes = sorted({*noted, *(look["n"] for look in row["looks"])})
    estimated = effect["estimated"]
    return Event(
        date=utc_now(),
        what=What.ACCEPTED,
        verdict=verdict,
        estimate=_short(effect["estimate"]) if estimated else None,
        interval=(_short(effect["low"]), _short(effect["high"])) if estimated else None,
        level=_short(effect["level"]) if estimated else None,
        p=_short(effect["p_value"]) if estimated else None,
        n=effect["n"],
        looks=tuple(sizes) if len(sizes) > 1 else (),
    )


def _short(value: float) -> float:
    """Round to six digits: enough to recognise a number, few enough to read."""
    return float(f"{value:.6g}")


def note_looks(
    claims: ClaimRun, rows: Sequence[Mapping[str, Any]], others: Mapping[str, Claim] = MappingProxyType({})
) -> None:
    """Note in the store what this run saw of registered claims, and of others that were judged, by id."""
    registered, experiment = claims.registered, claims.lab
    known = {**others, **registered.claims}
    fresh = []
    for row in rows:
        if row["status"] != "judged" or row["id"] not in known:
            continue
        claim = known[row["id"]]
        now = registered.now(claim)
        look = Look(
            claim_id=claim.id,
            claimed=now.digest,
            statement=claim.statement,
            verdict=Verdict(row["verdict"]),
            model=experiment.subject_of(claim).model,
            problems=experiment.problems_digest,
            source=experiment.source_digest,
            n=len(experiment.problems),
            conditions=tuple(registered.definitions.get(name, name) for name in now.compared),
            date=utc_now(),
            family=claim.family,
        )
        if look.verdict != Verdict.VOID and not any(look.repeats(other) for other in experiment.looks):
            fresh.append(look)
    if fresh:
        about = {definition for look in fresh for definition in look.conditions}
        named = {registered.definitions.get(name, name): each for name, each in experiment.conditions.items()}
        experiment.remember({definition: each for definition, each in named.items() if definition in about})
    append_looks(experiment.settings.store, fresh)
    experiment.looks = (*experiment.looks, *fresh)
