"""The claims of a run as a paper prints them: a table of numbers, and beside it what each claim says."""

import re
from collections.abc import Sequence

from ctlab import formatting
from ctlab.claims.group_words import group_words
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.run_report import Report

HEADS = ("claim", "verdict", "effect", "interval", "p", "n")
STATEMENT_HEADS = ("claim", "what it says")
STATEMENTS_CAPTION = "What the claims say, and what a reader must know beside their verdicts."
_MOST_P = 0.999
"""Above it every p of a table is said in one form, that of exactly 1 too."""
_GROUP = re.compile(r"\b(?:log10 )?(?:n_\w+|max_number) = [\d.]+(?: to [\d.]+)?")


def run_claims(report: Report) -> list[ClaimRow]:
    """Return the claims that were run: a selection's others say nothing."""
    return [claim for claim in report.claims if claim.status != "not_run"]


def judged_of_all(report: Report) -> str:
    """Say how many claims were judged: 68 claims, or 6 of 68 claims."""
    judged, every = sum(claim.verdict is not None for claim in report.claims), len(report.claims)
    return (
        f"{formatting.count(judged)} of {formatting.counted(every, 'claim')}"
        if judged < every
        else (formatting.counted(every, "claim"))
    )


def caption(report: Report) -> str:
    """Say what the table holds, and how many claims it leaves out."""
    problems = formatting.counted(report.problems.n, "problem")
    left_out = len(report.claims) - len(run_claims(report))
    rest = f" Not run, and not in the table: {formatting.counted(left_out, 'claim')}." if left_out else ""
    return f"{judged_of_all(report)}, judged on {problems}; intervals at each claim's own level.{rest}"


def claim_cells(claim: ClaimRow) -> tuple[str, ...]:
    """One claim as cells: its id, what became of it, and the numbers behind it."""
    verdict = str(claim.verdict) if claim.verdict is not None else claim.status.replace("_", " ")
    marks = ", ".join(_marks(claim)) if claim.verdict is not None else ""
    verdict += f" ({marks})" if marks else ""
    effect = claim.effect
    if effect is None:
        return (claim.id, verdict, "–", "–", "–", "–")
    p, n = _p(effect.p_value), formatting.count(effect.n)
    if (measured := effect.measured) is None:
        return (claim.id, verdict, formatting.NO_ESTIMATE, "–", p, n)
    ends = formatting.interval(measured.low, measured.high, claim.unit, effect.landmarks, unit_shown=False)
    estimate = formatting.quantity(measured.estimate, claim.unit, effect.landmarks)
    where = deciding_part(claim)
    estimate += f" ({where})" if where else ""
    return (claim.id, verdict, estimate, f"{ends} ({formatting.level(effect.level)})", p, n)


def _marks(claim: ClaimRow) -> list[str]:
    marks = {
        "positive control": claim.positive_control,
        "exploratory": claim.exploratory,
        "flagged": claim.flags,
    }
    return [mark for mark, given in marks.items() if given]


def deciding_part(claim: ClaimRow) -> str:
    """Name, of a claim about several parts, the one whose numbers decide: CT1 at 2 operations; empty for none."""
    weakest = claim.effect.details.readable().get("weakest") if claim.effect else None
    if not isinstance(weakest, str):
        return ""
    return _GROUP.sub(lambda match: group_words(match[0]), formatting.part(weakest))


def _p(value: float) -> str:
    if value > _MOST_P:
        return "> .999"
    return formatting.p_value(value).removeprefix("p ").removeprefix("= ")


def statement_cells(claim: ClaimRow) -> tuple[str, ...]:
    """One claim as words: its statement, why it is a positive control, its flags."""
    control = f"Positive control: {claim.positive_control.rstrip('.')}." if claim.positive_control else ""
    flags = f"Flagged: {'; '.join(claim.flags).rstrip('.')}." if claim.flags else ""
    return (claim.id, " ".join(filter(None, (claim.statement, control, flags))))


def tables(report: Report) -> tuple[Sequence[tuple[str, ...]], Sequence[tuple[str, ...]]]:
    """Return the rows of both tables, of the claims that were run."""
    claims = run_claims(report)
    return [claim_cells(claim) for claim in claims], [statement_cells(claim) for claim in claims]
