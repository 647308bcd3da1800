"""Whether a statistic answers what its claim asks: kind, outcome, feature and conditions as the claim names them."""

from collections.abc import Sequence
from typing import Any

from ctlab.errors import ClaimError
from ctlab.statistics.pairing import AnsweredRun, Question

EVERY_OUTCOME = "EVERY"
"""What a claim about all labels at once names as its outcome."""
_ANSWERS = {
    "difference": "rate_difference",
    "equivalence": "rate_equivalence or every_outcome_equivalent",
    "more than": "stronger",
    "error mix": "error_mix",
    "interaction": "interaction",
    "ratio": "ratio",
    "additivity": "additivity",
    "auc": "auc",
    "ordered trend": "ordered_trend",
    "not all equal": "cochran_q",
    "mean": "measured_mean",
    "every mean": "every_measured_mean",
    "line": "measured_trend",
}
"""The statistic that answers each kind of claim."""


def check_asked(
    question: Question,
    *kinds: str,
    runs: Sequence[AnsweredRun] = (),
    outcome: str | None = None,
    feature: str | None = None,
    with_reference: bool = True,
) -> None:
    """Raise unless a statistic was given what the claim behind `question` names.

    Parameters
    ----------
    question : Question
        What a test holds as its claim. A plain question (a notebook's, or the same one at another level) has no
        `claim` and names nothing, so that nothing can be compared.
    *kinds : str
        The kinds of claim that the statistic answers.
    runs : sequence of Run
        What it was given, in order; their conditions must be the claim's, in the same order. Empty for a statistic
        that is given measurements, which do not say where they are from.
    outcome, feature : str, optional
        What it was given; None where it takes none.
    with_reference : bool
        Whether `runs` begin with the claim's first condition; a statistic in which the reference cancels leaves it out.

    Raises
    ------
    ClaimError
        Naming the claim, what it names, and what was given: certificates and controls are those of the conditions
        that a claim names, so a verdict from others would rest on nothing.
    """
    claim: Any = getattr(question, "claim", None)
    if claim is None:
        return
    if claim.kind not in kinds:
        raise ClaimError(
            f"Claim {claim.id!r} is of the kind {str(claim.kind)!r}, and was given a statistic for "
            f"{' or '.join(map(repr, kinds))}; use {_ANSWERS.get(claim.kind, 'the statistic of its kind')}, "
            "or register the claim as what is tested."
        )
    for what, named, given in (("outcome", claim.outcome, outcome), ("feature", claim.feature, feature)):
        if given is not None and str(named) != str(given):
            step = f"give it the claim's {what}"
            if EVERY_OUTCOME in (named, given):
                step = "use every_outcome_equivalent for all outcomes and rate_equivalence for one"
            raise ClaimError(
                f"Claim {claim.id!r} names the {what} {str(named)!r}, and the statistic was given {str(given)!r}; "
                f"{step}, or register a claim about the other one."
            )
    asked = tuple(claim.conditions) if with_reference else tuple(claim.conditions[1:])
    had = tuple(run.condition.name for run in runs)
    if runs and had != asked:
        raise ClaimError(
            f"Claim {claim.id!r} compares {_listed(asked)}{'' if with_reference else ' (its reference cancels)'}, and "
            f"the statistic was given {_listed(had)}; give it the runs of the claim's conditions in that order, "
            "or register a claim about the others."
        )


def _listed(names: Sequence[str]) -> str:
    """Return names in order, or that there are none."""
    return ", ".join(names) or "no conditions"
