"""What --ctlab-plan prints: claims, conditions to generate, α, what could be found, and what it would take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.claims import EVERY_OUTCOME, Claim, Prospect, compared_pairs, plan
from ctlab.claims.named_thoughts import other_thoughts
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.progress import duration
from ctlab.lab.share_out import queued_lines

if TYPE_CHECKING:
    from ctlab.lab.run_maker import RunMaker
    from ctlab.lab.several_models import SeveralModels


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """What is known of a claim's conditions before it is judged."""

    share: float
    """Share of problems that change, a proportion."""
    rate: float
    """Rate of the outcome under the first condition, a proportion."""


_HEADINGS = ("claim", "α", "discordant", "detectable", "provable", "remarks")


def plan_lines(claims: ClaimRun) -> list[str]:
    """Return the plan of the selected claims, line by line."""
    lab, selected = claims.lab, claims.selected
    names = claims.needed(claims.fitted_claims)
    measured = pilot(selected, lab)
    prospects = plan(
        claims.registered.families.values(),
        len(lab.problems),
        discordance={claim: before.share for claim, before in measured.items()},
        rate={claim: before.rate for claim, before in measured.items()},
    )
    chosen = {claim.id for claim in selected}
    shown = [prospect for prospect in prospects if prospect.claim_id in chosen]
    return [
        "",
        f"{len(shown)} of {formatting.counted(len(prospects), 'claim')}, "
        f"{formatting.counted(len(lab.problems), 'problem')}, {formatting.counted(len(names), 'condition')}",
        *table([_HEADINGS, *(prospect_row(one, measured=one.claim_id in measured) for one in shown)]),
        "discordant: share of problems whose outcome differs between conditions; ~ assumed, none stored yet",
        "detectable: smallest true effect that is SUPPORTED in 80 % of samples of this size",
        "provable: smallest margin for which “no effect” is SUPPORTED in 80 % of samples where nothing changes",
        *lab.model_flags(names),
        *_other_thoughts(claims),
        *how_to_size_means(selected),
        *cost_lines(names, claims.to_measure(), lab, beside_sweeps=any(claim.sweep for claim in selected)),
    ]


def _other_thoughts(claims: ClaimRun) -> list[str]:
    """Say which claims tell of thoughts that their conditions are not about, before anything is generated."""
    found = {claim.id: other_thoughts(claim, claims.conditions) for claim in claims.fitted_claims}
    return [f"{claim_id}: {said}" for claim_id, each in found.items() for said in each]


def how_to_size_means(claims: Iterable[Claim]) -> list[str]:
    """Say where the standard deviation of a mean is found: what is measured stands in the test, not in the claim."""
    if not any("spread" in claim.kind.rules.plans_with for claim in claims):
        return []
    return [
        "standard deviation of a mean: once the claim was judged (on few problems, with --ctlab-limit) it stands",
        "in report.json: standard_deviation in the details of the claim's effect, or of each of the effect's parts",
    ]


def pilot(claims: Iterable[Claim], lab: "SeveralModels") -> dict[str, Pilot]:
    """Return what stored generations show of each claim whose conditions are all there already."""
    found = {}
    for claim in claims:
        pairs = compared_pairs(claim)
        names = list(dict.fromkeys(name for pair in pairs for name in pair))
        if not names or len(lab.available(names)) < len(names):
            continue
        outcome = "CORRECT" if claim.outcome == EVERY_OUTCOME else claim.outcome
        has = {name: lab.run(name).has(outcome) for name in names}
        shares = [_changed(has[one], has[other]) for one, other in pairs]
        before = has[names[0]]
        share = claim.kind.rules.pilot_discordance(shares)
        found[claim.id] = Pilot(share=share, rate=sum(before) / len(before))
    return found


def _changed(before: Sequence[bool], after: Sequence[bool]) -> float:
    return sum(a != b for a, b in zip(before, after, strict=True)) / len(before)


def prospect_row(prospect: Prospect, *, measured: bool) -> tuple[str, ...]:
    """Return one claim's row of the table."""
    changed = prospect.discordance
    share = "-" if changed is None else f"{'' if measured else '~'}{formatting.percent(changed)}"
    amounts = [_amount(value, prospect.unit) for value in (prospect.detectable, prospect.provable)]
    return (prospect.claim_id, f"{prospect.alpha:.4f}", share, *amounts, prospect.note)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows in aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def cost_lines(
    names: Sequence[str], measured: Sequence[str], lab: "SeveralModels", *, beside_sweeps: bool = False
) -> list[str]:
    """Return what would be generated and measured, and how long that takes here; sweeps are counted elsewhere."""
    missing, unmeasured = lab.missing(names), lab.probes.missing(measured)
    answers, watched = sum(missing.values()), len(unmeasured) * len(lab.problems)
    lines = []
    if answers:
        lines.append(f"to generate: {answers:,} answers ({', '.join(missing)})")
    if watched:
        lines.append(f"to measure: attention and hidden states of {watched:,} answers ({', '.join(unmeasured)})")
    if not lines:
        nothing = "nothing to generate for conditions" if beside_sweeps else "nothing to generate"
        return [f"{nothing}: every answer is recorded or in the store"]
    # Under watch an answer is generated again, and takes about a tenth longer (docs/performance.md).
    work: list[tuple[RunMaker, float]] = [
        (maker, sum(missing.get(name, 0) for name in group)) for maker, group in lab.by_model(names)
    ]
    lines += [line for maker, group in lab.by_model(names) for line in queued_lines(maker, list(group))]
    speeds = [(maker.answers_per_second(), asked) for maker, asked in work if asked]
    if not all(speed for speed, _ in speeds):
        return [*lines, "time: not known before this model's first run here"]
    return [*lines, f"time: about {duration(sum(asked / speed for speed, asked in speeds if speed))}"]


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return formatting.quantity(value, unit).lstrip("+")
