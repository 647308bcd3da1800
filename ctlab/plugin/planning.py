"""What --ctlab-plan prints: claims, conditions to generate, α, what could be found, and what it would take."""

from collections.abc import Iterable, Sequence

from ctlab import wording
from ctlab.claims import EVERY_OUTCOME, Claim, Kind, Prospect, plan
from ctlab.outcomes import Outcome
from ctlab.plugin.index import conditions_of, measured_of
from ctlab.plugin.lab import Lab
from ctlab.plugin.progress import duration
from ctlab.plugin.session import ClaimSession

_HEADINGS = ("claim", "α", "discordant", "detectable", "provable", "assuming")


def plan_lines(claims: ClaimSession) -> list[str]:
    """Return the plan of the selected claims, line by line."""
    lab, selected = claims.lab, claims.selected
    names = conditions_of(selected)
    measured = pilot(selected, lab)
    prospects = plan(claims.registration.families.values(), len(lab.problems), discordance=measured)
    chosen = {claim.id for claim in selected}
    shown = [each for each in prospects if each.claim_id in chosen]
    return [
        "",
        f"{len(shown)} of {len(prospects)} registered claims, {len(lab.problems):,} problems, {len(names)} conditions",
        *table([_HEADINGS, *(prospect_row(each, measured=each.claim_id in measured) for each in shown)]),
        "discordant: share of problems that change; measured where generations are stored, else assumed (~)",
        "detectable: smallest true effect found with 80 % power; provable: smallest equivalence margin, likewise",
        *cost_lines(names, measured_of(selected), lab),
    ]


def pilot(claims: Iterable[Claim], lab: Lab) -> dict[str, float]:
    """Return the share of problems that change, for each claim whose conditions are there already."""
    shares = {}
    for claim in claims:
        pair = claim.conditions[1:3] if claim.kind == Kind.MORE_THAN else claim.conditions[:2]
        if len(pair) == 2 and len(lab.available(pair)) == 2:
            outcome = Outcome.CORRECT if claim.outcome == EVERY_OUTCOME else Outcome(claim.outcome)
            before, after = (lab.run(name).has(outcome) for name in pair)
            shares[claim.id] = sum(a != b for a, b in zip(before, after, strict=True)) / len(before)
    return shares


def prospect_row(prospect: Prospect, *, measured: bool) -> tuple[str, ...]:
    """Return one claim's row of the table."""
    changed = prospect.discordance
    share = "-" if changed is None else f"{'' if measured else '~'}{wording.percent(changed)}"
    found = [_amount(value, prospect.unit) for value in (prospect.detectable, prospect.provable)]
    return (prospect.claim_id, f"{prospect.alpha:.4f}", share, *found, prospect.note)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows in aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def cost_lines(names: Sequence[str], measured: Sequence[str], lab: Lab) -> list[str]:
    """Return what would be generated and measured, and how long that takes here."""
    missing, unmeasured = lab.missing(names), lab.probes.missing(measured)
    answers, watched = sum(missing.values()), len(unmeasured) * len(lab.problems)
    lines = []
    if answers:
        lines.append(f"to generate: {answers:,} answers ({', '.join(missing)})")
    if watched:
        lines.append(f"to measure: attention and hidden states of {watched:,} answers ({', '.join(unmeasured)})")
    if not lines:
        return ["nothing to generate: every answer is recorded or in the store"]
    speed = lab.answers_per_second()
    # Under watch an answer is generated again, and takes up to twice as long.
    time = (
        f"about {duration((answers + 2 * watched) / speed)}"
        if speed
        else "not known before this model's first run here"
    )
    return [*lines, f"time: {time}"]


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return wording.quantity(value, unit).lstrip("+")
