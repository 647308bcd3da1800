"""The claim's statistic: the cell where a sweep moves a rate most, picked on one half and judged on the other."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from ctlab.errors import CertificateError, ClaimError, StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.swept_axes import EXAMPLE
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.many.all_cells import cell_differences
from ctlab.statistics.many.held_out import Gap, halves_of, held_out_most
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import Question, check_pairs
from ctlab.statistics.requested import check_requested

if TYPE_CHECKING:
    import numpy as np


class SweptOutcomes(Protocol):
    """What is read of a sweep; `ctlab.sweeps.SweepOutcomes` has it all."""

    @property
    def grid(self) -> Any:
        """Its `cells`, each with its `words`, its `axes` and its JSON form."""

    @property
    def problem_ids(self) -> Sequence[str]:
        """Problems in order."""

    @property
    def failure(self) -> str:
        """What of its certificate did not hold; empty where all of it did."""

    @property
    def whole(self) -> Sequence[str]:
        """Axes along which it has every value that the model has."""

    @property
    def part(self) -> str:
        """Which of the problems these are; empty for all."""

    def having(self, outcome: str) -> "np.ndarray":
        """(1 + cells, problems): whether each answer has an outcome, the baseline's first."""


@checked_arguments
def most_in_sweep(
    swept: SweptOutcomes,
    claim: Question,
    *,
    seed: int = 0,
    clusters: Sequence[Hashable] | None = None,
) -> Effect:
    """Return the difference to the baseline of the cell that moves the rate of right answers most.

    Parameters
    ----------
    swept : SweepOutcomes
        Every cell's labels. Half of the problems, by their ids, pick the cell that moves the rate most in the claimed
        direction; the other half measures it.
    claim : Question
        `decrease` or `increase`; `margin` is a proportion.
    seed : int
        Of the halves; a registered claim has those of seed 0.
    clusters : sequence of hashable, optional
        Each problem's cluster, such as its template; a cluster is never in both halves. Not for a registered claim.

    Returns
    -------
    Effect
        `paired_difference` over the half that measures; `n` is its size. ``details["picked"]`` names the cell,
        ``details["where_picked"]`` is its difference on the half that picked it (too large on average),
        ``details["over_second"]`` and ``details["over_rest"]`` say how much further it lies out than every other cell
        and than their mean, ``details["sweep"]`` holds all cells over all problems: differences and which of them
        differ, family-wise at the claim's level.

    Raises
    ------
    CertificateError
        Where the sweep's certificate failed: a claim by it is VOID.
    ClaimError
        Where the sweep goes over something else than the claim says.
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; StatisticsError for the direction `change`.

    Notes
    -----
    A cell that was picked by the same problems that measure it looks larger than it is, by more the more cells there
    are (docs/calibration.md, "Sweeps"). Here picking costs half of the problems and nothing of α.

    References
    ----------
    Cox DR (1975). A note on data-splitting for the evaluation of significance levels. Biometrika 62(2), 441-444.
    """
    check_requested(claim, "most_in_sweep", outcome="CORRECT")
    check_alpha(claim.alpha)
    _refuse_other_than_registered(claim, swept, seed, clusters)
    alternative = side(claim.direction)
    if alternative == "two-sided":
        raise StatisticsError("Where a sweep moves a rate most has a direction; claim an increase or a decrease.")
    if swept.failure:
        raise CertificateError(f"the certificate of the sweep failed: {swept.failure}")
    check_pairs(swept.problem_ids, names=("the sweep",))
    right = swept.having("CORRECT")
    found = held_out_most(
        right,
        halves_of(swept.problem_ids, seed, clusters),
        alternative=alternative,
        margin=claim.margin,
        alpha=claim.alpha,
        clusters=clusters,
    )
    cells = cell_differences(right, alpha=claim.alpha, clusters=clusters)
    words = [cell.words for cell in swept.grid.cells]
    return replace(
        found.effect,
        method=f"picked among {len(words)} cells on {right.shape[1] - found.effect.n:,} other problems: "
        f"{found.effect.method}",
        details={
            **found.effect.details,
            "picked": words[found.cell],
            "where_picked": found.where_picked,
            "over_second": _gap(found.over_second, words),
            "over_rest": _gap(found.over_rest, words),
            "sweep": {
                "grid": swept.grid.to_json(),
                "cell": found.cell,
                "estimates": cells.estimate.tolist(),
                "marked": cells.marked.tolist(),
                "n": cells.n,
                "alpha": cells.alpha,
            },
        },
    )


def _refuse_other_than_registered(
    question: Question, swept: SweptOutcomes, seed: int, clusters: Sequence[Hashable] | None
) -> None:
    """Refuse a sweep over something else than the claim says, and other halves: what is found depends on both."""
    claim: Any = getattr(question, "claim", None)
    if claim is None:
        return
    if seed or clusters is not None:
        given = f"seed={seed}" if seed else "clusters"
        raise ClaimError(
            f"Claim {claim.id!r} was given to most_in_sweep with {given}, which makes other halves and is another try "
            "at the same claim; leave it out: a registered claim has the halves of seed 0, and what more there is to "
            "see ctlab.sweeps.sweep_effects shows."
        )
    if swept.part:
        raise ClaimError(
            f"Claim {claim.id!r} is about all problems, and the statistic was given those of {swept.part}; give it the "
            "whole sweep."
        )
    if claim.sweep is None:
        raise ClaimError(
            f"Claim {claim.id!r} does not say over what its sweep goes, which decides what is found; name it, as in "
            f"{EXAMPLE}."
        )
    if axis := claim.sweep.unlike(swept.grid.axes, swept.whole):
        raise ClaimError(
            f"Claim {claim.id!r} is about a sweep over {claim.sweep.words}, and the statistic was given one with other "
            f"{axis}; give it the claim's, or register a claim about the other."
        )


def _gap(gap: Gap | None, words: Sequence[str]) -> dict[str, Any] | None:
    if gap is None:
        return None
    numbers = {"estimate": gap.estimate, "low": gap.low, "high": gap.high, "p_value": gap.p_value}
    return numbers | {"cell": None if gap.cell is None else words[gap.cell]}
