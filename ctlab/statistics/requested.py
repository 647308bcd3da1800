"""Whether a statistic answers what its claim asks: kind, outcome, feature and conditions as the claim names them."""

from collections.abc import Sequence
from typing import Any, Protocol

from ctlab.errors import ClaimError
from ctlab.records.own_functions import NOTHING_OWN, named_feature, named_outcome, own_feature, own_outcome
from ctlab.statistics.pairing import AnsweredRun, FeatureLike, OutcomeLike, Question, own_of

EVERY_OUTCOME = "EVERY"
"""What a claim about all labels at once names as its outcome."""


class ClaimFields(Protocol):
    """What everybody reads of a claim; `ctlab.claims.Claim` has it all."""

    @property
    def id(self) -> str:
        """Short name."""

    @property
    def outcome(self) -> str:
        """Outcome whose rate is compared."""

    @property
    def feature(self) -> str:
        """Feature of a problem that it is about, empty for none."""

    @property
    def scale(self) -> str:
        """Scale on which the effect is declared."""

    @property
    def adjust(self) -> tuple[str, ...]:
        """Features that are adjusted for."""

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of the compared conditions, the reference first."""


class Requested(ClaimFields, Protocol):
    """What a statistic reads besides, by the claim's kind."""

    @property
    def kind(self) -> str:
        """Name of its kind."""

    @property
    def statistics(self) -> tuple[str, ...]:
        """Public names of the statistics that answer it."""

    @property
    def taken(self) -> tuple[str, ...]:
        """Names of those whose runs its statistic takes, in order: without the reference where that cancels."""


def check_requested(
    question: Question,
    statistic: str,
    *,
    runs: Sequence[AnsweredRun] = (),
    outcome: OutcomeLike | None = None,
    feature: FeatureLike | None = None,
    scale: str | None = None,
    adjust: Sequence[str] | None = None,
) -> None:
    """Raise unless a statistic was given what the claim behind `question` names.

    Parameters
    ----------
    question : Question
        What a test holds as its claim. A plain question (a notebook's, or the same one at another level) has no
        `claim` and names nothing, so that nothing can be compared.
    statistic : str
        Public name of the statistic that was called.
    runs : sequence of Run
        What it was given, in order; their conditions must be those that the claim's statistic takes, in that order.
        Empty for a statistic that is given measurements, which do not say where they are from.
    outcome, feature, scale : str, optional
        What it was given; None where it takes none. An outcome or feature that is a function must be the one that the
        suite registered under the name that the claim has, because the claim's digest covers that one.
    adjust : sequence of str, optional
        Features that it was told to adjust for; None where it takes none.

    Raises
    ------
    ClaimError
        Naming the claim, what it names, and what was given: certificates and controls are those of the conditions
        that a claim names, so a verdict from others would rest on nothing.
    """
    claim: Requested | None = getattr(question, "claim", None)
    if claim is None:
        return
    if statistic not in claim.statistics:
        use = f"use {' or '.join(claim.statistics)}" if claim.statistics else "no statistic of ctlab answers that kind"
        raise ClaimError(
            f"Claim {claim.id!r} is of the kind {str(claim.kind)!r}, and was given to the statistic {statistic}; "
            f"{use}, or register the claim as what is tested."
        )
    _check_same(claim, "outcome", claim.outcome, None if outcome is None else named_outcome(outcome))
    _check_same(claim, "feature", claim.feature, None if feature is None else named_feature(feature))
    _check_registered(claim, outcome, feature, runs)
    _check_same(claim, "scale", claim.scale, scale)
    if adjust is not None and tuple(adjust) != claim.adjust:
        raise ClaimError(
            f"Claim {claim.id!r} adjusts for {', '.join(claim.adjust) or 'nothing'}, and the statistic was told to "
            f"adjust for {', '.join(adjust) or 'nothing'}; leave it to the claim, or register a claim that adjusts so."
        )
    given = tuple(run.condition.name for run in runs)
    if runs and given != claim.taken:
        cancels = "" if claim.taken == claim.conditions else " (its reference cancels)"
        raise ClaimError(
            f"Claim {claim.id!r} compares {_listed(claim.taken)}{cancels}, and the statistic was given "
            f"{_listed(given)}; give it the runs of the claim's conditions in that order, "
            "or register a claim about the others."
        )


def _check_same(claim: Requested, what: str, named: str, given: Any) -> None:
    """Raise unless what a statistic was given is what its claim names; None was not given at all."""
    if given is None or str(named) == str(given):
        return
    step = f"give it the claim's {what}"
    if EVERY_OUTCOME in (named, given):
        step = "use every_outcome_equivalent for all outcomes and rate_equivalence for one"
    raise ClaimError(
        f"Claim {claim.id!r} names the {what} {str(named)!r}, and the statistic was given {str(given)!r}; "
        f"{step}, or register a claim about the other one."
    )


def _check_registered(claim: Requested, outcome: Any, feature: Any, runs: Sequence[AnsweredRun]) -> None:
    """Raise where a function was given that is not the one that the suite registered under its name."""
    own = own_of(runs[0]) if runs else NOTHING_OWN
    for what, given, known, read in (
        ("outcome", outcome, own.outcomes, own_outcome),
        ("feature", feature, own.features, own_feature),
    ):
        if given is None or isinstance(given, str):
            continue
        registered = known.get(getattr(claim, what))
        if registered is None or registered.function != read(given).function:
            raise ClaimError(
                f"Claim {claim.id!r} was given a function as its {what}, which is not the one that is known as "
                f"{getattr(claim, what)!r}; make it known, so that the claim's digest covers it (the hook "
                f"pytest_ctlab_{what}s, Lab({what}s=…)), and hand over its name."
            )


def _listed(names: Sequence[str]) -> str:
    """Return names in order, or that there are none."""
    return ", ".join(names) or "no conditions"
